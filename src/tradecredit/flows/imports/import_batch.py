"""Rows of a file on their way to the flow of their kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from tradecredit.flows.imports.incoming import IncomingRow
    from tradecredit.flows.row_results import ImportResult, RowResult
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows of one kind for one company, recorded together."""

    kind: str
    rows: Sequence[IncomingRow]
    company: Company
    actor: Actor
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the rows; ``settlements`` counts the payments that settled dates stand for."""

    results: Sequence[RowResult]
    settlements: Mapping[str, int] = field(default_factory=dict)


def outcome_of(done: ImportResult) -> Outcome:
    """Return the outcome of a flow that has nothing more to say."""
    return Outcome(results=done.rows)


def day_of(row: IncomingRow, name: str) -> date:
    """Return a day that the layout of the kind requires."""
    day = row.day(name)
    if day is None:
        raise AssertionError(f"row {row.row} came without {name}, which its layout requires")
    return day


def amount_of(row: IncomingRow, name: str = "amount") -> Decimal:
    """Return an amount that the layout of the kind requires."""
    amount = row.amount(name)
    if amount is None:
        raise AssertionError(f"row {row.row} came without {name}, which its layout requires")
    return amount
