"""Run a report's statement and return its rows by column name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Mapping


def fetch(sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return every row of the statement as a mapping."""
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(values))
        columns = [column.name for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def fetch_rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return every row of the statement as it comes, its columns in their order."""
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(values))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
