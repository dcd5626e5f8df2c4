"""What the rows of a job cost the database at the very least: COPY of the same rows, checked as ours are."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg

    from tradecredit.doors.cli.proving.ground import Ground

_REFERENCES: Final = (
    "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'"
)


def seconds(place: Ground, *, tables: Iterable[str]) -> float:
    """Return the seconds that COPY takes for all rows of the tables, into tables with the same indexes and checks.

    What a row refers to is looked up as well (foreign keys); triggers and row security do not run.
    """
    import psycopg

    with psycopg.connect(place.server.url) as own:
        return sum(_seconds_of(own, name) for name in tables)


def _seconds_of(own: psycopg.Connection, name: str) -> float:
    copy = f"copy_of_{name}"
    own.execute(f"CREATE TABLE {copy} (LIKE {name} INCLUDING ALL)")
    for (reference,) in own.execute(_REFERENCES, [name]).fetchall():
        own.execute(f"ALTER TABLE {copy} ADD {reference}")
    own.commit()
    rows = io.BytesIO()
    with own.cursor().copy(f"COPY {name} TO STDOUT (FORMAT BINARY)") as source:
        for part in source:
            rows.write(part)
    began = time.perf_counter()
    with own.cursor().copy(f"COPY {copy} FROM STDIN (FORMAT BINARY)") as target:
        target.write(rows.getvalue())
    own.commit()
    taken = time.perf_counter() - began
    own.execute(f"DROP TABLE {copy}")
    own.commit()
    return taken
