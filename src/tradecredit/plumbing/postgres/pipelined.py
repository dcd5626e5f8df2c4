"""One asynchronous connection for work that counts its round trips, as the application role; it comes back by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import psycopg
from django.db import connections
from psycopg.conninfo import make_conninfo

if TYPE_CHECKING:
    from collections.abc import Sequence

# The functions called here always look rows up one by one, however small a table was when its plan was made.
_SETTINGS: Final = (
    "SET plan_cache_mode = force_generic_plan",
    "SET enable_seqscan = off",
    "SET enable_hashjoin = off",
    "SET enable_mergejoin = off",
)
_PREPARED_AT_ONCE: Final = 1
# What is meant for Django's own connection, not for the server.
_OF_DJANGO: Final = frozenset({"context", "cursor_factory", "prepare_threshold", "server_side_binding"})


class Line:
    """A connection that is opened when it is first needed, and again after it was lost."""

    def __init__(self) -> None:
        self._connection: psycopg.AsyncConnection[Any] | None = None

    async def opened(self) -> psycopg.AsyncConnection[Any]:
        """Return the connection, in no transaction."""
        if self._connection is None or self._connection.broken or self._connection.closed:
            self._connection = await _connect()
        return self._connection

    async def close(self) -> None:
        """Give the connection back."""
        found, self._connection = self._connection, None
        if found is not None:
            await found.close()

    async def undo(self) -> None:
        """Undo the transaction; a connection that cannot do even that is thrown away."""
        found = self._connection
        if found is None:
            return
        try:
            await found.rollback()
        except psycopg.Error:
            await self.close()


def array(values: Sequence[object]) -> str:
    """Return an array's text of values that need no quotes: numbers, identifiers, days, moments; None is NULL."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def texts(values: Sequence[str | None]) -> str:
    """Return an array's text of any texts; None is NULL."""
    return "{" + ",".join("NULL" if value is None else _quoted(value) for value in values) + "}"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


async def _connect() -> psycopg.AsyncConnection[Any]:
    django = connections["default"]
    role = django.settings_dict["OPTIONS"].get("assume_role")
    known: dict[str, Any] = {
        key: value
        for key, value in django.get_connection_params().items()
        if isinstance(value, str | int) and key not in _OF_DJANGO
    }
    found = await psycopg.AsyncConnection.connect(
        make_conninfo(**{**known, "application_name": "tradecredit checks"}), autocommit=True
    )
    found.prepare_threshold = _PREPARED_AT_ONCE
    for setting in _SETTINGS:
        await found.execute(setting)
    if role:
        await found.execute(psycopg.sql.SQL("SET ROLE {}").format(psycopg.sql.Identifier(role)))
    return found
