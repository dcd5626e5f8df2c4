"""Read the books of receivables as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import F

from tradecredit.apps.receivables.models import (
    Dispute,
    Instalment,
    Invoice,
    InvoiceKind,
    InvoiceSource,
)
from tradecredit.core.cash_application.candidates import Candidate
from tradecredit.core.kernel.money import Money
from tradecredit.plumbing.postgres.among import among

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from django.db.models import QuerySet


_COLUMNS: Final = (
    *("pk", "customer_id", "invoice_id", "invoice__number", "invoice__refers_to", "line"),
    *("invoice__invoice_date", "due_date", "currency", "amount", "settled_amount", "disputed_amount"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRecord:
    """One instalment as it stands in the books now."""

    id: UUID
    customer_id: UUID
    invoice_id: UUID
    number: str
    line: int
    invoice_date: date
    due_date: date
    currency: str
    amount: Decimal
    settled: Decimal
    disputed: Decimal
    refers_to: str = ""

    @property
    def open(self) -> Decimal:
        """Return what is not settled."""
        return self.amount - self.settled

    def candidate(self) -> Candidate:
        """Return the line as the matcher sees it."""
        return Candidate(
            item_id=str(self.id),
            invoice_number=self.number,
            due_date=self.due_date,
            open=Money(self.open, self.currency),
            is_disputed=self.disputed > 0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRecord:
    """An invoice or credit note with its lines in order."""

    id: UUID
    customer_id: UUID
    kind: str
    number: str
    currency: str
    amount: Decimal
    content_hash: str
    order_number: str
    lines: tuple[LineRecord, ...]
    has_sources: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRecord:
    """An open dispute of one line."""

    id: UUID
    instalment_id: UUID
    amount: Decimal
    currency: str
    opened_on: date


def documents(*, company_id: UUID, kind: InvoiceKind, numbers: Iterable[str]) -> dict[str, DocumentRecord]:
    """Return the documents with these numbers, by number."""
    found = list(Invoice.objects.filter(among("number", numbers), company_id=company_id, kind=kind))
    if not found:
        return {}
    keys = [row.pk for row in found]
    lines: dict[UUID, list[LineRecord]] = {}
    for line in _lines(Instalment.objects.filter(among("invoice_id", keys)).order_by("invoice_id", "line")):
        lines.setdefault(line.invoice_id, []).append(line)
    with_sources = set(
        InvoiceSource.objects.filter(among("invoice_id", keys)).values_list("invoice_id", flat=True)
    )
    return {
        row.number: DocumentRecord(
            id=row.pk,
            customer_id=row.customer_id,
            kind=row.kind,
            number=row.number,
            currency=row.currency,
            amount=row.amount,
            content_hash=row.content_hash,
            order_number=row.order_number,
            lines=tuple(lines.get(row.pk, ())),
            has_sources=row.pk in with_sources,
        )
        for row in found
    }


def invoices_of_orders(*, company_id: UUID, order_numbers: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the numbers of the invoices that name these orders, oldest first, by the order's number."""
    wanted = [number for number in order_numbers if number]
    if not wanted:
        return {}
    rows = Invoice.objects.filter(company_id=company_id, kind=InvoiceKind.INVOICE)
    found = [
        *rows.filter(order_number__in=wanted).values_list("order_number", "invoice_date", "number"),
        *rows.filter(sources__kind="order", sources__number__in=wanted).values_list(
            "sources__number", "invoice_date", "number"
        ),
    ]
    grouped: dict[str, list[str]] = {}
    for order_number, _, number in sorted(set(found)):
        grouped.setdefault(order_number, []).append(number)
    return {order_number: tuple(numbers) for order_number, numbers in grouped.items()}


