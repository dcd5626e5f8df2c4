"""Rows of bills, covers and what became of goods, handed to the flow of their kind."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.flows.cash import receive_bills
from tradecredit.flows.imports import import_batch, import_goods_events
from tradecredit.flows.limits import keep_covers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.flows.imports.import_batch import Batch, Outcome

_GOODS: Final[Mapping[str, str]] = {
    "领用": "usage",
    "寄售结算": "usage",
    "结算": "usage",
    "退货": "return",
    "换货": "replaced",
    "replacement": "replaced",
}


def bills(batch: Batch) -> Outcome:
    """Record rows of bills received."""
    rows = [
        receive_bills.BillRow(
            number=row.text("bill_number"),
            customer_code=row.text("customer_code"),
            kind=row.text("kind"),
            acceptor=row.text("acceptor"),
            acceptor_class=row.text("acceptor_class"),
            drawer=row.text("drawer"),
            amount=import_batch.amount_of(row),
            currency=row.text("currency"),
            issue_date=import_batch.day_of(row, "issue_date"),
            due_date=import_batch.day_of(row, "due_date"),
            received_on=import_batch.day_of(row, "received_on"),
            invoice_number=row.text("invoice_number"),
            order_number=row.text("order_number"),
            sub_range=row.text("sub_range"),
            source=batch.source,
            row=row.row,
        )
        for row in batch.rows
    ]
    return import_batch.outcome_of(
        receive_bills.receive_bills(rows=rows, company=batch.company, actor=batch.actor)
    )


def goods_events(batch: Batch) -> Outcome:
    """Record rows of usages and returns."""
    rows = [
        import_goods_events.GoodsEventRow(
            kind=_GOODS.get(row.text("kind").strip().lower(), row.text("kind").strip().lower()),
            number=row.text("number"),
            delivery_number=row.text("delivery_number"),
            event_date=import_batch.day_of(row, "date"),
            amount=abs(import_batch.amount_of(row)),
            row=row.row,
        )
        for row in batch.rows
    ]
    return import_batch.outcome_of(
        import_goods_events.import_goods_events(rows=rows, company=batch.company, actor=batch.actor)
    )


def covers(batch: Batch) -> Outcome:
    """Record rows of covers; documents stand in one cell, separated by semicolons."""
    rows = [
        keep_covers.CoverRow(
            number=row.text("cover_number"),
            customer_code=row.text("customer_code"),
            kind=row.text("kind"),
            provider=row.text("provider"),
            amount=import_batch.amount_of(row),
            currency=row.text("currency"),
            haircut=row.amount("haircut") or Decimal(0),
            valid_from=import_batch.day_of(row, "valid_from"),
            valid_to=row.day("valid_to"),
            notify_days=row.count("notify_days"),
            documents=_documents(row.text("documents")),
            note=row.text("note"),
            row=row.row,
        )
        for row in batch.rows
    ]
    return import_batch.outcome_of(
        keep_covers.record_covers(rows=rows, company=batch.company, actor=batch.actor)
    )


def _documents(text: str) -> tuple[str, ...]:
    parts = text.replace("\uff1b", ";").replace("、", ";").split(";")
    return tuple(part.strip() for part in parts if part.strip())
