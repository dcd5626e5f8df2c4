"""Money and credit that came before its invoice is applied when the invoice comes: the order of arrival does not matter."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.receivables import queries as receivables_queries
from tradecredit.apps.receivables.models import InvoiceKind
from tradecredit.core.cash_application import allocation
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash import book_allocations
from tradecredit.flows.cash.book_allocations import Planned, Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.apps.cash_application.queries import PaymentRecord
    from tradecredit.apps.receivables.operations import NewDocument
    from tradecredit.apps.receivables.queries import LineRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

# The invoice's number, where the money comes from, how much of it, and why it goes there.
_Waiting = tuple[str, Source, Decimal, Words]

_NAMED = Words(zh="付款注明发票 {number}", en="the payment names invoice {number}")
_PREPAID = Words(zh="订单 {order} 的预付款", en="prepaid for order {order}")
_CORRECTS = Words(zh="贷项通知单冲减发票 {number}", en="the credit note corrects invoice {number}")


def match_waiting(
    *, company: Company, kind: InvoiceKind, incoming: Sequence[NewDocument], actor: Actor
) -> None:
    """Apply what names the documents that were just recorded: credit notes to their invoices, waiting cash too.

    A credit note that has just come in settles its invoice; a new invoice takes what waited for it. Nothing else
    is touched: what a person has undone stays undone.
    """
    if kind is InvoiceKind.CREDIT_NOTE:
        numbers = {document.refers_to for document in incoming if document.refers_to}
        sources = _credit_sources(company, numbers, only={document.number for document in incoming})
    else:
        sources = [*_prepaid(company, incoming), *_waiting(company, {one.number for one in incoming})]
    _apply(company, sources, actor=actor)


def match_earmarked(*, company: Company, numbers: Sequence[str], actor: Actor) -> None:
    """Apply prepayments that were just recorded to what is invoiced of their orders already, oldest invoice first."""
    payments = [
        one
        for one in cash_queries.payments(company_id=company.pk, numbers=numbers).values()
        if one.is_earmarked and one.unapplied > 0
    ]
    invoices = receivables_queries.invoices_of_orders(
        company_id=company.pk, order_numbers={one.order_number for one in payments}
    )
    _apply(
        company,
        [
            _prepaid_source(payment, number)
            for payment in sorted(payments, key=lambda one: (one.payment_date, one.number))
            for number in (
                [payment.invoice_number] if payment.invoice_number else invoices.get(payment.order_number, ())
            )
        ],
        actor=actor,
    )


def _apply(company: Company, sources: Sequence[_Waiting], *, actor: Actor) -> None:
    """Fill the invoices from their sources; a source that stands under several invoices is used up once."""
    if not sources:
        return
    found = receivables_queries.documents(
        company_id=company.pk, kind=InvoiceKind.INVOICE, numbers={number for number, *_ in sources}
    )
    left = {line.id: line.open for document in found.values() for line in document.lines}
    rest = {source.obligation: amount for _, source, amount, _ in sources}
    planned: list[Planned] = []
    for number, source, _, words in sources:
        if number in found and rest[source.obligation] > 0:
            filled = _fill(source, rest[source.obligation], lines=found[number].lines, left=left, words=words)
            rest[source.obligation] -= sum((one.amount for one in filled), Decimal(0))
            planned.extend(filled)
    book_allocations.book(company=company, actor=actor, planned=planned)


def _prepaid(company: Company, incoming: Sequence[NewDocument]) -> list[_Waiting]:
    """Return the prepayments of the orders that new invoices bill: they are applied before anything else."""
    numbers: dict[str, list[str]] = {}
    for document in sorted(incoming, key=lambda one: (one.invoice_date, one.number)):
        named = {document.order_number, *(one.number for one in document.sources if one.kind == "order")}
        for number in named - {""}:
            numbers.setdefault(number, []).append(document.number)
    payments = (
        cash_queries.earmarked_payments(company_id=company.pk, order_numbers=numbers) if numbers else ()
    )
    return [
        _prepaid_source(payment, number)
        for payment in payments
        for number in numbers.get(payment.order_number, ())
        if payment.invoice_number in {"", number}
    ]


def _prepaid_source(payment: PaymentRecord, number: str) -> _Waiting:
    return (
        number,
        book_allocations.payment_source(payment),
        payment.unapplied,
        _PREPAID.filled(order=payment.order_number),
    )


def _credit_sources(company: Company, numbers: set[str], *, only: set[str] | None = None) -> list[_Waiting]:
    if not numbers:
        return []
    lines = receivables_queries.waiting_credit_lines(company_id=company.pk, invoice_numbers=numbers)
    return [
        (number, book_allocations.credit_source(line), line.open, _CORRECTS.filled(number=number))
        for number, found in lines.items()
        for line in found
        if only is None or line.number in only
    ]


def _waiting(company: Company, numbers: set[str]) -> list[_Waiting]:
    if not numbers:
        return []
    payments = cash_queries.waiting_payments(company_id=company.pk, invoice_numbers=numbers)
    return _credit_sources(company, numbers) + [
        (
            payment.invoice_number,
            book_allocations.payment_source(payment),
            payment.unapplied,
            _NAMED.filled(number=payment.invoice_number),
        )
        for payment in payments
    ]


def _fill(
    source: Source,
    amount: Decimal,
    *,
    lines: Sequence[LineRecord],
    left: dict[UUID, Decimal],
    words: Words,
) -> list[Planned]:
    """Fill the invoice's lines from the source, if both are the same customer's and of one currency."""
    fitting = {
        str(line.id): line
        for line in sorted(lines, key=lambda line: (line.due_date, line.line))
        if line.customer_id == source.customer_id and line.currency == source.currency
    }
    open_now = [
        book_allocations.candidate_with_open(line, left[line.id])
        for line in fitting.values()
        if left[line.id] > 0
    ]
    shares = allocation.allocate(payment=Money(amount, source.currency), items=open_now).shares
    planned = []
    for share in shares:
        line = fitting[share.item_id]
        left[line.id] -= share.amount.amount
        planned.append(
            Planned(
                source=source,
                line=line,
                amount=share.amount.amount,
                method="credit_note" if source.credit_instalment_id else "reference",
                words=words,
            )
        )
    return planned
