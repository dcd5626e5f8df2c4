"""Try again what waits in the inbox: when what it waits for has come, when a person asks, or for everything at night."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.exposure import late_orders
from tradecredit.apps.worklist import inbox
from tradecredit.apps.worklist.models import IncomingStatus
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows import row_texts
from tradecredit.flows.cash import receive_bills, record_payments
from tradecredit.flows.contracts import save_contract
from tradecredit.flows.imports import (
    import_credit_notes,
    import_deliveries,
    import_goods_events,
    import_invoices,
    import_orders,
)
from tradecredit.flows.limits import keep_covers
from tradecredit.flows.orders import follow_documents, order_exposure
from tradecredit.flows.orders.follow_documents import Change
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.worklist.inbox import InboxRow
    from tradecredit.flows.row_results import ImportResult
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

# What arrives first of a chain is tried first: an order lets its deliveries in, a delivery its returns.
_KINDS: Final[Mapping[str, tuple[type[Any], Callable[..., ImportResult], Mapping[str, type[Any]]]]] = {
    "orders": (import_orders.OrderRow, import_orders.import_orders, {}),
    "deliveries": (import_deliveries.DeliveryRow, import_deliveries.import_deliveries, {}),
    "goods-events": (import_goods_events.GoodsEventRow, import_goods_events.import_goods_events, {}),
    "invoices": (
        import_invoices.InvoiceRow,
        import_invoices.import_invoices,
        {"instalments": import_invoices.InstalmentRow, "sources": import_invoices.SourceRow},
    ),
    "credit-notes": (import_credit_notes.CreditNoteRow, import_credit_notes.import_credit_notes, {}),
    "contracts": (save_contract.ContractRow, save_contract.save_contracts, {}),
    "payments": (record_payments.PaymentRow, record_payments.record_payments, {}),
    "covers": (keep_covers.CoverRow, keep_covers.record_covers, {}),
    "bills": (receive_bills.BillRow, receive_bills.receive_bills, {}),
}
_ROUNDS: Final = 4


class UnableToFindWaitingError(UnableToError):
    """The row does not wait (any more), or the actor may not see it."""

    code = "incoming_unknown"
    status = 404


def retry_waiting(*, company: Company, actor: Actor, waits_for: Iterable[str] | None = None) -> int:
    """Try waiting rows again, those that wait for certain documents or all; returns how many were recorded.

    What one of them lets in is tried in the next round, until nothing more comes in.
    """
    done = 0
    with db.unit_of_work(actor):
        wanted = None if waits_for is None else set(waits_for)
        for _ in range(_ROUNDS):
            rows = inbox.waiting(company_id=company.pk, waits_for=wanted)
            recorded = sum(_try_kind(company, kind, found, actor=actor) for kind, found in _by_kind(rows))
            done += recorded
            if not recorded:
                break
            wanted = None
    return done


def follow_late_orders(*, company: Company, customer_ids: Iterable[UUID], actor: Actor) -> int:
    """Bring orders into line whose invoices came before them, and let in what waited for them; returns how many."""
    with db.unit_of_work(actor):
        late = late_orders.invoiced_before(company_id=company.pk, customer_ids=customer_ids)
        found = order_exposure.locked_all(company=company, references=late)
        day = clock.today(company)
        follow_documents.follow(
            company_id=company.pk,
            changes=[
                Change(
                    reference=reference, account_id=one.account_id, cause="order", cause_id=one.order.id, day=day
                )
                for reference, one in found.items()
            ],
        )  # fmt: skip
        arrived = late_orders.waited_for(company_id=company.pk)
    return len(found) + (retry_waiting(company=company, actor=actor, waits_for=arrived) if arrived else 0)


def dismiss(*, company: Company, row_id: UUID, reason: str, actor: Actor) -> None:
    """Say no to a waiting row for good; raises UnableToFindWaitingError."""
    with db.unit_of_work(actor):
        row = inbox.waiting_by_id(row_id)
        if row is None or not inbox.end(
            ids=[row_id], status=IncomingStatus.DISMISSED, by=actor.name, reason=reason
        ):
            raise UnableToFindWaitingError(
                Words(
                    zh="该待处理单据不存在或已处理，请刷新。",
                    en="This document does not wait any more: look again.",
                )
            )
        del company


def _by_kind(rows: Sequence[InboxRow]) -> list[tuple[str, list[InboxRow]]]:
    grouped: defaultdict[str, list[InboxRow]] = defaultdict(list)
    for row in rows:
        grouped[row.kind].append(row)
    return [(kind, grouped[kind]) for kind in _KINDS if kind in grouped]


def _try_kind(company: Company, kind: str, rows: Sequence[InboxRow], *, actor: Actor) -> int:
    row_type, record, parts = _KINDS[kind]
    incoming = [row_texts.from_texts(row_type, row.content, parts) for row in rows]
    result = record(rows=incoming, company=company, actor=actor)
    return sum(one.status is not RowStatus.REFUSED for one in result.rows)
