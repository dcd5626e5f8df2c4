"""Match recorded payments by policy and book what is certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.cash_application.models import AllocationMethod
from tradecredit.apps.receivables import queries as receivables_queries
from tradecredit.core.cash_application import candidates, matching, remittance
from tradecredit.core.kernel.money import Money
from tradecredit.flows.cash import book_allocations
from tradecredit.flows.cash.book_allocations import Planned
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.apps.cash_application.queries import PaymentRecord
    from tradecredit.apps.receivables.queries import LineRecord
    from tradecredit.core.cash_application.candidates import Candidate
    from tradecredit.core.cash_application.matching import MatchingPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

# The matcher's word for a method, where the books use a shorter one.
_METHODS = {"exact_amount": AllocationMethod.EXACT.value}


def match_payments(
    *, company: Company, numbers: Sequence[str], policy: MatchingPolicy, actor: Actor
) -> tuple[UUID, ...]:
    """Apply each payment as far as it is certain, oldest first; the caller holds the credit accounts.

    Returns the identifiers of the allocations booked.
    """
    db.transaction_required()
    payments = cash_queries.payments(company_id=company.pk, numbers=numbers)
    waiting = sorted(
        # A prepayment waits for its order's invoices and takes part in nothing else.
        (one for one in payments.values() if one.unapplied > 0 and not one.is_earmarked),
        key=lambda payment: (payment.payment_date, payment.number),
    )
    lines = receivables_queries.open_lines(
        company_id=company.pk, customer_ids={payment.customer_id for payment in waiting}
    )
    desks = {key: _Desk(found) for key, found in lines.items()}
    planned: list[Planned] = []
    for payment in waiting:
        desk = desks.get((payment.customer_id, payment.currency))
        if desk is not None:
            planned.extend(desk.match(payment, policy))
    return book_allocations.book(company=company, actor=actor, planned=planned)


class _Desk:
    """One customer's open lines in one currency, as payments take from them one after the other."""

    def __init__(self, lines: Sequence[LineRecord]) -> None:
        self._lines = {str(line.id): line for line in lines}
        self._open: dict[str, Candidate] = {str(line.id): line.candidate() for line in lines}
        self._of_invoice: dict[str, list[str]] = {}
        for item_id, line in self._lines.items():
            self._of_invoice.setdefault(remittance.normal(line.number), []).append(item_id)

    def match(self, payment: PaymentRecord, policy: MatchingPolicy) -> list[Planned]:
        """Return what is certain about the payment, and take it from the open lines."""
        proposal = matching.propose(
            payment=payment.remittance(),
            unapplied=Money(payment.unapplied, payment.currency),
            open_items=self._candidates(payment),
            policy=policy,
        )
        self._take({part.item_id: part.amount for part in proposal.booked})
        return [
            Planned(
                source=book_allocations.payment_source(payment),
                line=self._lines[part.item_id],
                amount=part.amount.amount,
                method=_METHODS.get(part.method, part.method),
                words=part.words,
            )
            for part in proposal.booked
        ]

    def _candidates(self, payment: PaymentRecord) -> list[Candidate]:
        """Return only the named invoice's lines where one is named: nothing else could be booked."""
        if not payment.invoice_number:
            return list(self._open.values())
        named = self._of_invoice.get(remittance.normal(payment.invoice_number), ())
        return [self._open[item_id] for item_id in named if item_id in self._open]

    def _take(self, taken: dict[str, Money]) -> None:
        for item_id in taken:
            left = candidates.after(candidates=[self._open.pop(item_id)], taken=taken)
            self._open.update({item.item_id: item for item in left})
