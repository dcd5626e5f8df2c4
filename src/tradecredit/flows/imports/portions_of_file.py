"""A file's rows in portions: which rows share a transaction, and which portions are recorded side by side.

Note [Two desks]
Recording a portion is half our work and half the database's. So of a large file of invoices two portions are recorded at a
time, each in a transaction of its own on a connection of its own, as two people would who import at the same moment: what
guards them against each other guards the portions. Invoices do not build on each other. A number that stands in the file
twice would meet itself, so such a file goes row after row, and says on which row the number stood before.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Event
from typing import TYPE_CHECKING, Final

from django.db import connection

from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tradecredit.flows.imports.import_batch import Outcome
    from tradecredit.flows.imports.incoming import IncomingRow

# Technical: how many rows share one transaction, so that a large file holds no lock for long.
_ROWS_A_TRANSACTION: Final = 2_000
# Technical: from so many portions on it pays to open a second connection.
_WORTH_TWO_DESKS: Final = 4
_DESKS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows that share one transaction; ``is_alone`` when nothing may be recorded beside them."""

    rows: Sequence[IncomingRow]
    is_alone: bool = True


def parts(kind: str, rows: Sequence[IncomingRow]) -> list[Part]:
    """Cut the rows into portions.

    A customer's invoices stand together: a portion then holds few accounts, and each is told of it once. A parent may stand
    anywhere in a file of customers: those are one portion.
    """
    is_alone = kind != "invoices"
    if not is_alone:
        rows = sorted(rows, key=lambda row: row.text("customer_code"))
        is_alone = len({row.text("invoice_number") for row in rows}) < len(rows)
    size = len(rows) if kind == "customers" else _ROWS_A_TRANSACTION
    return [
        Part(rows=rows[start : start + size], is_alone=is_alone) for start in range(0, len(rows), size or 1)
    ]


def recorded(parts: Sequence[Part], *, record: Callable[[Part], Outcome]) -> Iterator[tuple[Part, Outcome]]:
    """Record the portions, two at a time where they allow it; give each with its outcome when it is committed.

    The first failure ends it: what runs is finished, the rest is left out, and the failure is raised.
    """
    # Inside a transaction (a dry run) other connections would not see what came before.
    if len(parts) < _WORTH_TWO_DESKS or any(part.is_alone for part in parts) or connection.in_atomic_block:
        for part in parts:
            yield part, record(part)
        return
    yield from _at_two_desks(parts, record)


def _at_two_desks(parts: Sequence[Part], record: Callable[[Part], Outcome]) -> Iterator[tuple[Part, Outcome]]:
    done: SimpleQueue[tuple[Part, Outcome] | None] = SimpleQueue()
    is_over = Event()

    def work(mine: Sequence[Part]) -> None:
        try:
            # The context knows whose scope this is; the new connection does not yet.
            scope.tell_connection()
            for part in mine:
                if is_over.is_set():
                    return
                done.put((part, record(part)))
        except BaseException:
            is_over.set()
            raise
        finally:
            connection.close()
            done.put(None)

    with ThreadPoolExecutor(_DESKS) as pool:
        # The clock, the language and who acts belong to the thread that asks.
        desks = [pool.submit(copy_context().run, work, parts[desk::_DESKS]) for desk in range(_DESKS)]
        try:
            yield from _until_all_are_done(done)
        finally:
            is_over.set()
        for desk in desks:
            desk.result()


def _until_all_are_done(done: SimpleQueue[tuple[Part, Outcome] | None]) -> Iterator[tuple[Part, Outcome]]:
    working = _DESKS
    while working:
        if (one := done.get()) is None:
            working -= 1
        else:
            yield one
