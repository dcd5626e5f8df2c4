"""Let Django speak to one of the suite's databases."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def point_django_at(server: Any, name: str) -> None:
    """Close what is open and let the default connection go to the database."""
    from django.db import connections

    from tradecredit.config.settings import base

    connection = connections["default"]
    connection.close()
    settings = base._database(server.address_of(name))
    connection.settings_dict.update(settings)
    connections.databases["default"].update(settings)


@contextmanager
def pointed_at(server: Any, name: str) -> Iterator[None]:
    """Point Django at the database inside the block, and back to where it was after it."""
    from django.db import connections

    before = dict(connections["default"].settings_dict)
    point_django_at(server, name)
    try:
        yield
    finally:
        connections.close_all()
        connections["default"].settings_dict.update(before)
        connections.databases["default"].update(before)


class Worlds:
    """Databases with a world that is costly to build, built once a worker; a test reads it, what it writes is undone."""

    def __init__(self, server: Any, blocker: Any) -> None:
        self._server, self._blocker = server, blocker
        self._built: dict[str, tuple[str, Any]] = {}

    @contextmanager
    def entered(self, key: str, build: Callable[[], Any]) -> Iterator[Any]:
        """Enter the world of that name and yield a copy of what its builder returned."""
        from django.db import connection, transaction

        with self._blocker.unblock():
            if key not in self._built:
                self._built[key] = self._new(build)
            name, made = self._built[key]
            with self._spoken_to(name), transaction.atomic():
                yield copy.deepcopy(made)
                connection.check_constraints()
                transaction.set_rollback(True)

    def drop(self) -> None:
        """Drop the databases."""
        for name, _ in self._built.values():
            self._server.drop(name)

    def _new(self, build: Callable[[], Any]) -> tuple[str, Any]:
        name = self._server.clone()
        with self._spoken_to(name):
            return name, build()

    @contextmanager
    def _spoken_to(self, name: str) -> Iterator[None]:
        """Let this thread speak to the database by a connection of its own; the one it had stays as it is."""
        from django.db import connections

        from tradecredit.config.settings import base

        outer = connections["default"]
        inner = outer.copy()
        inner.settings_dict.update(base._database(self._server.address_of(name)))
        connections["default"] = inner
        try:
            yield
        finally:
            inner.close()
            connections["default"] = outer
