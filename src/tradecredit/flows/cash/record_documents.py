"""Record invoices and credit notes that were read and checked: once each, corrected while untouched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.receivables import operations as receivables
from tradecredit.apps.receivables import periods
from tradecredit.apps.receivables import queries as receivables_queries
from tradecredit.core.kernel import canonical
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash import (
    announce_documents,
    bill_documents,
    book_allocations,
    match_waiting,
    open_time,
)
from tradecredit.flows.row_results import RowResult, RowStatus
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.receivables.models import InvoiceKind
    from tradecredit.apps.receivables.operations import NewDocument
    from tradecredit.apps.receivables.queries import DocumentRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_SAME_ROW = Words(zh="与本批第 {row} 行完全相同", en="the same as row {row} of this batch")
_OTHER_ROW = Words(
    zh="本批第 {row} 行已有同一单据号而内容不同，请保留正确的一行",
    en="row {row} of this batch has the same number and says something else; keep the right one",
)
_OTHER_CUSTOMER = Words(
    zh="单据号 {number} 已属于另一客户，请核对单据号与客户代码",
    en="number {number} already belongs to another customer; check the number and the customer code",
)
_TOUCHED = Words(
    zh="单据 {number} 已有核销或争议记录，不能改写；请先取消核销，或用贷项/新单据更正",
    en="{number} has allocations or a dispute and cannot be rewritten; unapply first, or correct it by a credit note",
)
_RESHAPED = Words(
    zh="单据 {number} 的分期数、币种或订单号发生变化，不能改写；请用贷项冲销后重新开票",
    en="{number} changed its number of instalments, currency or order; credit it and record a new one",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One readable row as the document it makes."""

    row: int
    document: NewDocument


@dataclass(slots=True, kw_only=True)
class _Sorted:
    """What is to be done with a batch."""

    results: list[RowResult] = field(default_factory=list)
    new: list[Incoming] = field(default_factory=list)
    changed: list[tuple[Incoming, DocumentRecord]] = field(default_factory=list)


def digest(values: Mapping[str, Any]) -> str:
    """Return the hash of what a row says: an identical row is known already."""
    return canonical.sha256(canonical.dumps(dict(values)))


def record(
    *, company: Company, kind: InvoiceKind, incoming: Sequence[Incoming], actor: Actor
) -> list[RowResult]:
    """Record the rows in the caller's transaction; return a result for each of them."""
    db.transaction_required()
    keys = {(item.document.customer_id, item.document.currency) for item in incoming}
    accounts = book_allocations.lock_accounts(company=company, keys=keys)
    known = receivables_queries.documents(
        company_id=company.pk, kind=kind, numbers={item.document.number for item in incoming}
    )

    batch = _sort(incoming, known)
    _refuse_closed(batch, company)

    ids = receivables.record_documents(company_id=company.pk, documents=[item.document for item in batch.new])
    for item, record_ in batch.changed:
        receivables.correct_document(
            company_id=company.pk, invoice_id=record_.id, document=item.document, recorded_by=actor.name
        )
    bill_documents.post(
        company=company,
        new=[(item.document, ids[item.document.number]) for item in batch.new],
        corrected=[(item.document, record_) for item, record_ in batch.changed],
        accounts=accounts,
    )
    announce_documents.announce(
        company=company,
        kind=kind,
        new=[item.document for item in batch.new],
        corrected=[(item.document, before) for item, before in batch.changed],
        actor=actor,
    )
    match_waiting.match_waiting(company=company, kind=kind, incoming=[item.document for item in batch.new],
                                actor=actor)  # fmt: skip
    return [*batch.results, *_written(batch, ids)]


def _refuse_closed(batch: _Sorted, company: Company) -> None:
    """Take out what would post into a closed period; what is known and unchanged posts nothing."""
    shut = periods.closed_until(company_id=company.pk)
    if shut is None:
        return
    late = [item for item in batch.new if open_time.is_shut(day=item.document.invoice_date, shut=shut)]
    late += [
        item
        for item, before in batch.changed
        if open_time.is_shut(day=min(item.document.invoice_date, before.lines[0].invoice_date), shut=shut)
    ]
    for item in late:
        refusal = open_time.refused_row(shut=shut, day=item.document.invoice_date, field="invoice_date")
        batch.results.append(refusal.result(row=item.row, number=item.document.number))
    rows = {item.row for item in late}
    batch.new = [item for item in batch.new if item.row not in rows]
    batch.changed = [(item, before) for item, before in batch.changed if item.row not in rows]


def _written(batch: _Sorted, ids: Mapping[str, UUID]) -> list[RowResult]:
    created = [(item, RowStatus.CREATED, ids[item.document.number]) for item in batch.new]
    updated = [(item, RowStatus.UPDATED, record_.id) for item, record_ in batch.changed]
    return [
        RowResult(row=item.row, number=item.document.number, status=status, id=identifier)
        for item, status, identifier in [*created, *updated]
    ]


def _sort(incoming: Sequence[Incoming], known: Mapping[str, DocumentRecord]) -> _Sorted:
    batch = _Sorted()
    seen: dict[str, Incoming] = {}
    differing: list[tuple[Incoming, DocumentRecord]] = []
    for item in incoming:
        number = item.document.number
        if number in seen:
            batch.results.append(_repeated(item, seen[number]))
            continue
        seen[number] = item
        record_ = known.get(number)
        if record_ is None:
            batch.new.append(item)
        elif record_.content_hash == item.document.content_hash:
            batch.results.append(
                RowResult(row=item.row, number=number, status=RowStatus.UNCHANGED, id=record_.id)
            )
        else:
            differing.append((item, record_))
    _sort_differing(differing, batch)
    return batch


def _repeated(item: Incoming, first: Incoming) -> RowResult:
    is_same = item.document.content_hash == first.document.content_hash
    return RowResult(
        row=item.row,
        number=item.document.number,
        status=RowStatus.UNCHANGED if is_same else RowStatus.REFUSED,
        words=(_SAME_ROW if is_same else _OTHER_ROW).filled(row=first.row),
        field="number",
        value=item.document.number,
        is_duplicate=True,
    )


def _sort_differing(differing: Sequence[tuple[Incoming, DocumentRecord]], batch: _Sorted) -> None:
    line_ids = [line.id for _, record_ in differing for line in record_.lines]
    with_history = cash_queries.lines_with_history(line_ids=line_ids) if line_ids else frozenset()
    for item, record_ in differing:
        words = _obstacle(item.document, record_, with_history)
        if words is None:
            batch.changed.append((item, record_))
        else:
            number = item.document.number
            batch.results.append(
                RowResult(
                    row=item.row, number=number, status=RowStatus.REFUSED, id=record_.id,
                    words=words.filled(number=number), field="number", value=number,
                )
            )  # fmt: skip


def _obstacle(document: NewDocument, record_: DocumentRecord, with_history: frozenset[UUID]) -> Words | None:
    if document.customer_id != record_.customer_id:
        return _OTHER_CUSTOMER
    if any(line.id in with_history or line.settled or line.disputed for line in record_.lines):
        return _TOUCHED
    stays = (
        len(document.lines) == len(record_.lines)
        and document.currency == record_.currency
        and document.order_number == record_.order_number
        and not record_.has_sources
        and not document.sources
    )
    return None if stays else _RESHAPED
