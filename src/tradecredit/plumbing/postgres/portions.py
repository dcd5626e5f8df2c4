"""Many rows of a table with one statement: columns travel as arrays and are taken apart by the database.

Row security holds (it is an INSERT of the application's own role), and neither side reads or builds a row twice.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import connection

from tradecredit.plumbing import db, ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import Field

    from tradecredit.plumbing.rows import Row

# Technical: rows a statement, so that neither side holds a very long text.
_ROWS_A_STATEMENT: Final = 5_000
_LENGTH: Final = re.compile(r"\(.*\)")
# A text cast to a length would be cut without a word; as plain text the column itself refuses what is too long.
_QUOTED: Final = frozenset({"text", "jsonb", "timestamp with time zone"})


def insert(
    model: type[Row],
    columns: Mapping[str, Sequence[Any]],
    *,
    same: Mapping[str, Any] | None = None,
    is_passing_known: bool = False,
) -> list[UUID]:
    """Write a row for each place of the columns, in their order; return the new identifiers.

    ``columns`` are named as fields of the model (``customer_id``), all of one length; ``same`` holds what all rows have
    in common; whatever is not named has the model's default.
    """
    db.transaction_required()
    count = len(next(iter(columns.values())))
    if any(len(values) != count for values in columns.values()):
        raise ValueError("the columns of a portion are of one length")
    fields = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001 - Django's documented Meta API
    unknown = (set(columns) | set(same or {})) - set(fields)
    if unknown:
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    # In the order of the rows, so that rows of one moment keep their order wherever it is asked for.
    new = sorted(ids.new_texts(count))
    rest = {**_defaults(fields, named=set(columns) | {"id"}), **(same or {})}
    end_of_statement = " ON CONFLICT DO NOTHING" if is_passing_known else ""
    for start in range(0, count, _ROWS_A_STATEMENT):
        end = start + _ROWS_A_STATEMENT
        part = {"id": new[start:end], **{name: values[start:end] for name, values in columns.items()}}
        _insert(model, fields, part, rest, end_of_statement)
    return [UUID(one) for one in new]


def array(values: Iterable[Any], *, quoted: bool) -> str:
    """Return an array as the database reads it in text; ``quoted`` for texts, whose marks would be misread.

    None is NULL. Numbers, days, identifiers and truths need no marks.
    """
    if not quoted:
        return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"
    return "{" + ",".join([_mark(value) for value in values]) + "}"


def kind_of(field: Field[Any, Any]) -> str:
    """Return the type of a column as an array's element: texts without their length."""
    kind = _LENGTH.sub("", str(field.db_type(connection))).strip()
    return "text" if kind == "varchar" else kind


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
    constants = list(_texts(same.values(), ""))
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(fields[name].column)) for name in (*same, *columns))
    given = "".join(f"%s::{kinds[name]}, " for name in same)
    taken = ", ".join(f"%s::{kinds[name]}[]" for name in columns)
    table = quote(model._meta.db_table)  # noqa: SLF001 - Django's documented Meta API
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {given}portion.* FROM unnest({taken}) AS portion"
            f"{end_of_statement}",
            [*constants, *arrays],
        )


def _texts(values: Iterable[Any], kind: str) -> Iterable[Any]:
    """Write documents as JSON; everything else is understood as it is."""
    if kind == "jsonb":
        return [None if value is None else json.dumps(value, ensure_ascii=False) for value in values]
    return [
        json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value for value in values
    ]
