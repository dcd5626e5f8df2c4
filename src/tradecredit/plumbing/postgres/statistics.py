"""Tell the planner about many new rows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence


def refresh(*, tables: Sequence[str]) -> None:
    """Refresh what the planner knows about the tables; call it after the rows are committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT refresh_statistics(%s)", [list(tables)])
