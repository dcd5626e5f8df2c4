"""Candidates: the open instalments that a payment could settle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An instalment with something open; ``is_disputed`` when any part of it is contested."""

    item_id: str
    invoice_number: str
    due_date: date
    open: Money
    is_disputed: bool = False
