"""Transactions that say what they mean.

Note [Held back until the end]
The log locks the streams it appends to. Were they locked as flows go along, two flows that speak of two customers in
different orders would wait for each other in a ring. So what goes into the log is held back and written as the last
thing before the commit, all streams locked in sorted order.

Note [Acts at the end]
Some things follow from a flow as a whole and belong to its transaction: what was cured by cash is looked at once, when
everything of the flow is in the books. They act at the end, before the log is written, and may log themselves.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tradecredit.plumbing.access.actor import Actor

    Sink = Callable[[Sequence[Any]], None]

_LOCK_TIMEOUT = "3s"
_held_back: ContextVar[list[tuple[bool, Sink, Any]] | None] = ContextVar("held_back", default=None)


class NoTransactionError(RuntimeError):
    """An operation that writes was called outside the flow's transaction."""


@contextmanager
def unit_of_work(actor: Actor) -> Iterator[None]:
    """Open the one transaction of a flow in the actor's scope; joins the flow around it, if there is one.

    A part that joins and fails is undone alone, if the flow around it catches the failure.
    """
    with scope.entered(actor):
        if _held_back.get() is not None:
            with savepoint():
                yield
            return
        with transaction.atomic(), _holding_back() as held:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('lock_timeout', %s, true), set_config('tradecredit.actor', %s, true)",
                    [_LOCK_TIMEOUT, actor.name],
                )
            yield
            _act(held)
            _hand_over(held)


@contextmanager
def savepoint() -> Iterator[None]:
    """Undo the block alone when it fails, with what it had held back."""
    held = _held_back.get()
    mark = len(held) if held is not None else 0
    try:
        with transaction.atomic():
            yield
    except BaseException:
        if held is not None:
            del held[mark:]
        raise


def hold_back(*, sink: Sink, items: Sequence[Any]) -> None:
    """Hand the items to the sink at the end of the flow's transaction; see Note [Held back until the end]."""
    transaction_required()
    held = _held_back.get()
    if held is None:
        sink(items)
    else:
        held.extend((False, sink, item) for item in items)


def act_at_end(*, sink: Sink, items: Sequence[Any]) -> None:
    """Hand the items to the sink when the flow has recorded everything; see Note [Acts at the end]."""
    transaction_required()
    held = _held_back.get()
    if held is None:
        sink(items)
    else:
        held.extend((True, sink, item) for item in items)


def transaction_required() -> None:
    """Assert that a flow's transaction is open; called first by every operation that writes."""
    if not connection.in_atomic_block:
        raise NoTransactionError("this operation writes: call it inside a flow's unit of work")


@contextmanager
def _holding_back() -> Iterator[list[tuple[bool, Sink, Any]]]:
    held: list[tuple[bool, Sink, Any]] = []
    token = _held_back.set(held)
    try:
        yield held
    finally:
        _held_back.reset(token)


def _act(held: list[tuple[bool, Sink, Any]]) -> None:
    """Let everything act that is to act at the end, and what that brings with it."""
    while acting := [one for one in held if one[0]]:
        held[:] = [one for one in held if not one[0]]
        _hand_over(acting)


def _hand_over(held: Sequence[tuple[bool, Sink, Any]]) -> None:
    by_sink: dict[Sink, list[Any]] = {}
    for _, sink, item in held:
        by_sink.setdefault(sink, []).append(item)
    for sink, items in by_sink.items():
        sink(items)
