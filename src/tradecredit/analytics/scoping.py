"""Whose rows a report may count: the actor's scope as a condition for SQL written by hand.

Row security keeps foreign companies out in any case; this adds how far a person sees within each company.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradecredit.plumbing.access import scope
from tradecredit.plumbing.access.actor import RowKind

if TYPE_CHECKING:
    from collections.abc import Mapping

_COLUMNS = {RowKind.REGION: "region", RowKind.TEAM: "team", RowKind.OWN: "salesperson"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition on rows and the values that it binds by name."""

    sql: str
    values: Mapping[str, Any] = field(default_factory=dict)


def rows(*, company: str, customer: str) -> Condition:
    """Return the scope in force for rows with a company column and a joined customer.

    ``rows(company="v.company_id", customer="c")``; raises UnscopedQueryError outside any scope.
    """
    actor = scope.current()
    if actor.is_system:
        return Condition(sql="TRUE")
    parts: list[str] = []
    values: dict[str, Any] = {}
    for index, company_id in enumerate(sorted(actor.companies, key=str)):
        values[f"scope_company_{index}"] = company_id
        part = f"{company} = %(scope_company_{index})s"
        row_scope = actor.row_scope_in(company_id)
        if row_scope.kind is not RowKind.ALL:
            values[f"scope_value_{index}"] = row_scope.value
            part = f"({part} AND {customer}.{_COLUMNS[row_scope.kind]} = %(scope_value_{index})s)"
        parts.append(part)
    return Condition(sql=f"({' OR '.join(parts)})" if parts else "FALSE", values=values)