def sources_of_invoices(
    *, company_id: UUID, numbers: Iterable[str]
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return what the invoices name as billed, as (kind, number) pairs, by the invoice's number."""
    found = Invoice.objects.filter(company_id=company_id, kind=InvoiceKind.INVOICE, number__in=list(numbers))
    named = {row.pk: (row.number, row.order_number) for row in found}
    sources: dict[UUID, list[tuple[str, str]]] = {}
    for invoice_id, kind, number in InvoiceSource.objects.filter(invoice_id__in=list(named)).values_list(
        "invoice_id", "kind", "number"
    ):
        sources.setdefault(invoice_id, []).append((kind, number))
    return {
        number: tuple(sources.get(key, [("order", order_number)] if order_number else []))
        for key, (number, order_number) in named.items()
    }


def open_lines(
    *, company_id: UUID, customer_ids: Iterable[UUID], kind: InvoiceKind = InvoiceKind.INVOICE
) -> dict[tuple[UUID, str], tuple[LineRecord, ...]]:
    """Return the lines with something open, oldest due day first, by customer and currency."""
    rows = (
        Instalment.objects.filter(
            among("customer_id", customer_ids), company_id=company_id, settled_amount__lt=F("amount"),
            invoice__kind=kind,
        )
        .order_by("due_date", "invoice__number", "line")
    )  # fmt: skip
    grouped: dict[tuple[UUID, str], list[LineRecord]] = {}
    for line in _lines(rows):
        grouped.setdefault((line.customer_id, line.currency), []).append(line)
    return {key: tuple(lines) for key, lines in grouped.items()}


def lines_by_id(*, ids: Iterable[UUID]) -> dict[UUID, LineRecord]:
    """Return lines of invoices and credit notes by their identifiers."""
    return {line.id: line for line in _lines(Instalment.objects.filter(among("pk", ids)))}


def waiting_credit_lines(
    *, company_id: UUID, invoice_numbers: Iterable[str]
) -> dict[str, tuple[LineRecord, ...]]:
    """Return what is left of credit notes that correct these invoices, by the invoice's number."""
    credit = Invoice.objects.filter(
        among("refers_to", invoice_numbers), company_id=company_id, kind=InvoiceKind.CREDIT_NOTE
    )
    keys = list(credit.exclude(refers_to="").values_list("pk", flat=True))
    if not keys:
        return {}
    rows = Instalment.objects.filter(
        among("invoice_id", keys), company_id=company_id, settled_amount__lt=F("amount")
    ).order_by("invoice__invoice_date", "invoice__number")
    grouped: dict[str, list[LineRecord]] = {}
    for line in _lines(rows):
        grouped.setdefault(line.refers_to, []).append(line)
    return {number: tuple(lines) for number, lines in grouped.items()}


def is_demo(*, invoice_id: UUID) -> bool:
    """Tell whether a document belongs to the demo."""
    return Invoice.objects.filter(pk=invoice_id, is_demo=True).exists()


def open_dispute_of(*, instalment_id: UUID) -> DisputeRecord | None:
    """Return the open dispute of a line, if there is one."""
    row = Dispute.objects.filter(instalment_id=instalment_id, closed_on__isnull=True).first()
    if row is None:
        return None
    return DisputeRecord(
        id=row.pk, instalment_id=row.instalment_id, amount=row.amount, currency=row.currency,
        opened_on=row.opened_on,
    )  # fmt: skip


def still_disputed(*, dispute_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of the disputes that are open."""
    rows = Dispute.objects.filter(pk__in=set(dispute_ids), closed_on__isnull=True)
    return frozenset(rows.values_list("pk", flat=True))


def _lines(rows: QuerySet[Instalment]) -> Iterator[LineRecord]:
    """Read lines as plain values: there may be ten thousands of them."""
    for row in rows.values_list(*_COLUMNS):
        (
            key, customer_id, invoice_id, number, refers_to, line, invoice_date, due_date, currency, amount,
            settled, disputed,
        ) = row  # fmt: skip
        yield LineRecord(
            id=key,
            customer_id=customer_id,
            invoice_id=invoice_id,
            number=number,
            line=line,
            invoice_date=invoice_date,
            due_date=due_date,
            currency=currency,
            amount=amount,
            settled=settled,
            disputed=disputed,
            refers_to=refers_to,
        )
