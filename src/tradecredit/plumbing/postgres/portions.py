"""Many rows of a table with one statement: columns travel as arrays and are taken apart by the database.

Row security holds (it is an INSERT of the application's own role), and neither side reads or builds a row twice.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from selectors import EVENT_WRITE, DefaultSelector
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import psycopg
from django.db import connection

from tradecredit.plumbing import db, ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.db.models import Field
    from psycopg.pq.abc import PGconn

    from tradecredit.plumbing.rows import Row

# Technical: rows a statement, so that neither side holds a very long text.
_ROWS_A_STATEMENT: Final = 5_000
_LENGTH: Final = re.compile(r"\(.*\)")
# A text cast to a length would be cut without a word; as plain text the column itself refuses what is too long.
_QUOTED: Final = frozenset({"text", "jsonb", "timestamp with time zone"})
_JSON: Final = json.JSONEncoder(ensure_ascii=False)


def insert(
    model: type[Row],
    columns: Mapping[str, Sequence[Any]],
    *,
    same: Mapping[str, Any] | None = None,
    is_passing_known: bool = False,
) -> None:
    """Write a row for each place of the columns, in their order.

    ``columns`` are named as fields of the model (``customer_id``), all of one length; ``same`` holds what all rows have
    in common; whatever is not named has the model's default.
    """
    _write(model, columns, same or {}, " ON CONFLICT DO NOTHING" if is_passing_known else "")


def insert_returning(
    model: type[Row], columns: Mapping[str, Sequence[Any]], *, same: Mapping[str, Any] | None = None
) -> list[UUID]:
    """Write rows as ``insert`` does, and return their new identifiers in the order of the places."""
    return [UUID(one) for one in _write(model, columns, same or {}, "")]


def _write(
    model: type[Row], columns: Mapping[str, Sequence[Any]], same: Mapping[str, Any], end_of_statement: str
) -> list[str]:
    db.transaction_required()
    count = len(next(iter(columns.values())))
    if any(len(values) != count for values in columns.values()):
        raise ValueError("the columns of a portion are of one length")
    fields = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001 - Django's documented Meta API
    unknown = (set(columns) | set(same)) - set(fields)
    if unknown:
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    # In the order of the rows, so that rows of one moment keep their order wherever it is asked for.
    new = sorted(ids.new_texts(count))
    rest = {**_defaults(fields, named=set(columns) | {"id"}), **same}
    for start in range(0, count, _ROWS_A_STATEMENT):
        end = start + _ROWS_A_STATEMENT
        part = {"id": new[start:end], **{name: values[start:end] for name, values in columns.items()}}
        _insert(model, fields, part, rest, end_of_statement)
    return new


@contextmanager
def sent_ahead() -> Iterator[None]:
    """Send what is written inside without waiting for it: the server writes while we make the next portion.

    A statement that reads waits for all that was sent before it. The first failure is raised there or at the end of the block.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        # What is checked only at the end would have to be waited for there.
        _send("SET CONSTRAINTS ALL IMMEDIATE", ())
        yield
        _send("SET CONSTRAINTS ALL DEFERRED", ())


def array(values: Iterable[Any], *, quoted: bool) -> str:
    """Return an array as the database reads it in text; ``quoted`` for texts, whose marks would be misread.

    None is NULL. Numbers, days, identifiers and truths need no marks.
    """
    if not quoted:
        joined = ",".join(map(str, values))
        return "{" + (joined.replace("None", "NULL") if "None" in joined else joined) + "}"
    given = values if isinstance(values, list) else list(values)
    return _of_plain_texts(given) or "{" + ",".join([_mark(value) for value in given]) + "}"


def kind_of(field: Field[Any, Any]) -> str:
    """Return the type of a column as an array's element: texts without their length."""
    kind = _LENGTH.sub("", str(field.db_type(connection))).strip()
    return "text" if kind == "varchar" else kind


def _of_plain_texts(values: list[Any]) -> str | None:
    """Return the array of texts that need no mark inside, which most are; None where one of them does, or is no text."""
    try:
        joined = '","'.join(values)
    except TypeError:
        return None
    is_plain = bool(values) and "\\" not in joined and joined.count('"') == 2 * (len(values) - 1)
    return '{"' + joined + '"}' if is_plain else None


def _mark(value: Any) -> str:
    if value is None:
        return "NULL"
    text = str(value)
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _defaults(fields: Mapping[str, Field[Any, Any]], *, named: set[str]) -> dict[str, Any]:
    """Return what the model gives to the columns that are not named; what the database gives by itself is left to it."""
    return {
        name: field.get_default()
        for name, field in fields.items()
        if name not in named and not field.has_db_default()
    }


def _insert(
    model: type[Row],
    fields: Mapping[str, Field[Any, Any]],
    columns: Mapping[str, Sequence[Any]],
    same: Mapping[str, Any],
    end_of_statement: str,
) -> None:
    kinds = {name: kind_of(fields[name]) for name in (*columns, *same)}
    arrays = [
        array(_texts(values, kinds[name]), quoted=kinds[name] in _QUOTED) for name, values in columns.items()
    ]
    constants = [_JSON.encode(value) if isinstance(value, dict | list) else value for value in same.values()]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(fields[name].column)) for name in (*same, *columns))
    given = "".join(f"%s::{kinds[name]}, " for name in same)
    taken = ", ".join(f"%s::{kinds[name]}[]" for name in columns)
    table = quote(model._meta.db_table)  # noqa: SLF001 - Django's documented Meta API
    statement = f"INSERT INTO {table} ({names}) SELECT {given}portion.* FROM unnest({taken}) AS portion{end_of_statement}"
    _send(statement, [*constants, *arrays])


def _send(statement: str, parameters: Sequence[Any]) -> None:
    """Send the parameters beside the statement, not within it: neither side then reads megabytes as SQL."""
    connection.ensure_connection()
    line = connection.connection
    with connection.wrap_database_errors, psycopg.Cursor(line) as cursor:
        cursor.execute(statement, parameters)
        _push_out(line.pgconn)


def _push_out(line: PGconn) -> None:
    """Wait until the whole statement is with the server: sent ahead, half of a long one would stay in our own buffer."""
    if not line.flush():
        return
    with DefaultSelector() as selector:
        selector.register(line.socket, EVENT_WRITE)
        while line.flush():
            selector.select()


def _texts(values: Sequence[Any], kind: str) -> Sequence[Any]:
    """Write documents as JSON; everything else is understood as it is."""
    if kind != "jsonb":
        return values
    return [None if value is None else _JSON.encode(value) for value in values]
