"""Facts of a check from what the books say: one account's balances and standing become frozen values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.decisions.facts import (
    CreditFacts,
    CustomerFacts,
    LineFacts,
    OpenItem,
    RatingFacts,
    ReceivableFacts,
    WatchFacts,
)
from tradecredit.core.exposure.components import ExposureParts
from tradecredit.core.kernel.limit import Amount, Limit, Unlimited
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.analytics.order_checks.standings import Standing, TemporaryLine
    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.apps.exposure.queries import Account
    from tradecredit.core.decisions.facts import RequestFacts


def credit_facts(
    *,
    request: RequestFacts,
    customer: CustomerRecord,
    account: Account,
    own: ExposureParts,
    standing: Standing,
) -> CreditFacts:
    """Return the facts of one request; ``own`` is what the account counts already for its reference."""
    currency = account.currency
    return CreditFacts(
        request=request,
        customer=CustomerFacts(code=customer.code, name=customer.name, lifecycle=customer.lifecycle),
        line=_line(standing, currency=currency, reference=request.reference),
        exposure=ExposureParts(
            ordered=account.ordered,
            delivered=account.delivered,
            billed=account.billed,
            bill=account.bill,
            unapplied=account.unapplied,
            reserved=account.reserved,
            disputed=Money(standing.disputed_amount, currency),
        ),
        own=own,
        receivables=_receivables(standing, day=request.requested_on, currency=currency),
        rating=RatingFacts(grade=standing.grade, rated_on=standing.rated_on),
        watch=WatchFacts(
            freezes=standing.freezes,
            alert_level=standing.alert_level,
            is_high_risk=standing.is_high_risk,
        ),
    )


def _line(standing: Standing, *, currency: str, reference: str) -> LineFacts:
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


def _receivables(standing: Standing, *, day: date, currency: str) -> ReceivableFacts:
    overdue, oldest = standing.earliest_overdue_date, standing.earliest_invoice_date
    return ReceivableFacts(
        open_amount=Money(standing.open_amount, currency),
        open_count=standing.open_count,
        overdue_amount=Money(standing.overdue_amount, currency),
        overdue_count=standing.overdue_count,
        overdue_days_max=0 if overdue is None else (day - overdue).days,
        oldest_open_days=0 if oldest is None else max((day - oldest).days, 0),
        items=tuple(
            OpenItem(
                reference=item.reference,
                due_date=item.due_date,
                days_overdue=(day - item.due_date).days,
                open_amount=Money(item.amount, currency),
                disputed=item.disputed,
            )
            for item in standing.items
        ),
    )
