"""Conditions as clients write them, decided on the fake's records: Tryton, Odoo and ERPNext lists, SQL-like texts, OData."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT_CONDITION: Final = re.compile(
    r"\s*([\w.]+)\s+(>=|<=|=|>|<|ge|gt|lt|le|eq)\s+(?:datetime)?('?)([^']*)\3\s*"
)
_OPERATORS: Final = {"ge": ">=", "gt": ">", "lt": "<", "le": "<=", "eq": "="}
# What the fake's documents are by construction: released, of customers, on the receivable side.
_TRUE_BY_NATURE: Final = frozenset(
    {
        *(
            "state",
            "type",
            "move_type",
            "docstatus",
            "is_return",
            "payment_type",
            "party_type",
            "partner_type",
        ),
        *(
            "customer_rank",
            "parent_id",
            "FDocumentStatus",
            "FDOCUMENTSTATUS",
            "FCONTACTUNITTYPE",
            "create_date",
        ),
        *(
            "account.type.receivable",
            "move_state",
            "move.journal.type",
            "code",
            "total_amount",
            "credit",
            "FALLAMOUNTFOR",
        ),
    }
)


def holds(record: Mapping[str, Any], domain: list[Any]) -> bool:
    """Tell whether a list of clauses holds; a list that begins with OR needs one of them."""
    if domain and domain[0] == "OR":
        return any(_clause(record, one) for one in domain[1:])
    return all(_clause(record, one) for one in domain)


def holds_text(record: Mapping[str, Any], text: str, *, joint: str) -> bool:
    """Tell whether every condition of ``A >= 'x' AND B > 5`` (or OData's ``A ge x and B gt 5``) holds."""
    for part in text.split(joint):
        found = _TEXT_CONDITION.fullmatch(part)
        if found is None:
            raise ValueError(part)
        name, operator, _, value = found.groups()
        if name not in _TRUE_BY_NATURE and not _compared(
            record.get(name), _OPERATORS.get(operator, operator), value.replace("T", " ")
        ):
            return False
    return True


def _clause(record: Mapping[str, Any], clause: list[Any]) -> bool:
    if clause and (clause[0] == "OR" or isinstance(clause[0], list)):
        return holds(record, clause)
    name, operator, value = clause
    if name in _TRUE_BY_NATURE:
        return bool(name != "create_date")
    if value is None:
        return bool((record.get(name) is None) == (operator == "="))
    return _compared(record.get(name), operator, value)


def _compared(found: Any, operator: str, value: Any) -> bool:
    left, right = _comparable(found), _comparable(value)
    if isinstance(left, datetime) and isinstance(right, str):
        right = datetime.fromisoformat(right).replace(tzinfo=UTC)
    if isinstance(left, int | Decimal) and isinstance(right, str):
        right = Decimal(right)
    if isinstance(left, str) and len(left) > len(str(right)) and str(right)[4:5] == "-":
        left = left[: len(str(right))]
    decided: dict[str, bool] = {
        "=": left == right,
        ">": left > right,
        ">=": left >= right,
        "<": left < right,
        "<=": left <= right,
    }
    return decided[operator]


def _comparable(value: Any) -> Any:
    match value:
        case {"__class__": "date"}:
            return f"{value['year']:04d}-{value['month']:02d}-{value['day']:02d}"
        case {"__class__": "datetime"}:
            parts = {name: part for name, part in value.items() if name != "__class__"}
            return datetime(**parts, tzinfo=UTC)
        case _:
            return value
