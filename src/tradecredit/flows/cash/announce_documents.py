"""Tell the house and each customer's timeline that documents came in or were corrected."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tradecredit.apps.receivables.models import InvoiceKind
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.orders import freed_room
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.receivables.operations import NewDocument
    from tradecredit.apps.receivables.queries import DocumentRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_NAMES = {
    InvoiceKind.INVOICE: ("发票", "invoice(s)"),
    InvoiceKind.CREDIT_NOTE: ("贷项通知单", "credit note(s)"),
}


def announce(
    *,
    company: Company,
    kind: InvoiceKind,
    new: Sequence[NewDocument],
    corrected: Sequence[tuple[NewDocument, DocumentRecord]],
    actor: Actor,
) -> None:
    """Emit one event a customer and log one sentence a customer, currency and correction."""
    db.transaction_required()
    _emit(company, kind, [*new, *(document for document, _ in corrected)])
    if kind is InvoiceKind.CREDIT_NOTE:
        freed_room.tell(company=company, customer_ids=[document.customer_id for document in new])
    entries = [*_recorded(kind, new), *(_corrected(kind, after, before) for after, before in corrected)]
    log.append(company_id=company.pk, actor=actor, entries=entries)


def _emit(company: Company, kind: InvoiceKind, documents: Sequence[NewDocument]) -> None:
    counts = Counter(document.customer_id for document in documents)
    events.emit_many(
        name="invoice.recorded",
        company_id=company.pk,
        payloads=[
            (
                customer_id,
                {
                    "customer_id": customer_id,
                    "company_id": company.pk,
                    "kind": kind.value,
                    "documents": count,
                },
            )
            for customer_id, count in counts.items()
        ],
    )


def _recorded(kind: InvoiceKind, new: Sequence[NewDocument]) -> list[log.NewEntry]:
    totals: dict[tuple[UUID, str], list[Decimal]] = {}
    for document in new:
        totals.setdefault((document.customer_id, document.currency), []).append(document.amount)
    zh, en = _NAMES[kind]
    entries = []
    for (customer_id, currency), amounts in totals.items():
        total = Money(sum(amounts[1:], amounts[0]), currency).text()
        entries.append(
            log.NewEntry(
                stream=f"customer:{customer_id}",
                kind=f"{kind.value}.recorded",
                words=Words(
                    zh=f"登记{zh} {len(amounts)} 张，共 {total} {currency}",
                    en=f"{len(amounts)} {en} recorded, {total} {currency} in all",
                ),
                payload={"documents": len(amounts), "amount": total, "currency": currency},
            )
        )
    return entries


def _corrected(kind: InvoiceKind, after: NewDocument, before: DocumentRecord) -> log.NewEntry:
    old, new = Money(before.amount, before.currency).text(), Money(after.amount, after.currency).text()
    zh, _ = _NAMES[kind]
    return log.NewEntry(
        stream=f"customer:{after.customer_id}",
        kind=f"{kind.value}.corrected",
        words=Words(
            zh=f"更正{zh} {after.number}：{old} → {new}", en=f"{after.number} corrected: {old} → {new}"
        ),
        payload={"number": after.number},
    )
