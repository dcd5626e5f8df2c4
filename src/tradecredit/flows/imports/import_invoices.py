"""Record invoices, one or many: each row is created, corrected, known already, or refused with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.receivables import operations as receivables
from tradecredit.apps.receivables.models import InvoiceKind, SourceKind
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.receivables import terms
from tradecredit.core.receivables.terms import DaysFromInvoice, UnableToScheduleError
from tradecredit.flows import row_results
from tradecredit.flows.cash import account_holders, record_documents
from tradecredit.flows.imports import record_papers
from tradecredit.flows.row_results import RefusedRowError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from tradecredit.apps.receivables.operations import NewLine
    from tradecredit.flows.row_results import ImportResult, NamedCustomer
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_UNKNOWN_SOURCE = Words(
    zh="发票来源只能是 order、delivery 或 usage", en="an invoice bills an order, a delivery or a usage"
)
NATURES = frozenset({"", "sale", "opening", "fee", "interest"})
_UNKNOWN_NATURE = Words(
    zh="发票性质只能是 sale、opening、fee 或 interest", en="an invoice is a sale, opening, fee or interest"
)
_TOO_MANY_SOURCES = Words(
    zh="各来源金额之和超过发票金额，请核对", en="the sources are more than the invoice; check them"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentRow:
    """One part of an invoice with its own due day."""

    due_date: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A part of an invoice that bills one ``order``, ``delivery`` or ``usage`` of consignment stock."""

    kind: str
    number: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRow:
    """An invoice as it came: with a due day, or terms in days, or instalments; ``row`` is its place in the file."""

    number: str
    customer_code: str
    invoice_date: date
    amount: Decimal
    currency: str = ""
    due_date: date | None = None
    terms_days: int | None = None
    instalments: tuple[InstalmentRow, ...] = ()
    order_number: str = ""
    sources: tuple[SourceRow, ...] = ()
    contract_number: str = ""
    salesperson: str = ""
    source: str = ""
    # Empty: a sale. An opening balance, a fee or interest is no credit sale.
    nature: str = ""
    row: int = 0


def import_invoices(*, rows: Sequence[InvoiceRow], company: Company, actor: Actor) -> ImportResult:
    """Record the invoices in one transaction; a refused row does not stop the good ones.

    Idempotent by company and number: an identical row is unchanged, a differing one corrects an invoice that
    nothing was set against, and is refused otherwise. Exposure moves with it: out of the order, into billed.
    """
    return record_papers.record_papers(
        rows=rows,
        kind=InvoiceKind.INVOICE,
        name="invoices",
        paper=_paper,
        document=_document,
        company=company,
        actor=actor,
    )


def _paper(row: InvoiceRow) -> account_holders.Paper:
    first = {one.kind: one.number for one in reversed(row.sources)} if row.sources else {}
    return account_holders.Paper(
        customer_code=row.customer_code,
        day=row.invoice_date,
        order=row.order_number or first.get(SourceKind.ORDER, ""),
        delivery=first.get(SourceKind.DELIVERY, ""),
    )


def _document(row: InvoiceRow, customers: dict[str, NamedCustomer]) -> receivables.NewDocument:
    customer = row_results.known_customer(row.customer_code, customers)
    row_results.check_number(row.number)
    amount = row_results.positive_amount(row.amount, row.currency or customer.currency)
    if row.nature not in NATURES:
        raise RefusedRowError(field="nature", value=row.nature, words=_UNKNOWN_NATURE)
    lines = _lines(row, amount)
    sources = _sources(row, amount)
    return receivables.NewDocument(
        customer_id=customer.id,
        kind=InvoiceKind.INVOICE.value,
        number=row.number,
        invoice_date=row.invoice_date,
        currency=amount.currency,
        amount=amount.amount,
        lines=lines,
        order_number=row.order_number,
        sources=sources,
        contract_number=row.contract_number,
        salesperson=row.salesperson,
        source=row.source,
        nature=row.nature,
        is_demo=customer.is_demo,
        content_hash=record_documents.digest(
            {
                "customer": row.customer_code,
                "date": row.invoice_date,
                "amount": amount.text(),
                "currency": amount.currency,
                "lines": [[line.due_date, Money(line.amount, amount.currency).text()] for line in lines],
                "order": row.order_number,
                "contract": row.contract_number,
                "salesperson": row.salesperson,
                **({"nature": row.nature} if row.nature else {}),
                **({"sources": [[one.kind, one.number, one.amount] for one in sources]} if sources else {}),
            }
        ),
    )


def _sources(row: InvoiceRow, amount: Money) -> tuple[receivables.NewSource, ...]:
    """Return what the invoice says it bills; the parts may be less than the whole, never more."""
    if not row.sources:
        return ()
    found: dict[tuple[str, str], Decimal] = {}
    for one in row.sources:
        if one.kind not in set(SourceKind.values):
            raise RefusedRowError(field="sources", value=one.kind, words=_UNKNOWN_SOURCE)
        part = row_results.positive_amount(one.amount, amount.currency)
        found[one.kind, one.number] = found.get((one.kind, one.number), part.amount * 0) + part.amount
    if sum(found.values(), amount.amount * 0) > amount.amount:
        raise RefusedRowError(field="sources", value=amount.text(), words=_TOO_MANY_SOURCES)
    return tuple(
        receivables.NewSource(kind=kind, number=number, amount=part) for (kind, number), part in found.items()
    )


def _lines(row: InvoiceRow, amount: Money) -> tuple[NewLine, ...]:
    if row.instalments:
        parts = [row_results.positive_amount(part.amount, amount.currency) for part in row.instalments]
        if sum(part.amount for part in parts) != amount.amount:
            raise RefusedRowError(
                field="instalments",
                value=", ".join(part.text() for part in parts),
                words=Words(
                    zh=f"各期金额之和不等于发票金额 {amount.text()}，请核对",
                    en=f"the instalments do not sum to the invoice's {amount.text()}; check them",
                ),
            )
        return tuple(
            receivables.NewLine(due_date=part.due_date, amount=part.amount) for part in row.instalments
        )
    if row.due_date is not None:
        return (receivables.NewLine(due_date=row.due_date, amount=amount.amount),)
    if row.terms_days is None:
        raise RefusedRowError(
            field="due_date",
            value="",
            words=Words(zh="缺少到期日或账期天数，请补充其一", en="give a due date or the terms in days"),
        )
    return _by_terms(row, row.terms_days, amount)


def _by_terms(row: InvoiceRow, days: int, amount: Money) -> tuple[NewLine, ...]:
    try:
        schedule = terms.schedule(
            terms=DaysFromInvoice(days=days), amount=amount, invoice_date=row.invoice_date
        )
    except UnableToScheduleError as error:
        raise RefusedRowError(field="terms_days", value=str(days), words=error.words) from error
    return tuple(receivables.NewLine(due_date=line.due_date, amount=line.amount.amount) for line in schedule)
