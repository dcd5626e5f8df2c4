"""Record people at customers, one or many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.dossier import operations as dossier
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import row_results
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult, RowStatus
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.apps.dossier.operations import ContactDraft
    from tradecredit.flows.row_results import NamedCustomer
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_LENGTHS = {"name": 100, "role": 64, "phone": 32, "email": 254}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """A person as it came; what is None stays as it is."""

    customer_code: str
    name: str
    role: str | None = None
    phone: str | None = None
    email: str | None = None
    row: int = 0


def import_contacts(*, rows: Sequence[ContactRow], company: Company, actor: Actor) -> ImportResult:
    """Record the people in one transaction, known by customer and name; a refused row does not stop the good ones."""
    with db.unit_of_work(actor):
        customers = row_results.customers_by_code(
            company_id=company.pk, codes=[row.customer_code for row in rows]
        )
        results: list[RowResult] = []
        drafts: list[tuple[int, ContactRow, ContactDraft]] = []
        for place, row in enumerate(rows, start=1):
            try:
                drafts.append((row.row or place, row, _draft(row, customers)))
            except RefusedRowError as refusal:
                results.append(refusal.result(row=row.row or place, number=row.customer_code))
        outcomes = dossier.upsert_contacts(drafts=[draft for _, _, draft in drafts])
        results += [
            RowResult(row=place, number=row.customer_code, status=RowStatus(outcome), id=draft.customer_id)
            for (place, row, draft), outcome in zip(drafts, outcomes, strict=True)
        ]
    return row_results.in_order(results)


def _draft(row: ContactRow, customers: Mapping[str, NamedCustomer]) -> ContactDraft:
    customer = row_results.known_customer(row.customer_code, customers)
    for name, length in _LENGTHS.items():
        text = getattr(row, name)
        if text is not None and len(text) > length:
            words = Words(
                zh=f"超过 {length} 个字符，请缩短", en=f"longer than {length} characters; shorten it"
            )
            raise RefusedRowError(field=name, value=text[:length], words=words)
    return dossier.ContactDraft(
        customer_id=customer.id, name=row.name, role=row.role, phone=row.phone, email=row.email
    )
