"""Credit lines through the real flows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money
from tradecredit.flows.imports import import_limits
from tradecredit.flows.imports.import_limits import LimitRow
from tradecredit.plumbing.access import Actor

if TYPE_CHECKING:
    from tradecredit.flows.row_results import ImportResult
    from tradecredit.plumbing.access.models import Company

SYSTEM = Actor.system("test")


def cny(amount: str) -> Amount:
    return Amount(Money.of(amount, "CNY"))


def opening(
    company: Company,
    code: str = "C001",
    limit: str = "500000",
    *,
    valid_from: date = date(2026, 1, 1),
    **fields: object,
) -> ImportResult:
    """Record one opening line."""
    row = LimitRow(customer_code=code, limit=limit, valid_from=valid_from, **fields)
    return import_limits.import_limits(rows=[row], company=company, actor=SYSTEM)
