"""The scope in force: set for each request, job and flow; the database's row security follows it."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradecredit.plumbing.access.actor import Actor

_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


class UnscopedQueryError(RuntimeError):
    """Rows were asked for outside anybody's scope."""

    def __init__(self) -> None:
        super().__init__("no scope is in force: enter one with scope.entered(actor) before asking for rows")


def current() -> Actor:
    """Return the actor in whose scope this runs; raises UnscopedQueryError."""
    actor = _actor.get()
    if actor is None:
        raise UnscopedQueryError
    return actor


def current_or_none() -> Actor | None:
    """Return the actor in scope, if any."""
    return _actor.get()


def setting_of(actor: Actor) -> str:
    """Return the value of ``tradecredit.companies`` for the actor: ``*`` or a comma-separated list."""
    return "*" if actor.is_system else ",".join(sorted(str(company) for company in actor.companies))


@contextmanager
def entered(actor: Actor) -> Iterator[None]:
    """Run the block in the actor's scope, in Python and in the database; restores the scope before it."""
    previous = _actor.get()
    if previous == actor:
        yield
        return
    token = _actor.set(actor)
    _tell_database(setting_of(actor))
    try:
        yield
    finally:
        _actor.reset(token)
        if not connection.needs_rollback and connection.connection is not None:
            _tell_database(setting_of(previous) if previous else "")


def tell_connection() -> None:
    """Tell the database of the scope in force once more: on a connection opened since, as by a thread of its own."""
    actor = _actor.get()
    _tell_database(setting_of(actor) if actor else "")


def _tell_database(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tradecredit.companies', %s, false)", [value])
