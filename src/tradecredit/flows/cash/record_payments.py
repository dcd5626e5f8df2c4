"""Record payments, one or many, and apply what is certain; what is not certain stays unapplied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.analytics.receivables import policies
from tradecredit.apps.cash_application import operations as cash
from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.exposure import operations as exposure
from tradecredit.apps.exposure.models import Stage
from tradecredit.apps.receivables import periods
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import keep_refused, row_results
from tradecredit.flows.cash import (
    account_holders,
    book_allocations,
    match_payments,
    match_waiting,
    open_time,
    record_documents,
)
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult, RowStatus
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.cash_application.operations import NewPayment
    from tradecredit.apps.cash_application.queries import PaymentRecord
    from tradecredit.flows.row_results import NamedCustomer
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_SAME_ROW = Words(zh="与本批第 {row} 行完全相同", en="the same as row {row} of this batch")
_OTHER_ROW = Words(
    zh="本批第 {row} 行已有同一回款编号而内容不同，请保留正确的一行",
    en="row {row} of this batch has the same payment number and says something else; keep the right one",
)
_CHANGED = Words(
    zh="回款 {number} 已登记且内容不同；已登记的回款不改写，请用新编号登记更正",
    en="payment {number} is recorded with other content; a recorded payment is not rewritten: record the correction"
    " under a number of its own",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """A payment as it came; ``invoice_number`` names what it pays, when the payer said so.

    With an ``order_number`` it is a prepayment: it covers that order only, and its invoices first.
    """

    number: str
    customer_code: str
    payment_date: date
    amount: Decimal
    currency: str = ""
    invoice_number: str = ""
    order_number: str = ""
    payer: str = ""
    text: str = ""
    source: str = ""
    row: int = 0


def record_payments(
    *, rows: Sequence[PaymentRow], company: Company, actor: Actor, match: bool = True
) -> ImportResult:
    """Record the payments in one transaction and, unless ``match`` is False, apply what is certain.

    Idempotent by company and payment number: an identical row is unchanged, a differing one is refused.
    """
    with db.unit_of_work(actor):
        customers = account_holders.customers_of(company=company, papers=[_paper(row) for row in rows])
        results, incoming = _read(rows, customers)
        keys = {(payment.customer_id, payment.currency) for _, payment in incoming}
        accounts = book_allocations.lock_accounts(company=company, keys=keys)
        known = cash_queries.payments(company_id=company.pk, numbers=[p.number for _, p in incoming])

        sorted_results, new = _sort(incoming, known, shut=periods.closed_until(company_id=company.pk))

        payments = [payment for _, payment in new]
        ids = cash.record_payments(company_id=company.pk, payments=payments)
        exposure.post(entries=_entries(payments, ids=ids, accounts=accounts))
        _log(company, actor, payments)
        if match and payments:
            policy = policies.in_force(company_id=company.pk, as_of=clock.today(company)).matcher
            match_payments.match_payments(
                company=company, actor=actor, policy=policy, numbers=[payment.number for payment in payments]
            )
        if any(payment.order_number for payment in payments):
            match_waiting.match_earmarked(
                company=company, actor=actor, numbers=[one.number for one in payments if one.order_number]
            )
        created = [
            RowResult(row=row, number=payment.number, status=RowStatus.CREATED, id=ids[payment.number])
            for row, payment in new
        ]
        done = row_results.in_order([*results, *sorted_results, *created])
        keep_refused.keep(company=company, kind="payments", rows=rows, result=done, actor=actor)
    return done


def _read(
    rows: Sequence[PaymentRow], customers: Sequence[Mapping[str, NamedCustomer]]
) -> tuple[list[RowResult], list[tuple[int, NewPayment]]]:
    refused: list[RowResult] = []
    incoming: list[tuple[int, NewPayment]] = []
    for place, row in enumerate(rows, start=1):
        try:
            incoming.append((row.row or place, _payment(row, customers[place - 1])))
        except RefusedRowError as refusal:
            refused.append(refusal.result(row=row.row or place, number=row.number))
    return refused, incoming


def _paper(row: PaymentRow) -> account_holders.Paper:
    return account_holders.Paper(
        customer_code=row.customer_code,
        day=row.payment_date,
        order=row.order_number,
        invoice=row.invoice_number,
    )


def _payment(row: PaymentRow, customers: Mapping[str, NamedCustomer]) -> NewPayment:
    customer = row_results.known_customer(row.customer_code, customers)
    row_results.check_number(row.number)
    amount = row_results.positive_amount(row.amount, row.currency or customer.currency)
    return cash.NewPayment(
        customer_id=customer.id,
        number=row.number,
        payment_date=row.payment_date,
        currency=amount.currency,
        amount=amount.amount,
        invoice_number=row.invoice_number,
        order_number=row.order_number,
        payer=row.payer,
        text=row.text,
        source=row.source,
        is_demo=customer.is_demo,
        content_hash=record_documents.digest(
            {
                "customer": row.customer_code,
                "date": row.payment_date,
                "amount": amount.text(),
                "currency": amount.currency,
                "invoice": row.invoice_number,
                "payer": row.payer,
                "text": row.text,
                **({"order": row.order_number} if row.order_number else {}),
            }
        ),
    )


def _sort(
    incoming: Sequence[tuple[int, NewPayment]],
    known: Mapping[str, PaymentRecord],
    *,
    shut: date | None,
) -> tuple[list[RowResult], list[tuple[int, NewPayment]]]:
    results: list[RowResult] = []
    new: dict[str, tuple[int, NewPayment]] = {}
    for row, payment in incoming:
        number = payment.number
        if number in known:
            is_same = known[number].content_hash == payment.content_hash
            words = None if is_same else _CHANGED.filled(number=number)
            results.append(_known(row, number, words=words, is_same=is_same, known_id=known[number].id))
        elif number in new:
            first_row, first = new[number]
            is_same = first.content_hash == payment.content_hash
            words = (_SAME_ROW if is_same else _OTHER_ROW).filled(row=first_row)
            results.append(_known(row, number, words=words, is_same=is_same, is_duplicate=True))
        elif open_time.is_shut(day=payment.payment_date, shut=shut):
            refusal = open_time.refused_row(shut=shut, day=payment.payment_date, field="payment_date")
            results.append(refusal.result(row=row, number=number))
        else:
            new[number] = (row, payment)
    return results, list(new.values())


def _known(
    row: int,
    number: str,
    *,
    words: Words | None,
    is_same: bool,
    known_id: UUID | None = None,
    is_duplicate: bool = False,
) -> RowResult:
    return RowResult(
        row=row,
        number=number,
        status=RowStatus.UNCHANGED if is_same else RowStatus.REFUSED,
        words=words,
        field="number",
        value=number,
        id=known_id,
        is_duplicate=is_duplicate,
    )


def _entries(
    payments: Sequence[NewPayment], *, ids: Mapping[str, UUID], accounts: Mapping[tuple[UUID, str], UUID]
) -> list[exposure.NewEntry]:
    return [
        exposure.NewEntry(
            account_id=accounts[payment.customer_id, payment.currency],
            stage=Stage.UNAPPLIED,
            amount=-payment.amount,
            obligation=f"payment:{payment.number}",
            cause="payment",
            cause_id=ids[payment.number],
            effective_date=payment.payment_date,
        )
        for payment in payments
    ]


def _log(company: Company, actor: Actor, payments: Sequence[NewPayment]) -> None:
    totals: dict[tuple[UUID, str], list[Decimal]] = {}
    for payment in payments:
        totals.setdefault((payment.customer_id, payment.currency), []).append(payment.amount)
    entries = []
    for (customer_id, currency), amounts in totals.items():
        total = Money(sum(amounts[1:], amounts[0]), currency).text()
        entries.append(
            log.NewEntry(
                stream=f"customer:{customer_id}",
                kind="payment.recorded",
                words=Words(
                    zh=f"登记回款 {len(amounts)} 笔，共 {total} {currency}",
                    en=f"{len(amounts)} payment(s) recorded, {total} {currency} in all",
                ),
                payload={"payments": len(amounts), "amount": total, "currency": currency},
            )
        )
    log.append(company_id=company.pk, actor=actor, entries=entries)
