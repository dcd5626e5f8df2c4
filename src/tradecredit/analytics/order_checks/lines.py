"""The line of an account as facts: the base line with its validity, and the temporary lines in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.decisions.facts import LineFacts
from tradecredit.core.kernel.limit import Amount, Limit, Unlimited
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.analytics.order_checks.standings import Standing, TemporaryLine


def line_facts(standing: Standing, *, currency: str, reference: str) -> LineFacts:
    """Return the line of an account as facts; a temporary line with a reference counts for that order only."""
    lines = [line for line in standing.temporary if line.reference in ("", reference)]
    temporary = _temporary(lines, currency)
    limit: Limit = standing.limit
    if any(isinstance(line.limit, Unlimited) for line in lines):
        limit = Unlimited()
    return LineFacts(
        limit=limit,
        validity=standing.validity,
        days=standing.days,
        prepayment_share=standing.prepayment_share,
        is_taken_over=standing.is_taken_over,
        temporary=temporary,
        temporary_validity=_common_validity(lines) if temporary is not None else None,
    )


def _temporary(lines: Sequence[TemporaryLine], currency: str) -> Money | None:
    amounts = [line.limit.money for line in lines if isinstance(line.limit, Amount)]
    if not amounts:
        return None
    result = Money.zero(currency)
    for amount in amounts:
        result += amount
    return result


def _common_validity(lines: Sequence[TemporaryLine]) -> Validity:
    ends = [line.validity.valid_to for line in lines if line.validity.valid_to is not None]
    return Validity(max(line.validity.valid_from for line in lines), min(ends, default=None))
