"""Set a payment against the invoices that a person chose."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.receivables import queries as receivables_queries
from tradecredit.core.cash_application import allocation
from tradecredit.core.cash_application.allocation import UnableToAllocateError
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash import book_allocations
from tradecredit.flows.cash.book_allocations import Planned
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.apps.cash_application.queries import PaymentRecord
    from tradecredit.apps.receivables.queries import LineRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToApplyCashError(UnableToAllocateError):
    """The payment, or an instalment to apply it to, is not there or does not fit."""

    code = "unable_to_apply_cash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person wants to apply: an invoice, perhaps one of its instalments, perhaps only a part."""

    invoice_number: str
    line: int | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What was booked: the allocations' identifiers and what is left of the payment."""

    allocation_ids: tuple[UUID, ...]
    unapplied: Money


def apply_cash(*, company: Company, payment_number: str, wanted: Sequence[Wanted], actor: Actor) -> Applied:
    """Apply a payment to the invoices that a person chose, in the order given.

    Raises UnableToApplyCashError when the payment or an invoice is not there, is another customer's or in another
    currency; UnableToAllocateError when more is asked for than is open or unapplied. Nothing is booked then.
    """
    with db.unit_of_work(actor):
        payment = _locked_payment(company, payment_number)
        lines = receivables_queries.open_lines(company_id=company.pk, customer_ids=[payment.customer_id])
        planned = _plan(payment, lines.get((payment.customer_id, payment.currency), ()), wanted)

        booked = book_allocations.book(company=company, actor=actor, planned=planned)
        left = payment.unapplied - sum((item.amount for item in planned), Decimal(0))
        _log(company, actor, payment, planned)
    return Applied(allocation_ids=booked, unapplied=Money(left, payment.currency))


def _locked_payment(company: Company, number: str) -> PaymentRecord:
    found = cash_queries.payments(company_id=company.pk, numbers=[number]).get(number)
    if found is None:
        raise UnableToApplyCashError(
            Words(
                zh=f"找不到回款 {number}，请核对回款编号。",
                en=f"There is no payment {number}; check its number.",
            ),
            payment=number,
        )
    book_allocations.lock_accounts(company=company, keys={(found.customer_id, found.currency)})
    # Read again: what was unapplied before the lock may be gone.
    return cash_queries.payments(company_id=company.pk, numbers=[number])[number]


def _plan(payment: PaymentRecord, lines: Sequence[LineRecord], wanted: Sequence[Wanted]) -> list[Planned]:
    words = Words(zh="人工核销", en="applied by a person")
    left, taken = payment.unapplied, dict[object, Decimal]()
    planned: list[Planned] = []
    for wish in wanted:
        for line in _chosen(lines, wish):
            still_open = line.open - taken.get(line.id, Decimal(0))
            amount = min(still_open, left) if wish.amount is None else wish.amount
            allocation.check_share(
                asked=Money(amount, payment.currency),
                open_amount=Money(still_open, payment.currency),
                unapplied=Money(left, payment.currency),
            )
            left -= amount
            taken[line.id] = taken.get(line.id, Decimal(0)) + amount
            planned.append(
                Planned(
                    source=book_allocations.payment_source(payment),
                    line=line,
                    amount=amount,
                    method="manual",
                    words=words,
                )
            )
    return planned


def _chosen(lines: Sequence[LineRecord], wish: Wanted) -> list[LineRecord]:
    chosen = [
        line
        for line in lines
        if line.number == wish.invoice_number and (wish.line is None or line.line == wish.line)
    ]
    if not chosen:
        raise UnableToApplyCashError(
            Words(
                zh=f"该客户在此币种下没有未清的发票 {wish.invoice_number}，请核对发票号、币种与客户。",
                en=f"This customer has nothing open on invoice {wish.invoice_number} in this currency; check the"
                " number, the currency and the customer.",
            ),
            invoice=wish.invoice_number,
        )
    # A given amount belongs to one line; which one, when there are several, the caller has to say.
    if wish.amount is not None and len(chosen) > 1:
        raise UnableToApplyCashError(
            Words(
                zh=f"发票 {wish.invoice_number} 有多个分期，请指明核销到第几期。",
                en=f"Invoice {wish.invoice_number} has several instalments; say which one the amount is for.",
            ),
            invoice=wish.invoice_number,
        )
    return chosen


def _log(company: Company, actor: Actor, payment: PaymentRecord, planned: Sequence[Planned]) -> None:
    numbers = ", ".join(dict.fromkeys(item.line.number for item in planned))
    total = Money(sum((item.amount for item in planned), Decimal(0)), payment.currency).text()
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{payment.customer_id}",
                kind="cash.applied",
                words=Words(
                    zh=f"回款 {payment.number} 核销 {total} {payment.currency} 至发票 {numbers}",
                    en=f"Payment {payment.number}: {total} {payment.currency} applied to invoice {numbers}",
                ),
                payload={"payment": payment.number, "amount": total, "currency": payment.currency},
            )
        ],
    )
