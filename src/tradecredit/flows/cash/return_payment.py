"""Money of a payment that left the account again: what it settled is open once more, and it is no cash of ours."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.apps.cash_application import bank_operations
from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.exposure import operations as exposure
from tradecredit.apps.exposure.models import Stage
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.cash import book_allocations, open_time, unapply_cash
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.cash_application.queries import PaymentRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToReturnPaymentError(UnableToError):
    """The payment is not there, or less of it is left than is to go back."""

    code = "unable_to_return_payment"


def return_payment(
    *,
    company: Company,
    payment_number: str,
    amount: Decimal,
    day: date,
    reason: str,
    actor: Actor,
    line_id: UUID | None = None,
) -> UUID:
    """Take money of a payment out again on a day; return the identifier of the return.

    Unless what is unapplied covers it, all allocations of the payment are reversed: its receivables are open again.
    Raises UnableToReturnPaymentError.
    """
    with db.unit_of_work(actor):
        open_time.require_open(company=company, day=day)
        payment = _locked(company, payment_number)
        _check(payment, amount)
        if payment.unapplied < amount:
            unapply_cash.unapply_cash(
                company=company, payment_number=payment_number, reason=reason, actor=actor
            )
        return_id = bank_operations.record_return(
            company_id=company.pk,
            new=bank_operations.NewReturn(
                customer_id=payment.customer_id,
                payment_id=payment.id,
                line_id=line_id,
                currency=payment.currency,
                amount=amount,
                effective_date=day,
                reason=reason,
            ),
            recorded_by=actor.name,
        )
        _post(company, payment, amount=amount, day=day, return_id=return_id)
        _tell(company, actor, payment, amount=amount, reason=reason)
    return return_id


def _locked(company: Company, number: str) -> PaymentRecord:
    found = cash_queries.payments(company_id=company.pk, numbers=[number]).get(number)
    if found is None:
        raise UnableToReturnPaymentError(
            Words(zh=f"找不到回款 {number}。", en=f"There is no payment {number}."), payment=number
        )
    book_allocations.lock_accounts(company=company, keys={(found.customer_id, found.currency)})
    # Read again: it may have been applied or returned before the lock.
    return cash_queries.payments(company_id=company.pk, numbers=[number])[number]


def _check(payment: PaymentRecord, amount: Decimal) -> None:
    left = payment.amount - payment.returned
    if not Decimal(0) < amount <= left:
        text = Money(amount, payment.currency).text()
        rest = Money(left, payment.currency).text()
        raise UnableToReturnPaymentError(
            Words(
                zh=f"回款 {payment.number} 最多可退回 {rest}，本次为 {text}。",
                en=f"Of payment {payment.number} {rest} can go back, not {text}.",
            ),
            payment=payment.number,
        )


def _post(company: Company, payment: PaymentRecord, *, amount: Decimal, day: date, return_id: UUID) -> None:
    key = (company.pk, payment.customer_id, payment.currency)
    account_id = exposure.open_accounts(wanted={key})[key]
    exposure.post(
        entries=[
            exposure.NewEntry(
                account_id=account_id,
                stage=Stage.UNAPPLIED,
                amount=amount,
                obligation=f"payment:{payment.number}",
                cause="payment.returned",
                cause_id=return_id,
                effective_date=day,
            )
        ]
    )


def _tell(company: Company, actor: Actor, payment: PaymentRecord, *, amount: Decimal, reason: str) -> None:
    text = Money(amount, payment.currency).text()
    payload = {"payment": payment.number, "amount": text, "currency": payment.currency}
    events.emit_many(
        name="payment.returned",
        company_id=company.pk,
        payloads=[
            (
                payment.customer_id,
                {"customer_id": payment.customer_id, "company_id": company.pk, **payload},
            )
        ],
    )
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{payment.customer_id}",
                kind="payment.returned",
                words=Words(
                    zh=f"回款 {payment.number} 退回 {text} {payment.currency}：{reason}",
                    en=f"{text} {payment.currency} of payment {payment.number} went back: {reason}",
                ),
                payload=payload,
            )
        ],
    )
