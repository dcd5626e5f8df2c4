"""Master data in SQL as it was known at a moment: what it said until it was replaced, where it was replaced later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# A common table expression: for each customer whose master data was replaced after the moment, what it said then.
WAS: Final = """was AS (
    SELECT DISTINCT ON (customer_id) customer_id, before FROM dossier_customerbefore
    WHERE replaced_at > %(known_at)s::timestamptz ORDER BY customer_id, replaced_at, id
)"""
JOIN: Final = "LEFT JOIN was ON was.customer_id = c.id"


def column(name: str) -> str:
    """Return a text column of the customer ``c`` as it was known; needs the expression and the join of this module."""
    return f"coalesce(was.before->>'{name}', c.{name})"


def dimensions(columns: Sequence[str], *, expressions: Mapping[str, str], is_known: bool) -> tuple[str, str]:
    """Return the columns that a report is grouped by: for its select list, each with a name, and for its grouping.

    ``expressions`` are those that are not plain columns of the customer ``c``.
    """
    found = {name: expressions.get(name) or (column(name) if is_known else f"c.{name}") for name in columns}
    named = "".join(f"{expression} AS by_{name}, " for name, expression in found.items())
    return named, "".join(f"{expression}, " for expression in found.values())


def parts(*, is_known: bool) -> dict[str, str]:
    """Return what stands before the query and after the join of the customer, by the names of their places."""
    return {"was": f"WITH {WAS} " if is_known else "", "was_join": JOIN if is_known else ""}
