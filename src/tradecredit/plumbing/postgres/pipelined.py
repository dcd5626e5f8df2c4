"""One asynchronous connection for work that counts its round trips, as the application role; it comes back by itself.

Note [libpq by hand]
psycopg opens the connection, reads rows and names errors; in between its pipelines register with the event loop and
leave it again for every wait, and prepare their bookkeeping for every statement: about two milliseconds a batch. Here
the socket stays registered, and all statements of a round trip leave together.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import psycopg
from django.db import connections
from psycopg.adapt import Transformer
from psycopg.conninfo import make_conninfo
from psycopg.pq import ConnStatus, ExecStatus, Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg.pq.abc import PGconn, PGresult

    from tradecredit.plumbing.postgres.binary import Parameter

# The functions called here always look rows up one by one, however small a table was when its plan was made.
SETTINGS: Final = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
# What is meant for Django's own connection, not for the server.
_OF_DJANGO: Final = frozenset({"context", "cursor_factory", "prepare_threshold", "server_side_binding"})
_ENDED: Final = (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED)

Statement = tuple[bytes, "Sequence[Parameter]"]
Rows = list[tuple[Any, ...]]


class Line:
    """A connection that is opened when it is first needed, and again after it was lost; one round trip at a time."""

    def __init__(self) -> None:
        self._open: _Open | None = None

    async def run(self, *statements: Statement) -> list[Rows]:
        """Send statements in one round trip and return the rows of each.

        Raises psycopg.Error with the first that failed, the rest of them undone by the server; a connection that was
        left in the middle is thrown away, with its transaction.
        """
        if self._open is not None and self._open.is_lost:
            await self.close()
        if self._open is None:
            self._open = _Open(await _connect())
        try:
            return await self._open.run(statements)
        except psycopg.OperationalError:
            await self.close()
            raise
        except psycopg.Error:
            raise
        except BaseException:
            await self.close()
            raise

    async def undo(self) -> None:
        """Undo the transaction; a connection that cannot do even that is thrown away."""
        if self._open is not None:
            try:
                await self.run((b"ROLLBACK", ()))
            except psycopg.Error:
                await self.close()

    async def close(self) -> None:
        """Give the connection back."""
        found, self._open = self._open, None
        if found is not None:
            await found.close()


class _Open:
    """One connection in the mode in which statements follow each other without waiting."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection
        self._pg: PGconn = connection.pgconn
        self._loop = asyncio.get_running_loop()
        self._socket = self._pg.socket
        self._reader = Transformer(connection)
        self._prepared: dict[bytes, bytes] = {}
        self._new: list[bytes] = []
        self._named = 0
        self._results: list[PGresult] = []
        self._waiting: asyncio.Future[None] | None = None
        self._is_writing = False
        self._pg.nonblocking = 1
        self._pg.enter_pipeline_mode()
        self._loop.add_reader(self._socket, self._read)

    @property
    def is_lost(self) -> bool:
        return self._pg.status == ConnStatus.BAD

    async def run(self, statements: Sequence[Statement]) -> list[Rows]:
        self._results = []
        self._waiting = self._loop.create_future()
        self._new = []
        is_answer = [one for sql, parameters in statements for one in self._send(sql, parameters)]
        self._pg.pipeline_sync()
        self._write()
        await self._waiting
        for found in self._results:
            if found.status in _ENDED:
                # Whether they were prepared before the failure is not known; a name is never used again.
                for sql in self._new:
                    del self._prepared[sql]
                raise psycopg.errors.error_from_result(found)
        return [self._rows(found) for found, wanted in zip(self._results, is_answer, strict=True) if wanted]

    async def close(self) -> None:
        self._loop.remove_reader(self._socket)
        if self._is_writing:
            self._loop.remove_writer(self._socket)
        await self._connection.close()

    def _send(self, sql: bytes, parameters: Sequence[Parameter]) -> list[bool]:
        """Send one statement, prepared when it is met first; tell of each result to come whether it is an answer."""
        name, said = self._prepared.get(sql), [True]
        if name is None:
            self._named += 1
            name = self._prepared[sql] = b"s%d" % self._named
            self._new.append(sql)
            self._pg.send_prepare(name, sql, [one.type for one in parameters])
            said = [False, True]
        self._pg.send_query_prepared(
            name, [one.value for one in parameters], [Format.BINARY] * len(parameters), Format.BINARY
        )
        return said

    def _write(self) -> None:
        is_left = bool(self._pg.flush())
        if is_left and not self._is_writing:
            self._loop.add_writer(self._socket, self._write)
        elif self._is_writing and not is_left:
            self._loop.remove_writer(self._socket)
        self._is_writing = is_left

    def _read(self) -> None:
        waiting = self._waiting
        try:
            self._pg.consume_input()
            while waiting is not None and not waiting.done() and not self._pg.is_busy():
                found = self._pg.get_result()
                if found is None:
                    continue
                if found.status == ExecStatus.PIPELINE_SYNC:
                    waiting.set_result(None)
                else:
                    self._results.append(found)
        except psycopg.Error as error:
            self._loop.remove_reader(self._socket)
            if waiting is not None and not waiting.done():
                waiting.set_exception(error)

    def _rows(self, found: PGresult) -> Rows:
        if found.status != ExecStatus.TUPLES_OK:
            return []
        self._reader.set_pgresult(found)
        return self._reader.load_rows(0, found.ntuples, tuple)


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
    for name, value in SETTINGS.items():
        await found.execute(f"SET {name} = {value}")
    if role:
        await found.execute(psycopg.sql.SQL("SET ROLE {}").format(psycopg.sql.Identifier(role)))
    return found
