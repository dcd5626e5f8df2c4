"""Facts of a check from what the books say: one account's balances and standing become frozen values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics.order_checks import lines
from tradecredit.core.decisions.facts import (
    CreditFacts,
    CustomerFacts,
    OpenItem,
    RatingFacts,
    ReceivableFacts,
    WatchFacts,
)
from tradecredit.core.exposure.components import ExposureParts
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.analytics.order_checks.securities import Securities
    from tradecredit.analytics.order_checks.standings import Standing
    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.apps.exposure.queries import Account
    from tradecredit.core.decisions.facts import RequestFacts
    from tradecredit.core.decisions.releases import ReleaseFacts


def credit_facts(
    *,
    request: RequestFacts,
    customer: CustomerRecord,
    account: Account,
    own: ExposureParts,
    standing: Standing,
    release: ReleaseFacts | None = None,
    beside: Securities | None = None,
) -> CreditFacts:
    """Return the facts of one request; ``own`` is what the account counts already for its reference.

    ``beside`` are its bills, covers and earmarked cash; ``release`` is what people let through of its order before.
    """
    currency = account.currency
    exposure = ExposureParts(
        ordered=account.ordered,
        delivered=account.delivered,
        billed=account.billed,
        bill=account.bill,
        unapplied=account.unapplied,
        reserved=account.reserved,
        disputed=Money(standing.disputed_amount, currency),
    )
    return CreditFacts(
        request=request,
        customer=CustomerFacts(code=customer.code, name=customer.name, lifecycle=customer.lifecycle),
        line=lines.line_facts(standing, currency=currency, reference=request.reference),
        exposure=exposure if beside is None else beside.added_to(exposure),
        own=own,
        receivables=_receivables(standing, day=request.requested_on, currency=currency),
        rating=RatingFacts(grade=standing.grade, rated_on=standing.rated_on),
        watch=WatchFacts(
            freezes=standing.freezes,
            alert_level=standing.alert_level,
            is_high_risk=standing.is_high_risk,
            cured_by_payment=standing.cured_by_payment,
        ),
        release=release,
    )


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
