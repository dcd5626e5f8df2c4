"""Match recorded payments: what a payment was recorded for is done as told, the rest goes by evidence, as a bank's line does."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import UUID

from tradecredit.analytics.receivables import policies
from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.cash_application.models import AllocationMethod
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.receivables import matching_queries
from tradecredit.apps.receivables import queries as receivables_queries
from tradecredit.core.cash_application import allocation, remittance
from tradecredit.core.cash_application.matcher import directory, values
from tradecredit.core.cash_application.matcher.values import Paid
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash import book_allocations, match_lines, plan_ways
from tradecredit.flows.cash.book_allocations import Planned
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.apps.cash_application.queries import PaymentRecord
    from tradecredit.apps.receivables.queries import LineRecord
    from tradecredit.core.cash_application.matcher.policy import MatcherPolicy
    from tradecredit.core.cash_application.matcher.values import Match, Way
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

    _Lines = Mapping[tuple[UUID, str], tuple[LineRecord, ...]]

_NAMED: Final = Words(zh="付款注明发票 {number}", en="the payment names invoice {number}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """Whose payment it is, what is left of it, and the ways to apply that, the likeliest first."""

    customer_code: str
    unapplied: Money
    ways: tuple[Way, ...]
    words: Words


def match_payments(
    *, company: Company, numbers: Sequence[str], policy: MatcherPolicy, actor: Actor
) -> tuple[UUID, ...]:
    """Apply each payment as far as it is certain, oldest first; the caller holds the credit accounts.

    A payment recorded for an invoice settles that one and nothing else, in part too: that is an instruction. What only
    stands in the text, and amounts, are evidence: booked from the precision of policy on. Returns the identifiers of
    the allocations booked.
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
    told = [one for one in waiting if one.invoice_number and policy.by_reference]
    planned = _as_told(told, lines)
    planned += _by_evidence(
        company, [one for one in waiting if not one.invoice_number], lines, policy, before=planned
    )
    return book_allocations.book(company=company, actor=actor, planned=planned)


def suggest(*, company: Company, number: str) -> Suggested | None:
    """Return what the rest of a payment may settle, as of now; None when there is no such payment or it has no rest."""
    payment = cash_queries.payments(company_id=company.pk, numbers=[number]).get(number)
    if payment is None or payment.unapplied <= 0:
        return None
    customer = dossier.customers_by_id([payment.customer_id]).get(payment.customer_id)
    if customer is None:
        return None
    policy = policies.in_force(company_id=company.pk, as_of=clock.today(company)).matcher
    (match,) = _matches(company, [payment], policy, taken={}).values()
    return Suggested(
        customer_code=customer.code,
        unapplied=Money(payment.unapplied, payment.currency),
        ways=match.ways,
        words=match.words,
    )


def _as_told(payments: Sequence[PaymentRecord], lines: _Lines) -> list[Planned]:
    """Fill the named invoice of each payment, oldest instalment first; what is left stays unapplied."""
    left = {line.id: line.open for found in lines.values() for line in found}
    of_invoice: dict[tuple[UUID, str, str], list[LineRecord]] = {}
    for key, found in lines.items():
        for line in found:
            of_invoice.setdefault((*key, remittance.normal(line.number)), []).append(line)
    planned: list[Planned] = []
    for payment in payments:
        number = remittance.normal(payment.invoice_number)
        named = {
            str(line.id): line
            for line in of_invoice.get((payment.customer_id, payment.currency, number), ())
            if left[line.id] > 0
        }
        shares = allocation.allocate(
            payment=Money(payment.unapplied, payment.currency),
            items=[book_allocations.candidate_with_open(line, left[line.id]) for line in named.values()],
        ).shares
        for share in shares:
            line = named[share.item_id]
            left[line.id] -= share.amount.amount
            planned.append(
                Planned(
                    source=book_allocations.payment_source(payment),
                    line=line,
                    amount=share.amount.amount,
                    method=AllocationMethod.REFERENCE.value,
                    words=_NAMED.filled(number=line.number),
                )
            )
    return planned


def _by_evidence(
    company: Company,
    payments: Sequence[PaymentRecord],
    lines: _Lines,
    policy: MatcherPolicy,
    *,
    before: Sequence[Planned],
) -> list[Planned]:
    """Return what the matcher is sure of, each payment seeing what those before it take."""
    if not payments:
        return []
    taken: dict[str, Decimal] = {}
    for one in before:
        taken[str(one.line.id)] = taken.get(str(one.line.id), Decimal(0)) + one.amount
    matches = _matches(company, payments, policy, taken=taken)
    by_id = {line.id: line for found in lines.values() for line in found}
    sure = [match.ways[0] for match in matches.values() if match.is_sure]
    credits_ = {UUID(share.credit_id) for way in sure for share in way.shares if share.credit_id}
    if credits_:
        by_id |= receivables_queries.lines_by_id(ids=credits_)
    return [
        planned
        for payment in payments
        if matches[payment.number].is_sure
        for planned in plan_ways.as_planned(matches[payment.number].ways[0], payment=payment, lines=by_id)
    ]


def _matches(
    company: Company,
    payments: Sequence[PaymentRecord],
    policy: MatcherPolicy,
    *,
    taken: Mapping[str, Decimal],
) -> dict[str, Match]:
    """Return the match of each payment by number; who paid is known, so only that customer's items are looked at."""
    numbers = {number for payment in payments for number in remittance.possible_numbers(payment.text)}
    customers = {str(payment.customer_id) for payment in payments}
    items = matching_queries.open_items(company_id=company.pk, customers=customers)
    for currency, settled in matching_queries.settled_items(company_id=company.pk, numbers=numbers).items():
        items.setdefault(currency, []).extend(item for item in settled if item.customer in customers)
    desks = match_lines.desks(
        company=company,
        items=items,
        directory=directory.of(()),
        policy=policy,
        taken={item_id: values.units(amount) for item_id, amount in taken.items()},
    )
    return {
        payment.number: desks[payment.currency].match_next(
            Paid(
                payment_id=payment.number,
                currency=payment.currency,
                amount=values.units(payment.unapplied),
                paid_on=payment.payment_date,
                text=payment.text,
                customer=str(payment.customer_id),
            )
        )
        for payment in payments
    }
