"""Documents in our books as they can be compared with another system's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q

from tradecredit.apps.cash_application.models import Payment
from tradecredit.apps.receivables.models import Invoice, InvoiceKind
from tradecredit.core.sources.tallies import Document

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

_INVOICES: Final = {"invoices": InvoiceKind.INVOICE, "credit-notes": InvoiceKind.CREDIT_NOTE}


def recorded(
    *, company_id: UUID, kind: str, source: str, begins: date, ends: date, numbers: Sequence[str]
) -> tuple[Document, ...]:
    """Return our documents of the days that came from the source, and those with one of the numbers on any day."""
    if kind in _INVOICES:
        found = Invoice.objects.filter(company_id=company_id, kind=_INVOICES[kind])
        day = "invoice_date"
    else:
        found = Payment.objects.filter(company_id=company_id)
        day = "payment_date"
    wanted = Q(number__in=numbers) | Q(**{"source": source, f"{day}__gte": begins, f"{day}__lt": ends})
    rows = found.filter(wanted).values_list("number", day, "currency", "amount")
    return tuple(
        Document(number=number, day=on_day, currency=currency, amount=amount)
        for number, on_day, currency, amount in rows
    )
