"""The same documents in whatever order, some twice, some late: the same state to the cent, and nothing dropped (T04)."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from factories import customers, orders
from factories.credit_facts import section
from factories.receivables import SYSTEM
from tradecredit.flows import reactions
from tradecredit.flows.cash import record_payments
from tradecredit.flows.cash.record_payments import PaymentRow
from tradecredit.flows.imports import (
    import_credit_notes,
    import_deliveries,
    import_goods_events,
    import_invoices,
    import_orders,
)
from tradecredit.flows.imports.import_credit_notes import CreditNoteRow
from tradecredit.flows.imports.import_deliveries import DeliveryRow
from tradecredit.flows.imports.import_goods_events import GoodsEventRow
from tradecredit.flows.imports.import_invoices import InvoiceRow, SourceRow
from tradecredit.flows.imports.import_orders import OrderRow
from tradecredit.flows.orders import follow_documents, verify_exposure
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.shuffle, pytest.mark.django_db]
# The bar run is small; `TRADECREDIT_SHUFFLES=5000` is the figure of the safety catalogue.
SHUFFLES = int(os.environ.get("TRADECREDIT_SHUFFLES", "6"))
DAY = date(2026, 3, 2)
LATE = date(2025, 12, 2)  # ninety days late


def order(number: str, amount: str, status: str = "", **fields):
    row = OrderRow(number=number, customer_code="C001", order_date=DAY, amount=Decimal(amount), status=status, **fields)  # fmt: skip
    return lambda company: import_orders.import_orders(rows=[row], company=company, actor=SYSTEM)


def delivery(number: str, order_number: str, amount: str, *, day: date = DAY, kind: str = ""):
    row = DeliveryRow(number=number, order_number=order_number, delivery_date=day, amount=Decimal(amount), kind=kind)  # fmt: skip
    return lambda company: import_deliveries.import_deliveries(rows=[row], company=company, actor=SYSTEM)


def goods(kind: str, number: str, delivery_number: str, amount: str):
    row = GoodsEventRow(kind=kind, number=number, delivery_number=delivery_number, event_date=DAY, amount=Decimal(amount))  # fmt: skip
    return lambda company: import_goods_events.import_goods_events(rows=[row], company=company, actor=SYSTEM)


def invoice(number: str, amount: str, order_number: str = "", sources=(), *, day: date = DAY):
    row = InvoiceRow(
        number=number,
        customer_code="C001",
        invoice_date=day,
        due_date=date(2026, 4, 1),
        amount=Decimal(amount),
        order_number=order_number,
        sources=tuple(SourceRow(kind=kind, number=name, amount=Decimal(part)) for kind, name, part in sources),
    )  # fmt: skip
    return lambda company: import_invoices.import_invoices(rows=[row], company=company, actor=SYSTEM)


def credit(number: str, amount: str, invoice_number: str):
    row = CreditNoteRow(number=number, customer_code="C001", credit_date=DAY, amount=Decimal(amount), invoice_number=invoice_number)  # fmt: skip
    return lambda company: import_credit_notes.import_credit_notes(rows=[row], company=company, actor=SYSTEM)


def payment(number: str, amount: str, invoice_number: str = "", **fields):
    row = PaymentRow(number=number, customer_code="C001", payment_date=DAY, amount=Decimal(amount), invoice_number=invoice_number, **fields)  # fmt: skip
    return lambda company: record_payments.record_payments(
        rows=[row], company=company, actor=SYSTEM, match=bool(invoice_number)
    )


# Forty documents of one customer; those that come twice are the same row again.
EVENTS: tuple[Callable, ...] = (
    # One order in several deliveries and invoices, the last of them beyond what was delivered.
    order("SO-1", "100000"),
    delivery("DN-11", "SO-1", "30000"),
    delivery("DN-12", "SO-1", "25000", day=date(2026, 3, 3)),
    invoice("INV-11", "20000", "SO-1"),
    invoice("INV-12", "45000", "SO-1"),
    payment("PAY-11", "20000", "INV-11"),
    payment("PAY-12", "10000", "INV-12"),
    delivery("DN-12", "SO-1", "25000", day=date(2026, 3, 3)),
    invoice("INV-11", "20000", "SO-1"),
    # An order that was cancelled, told twice, with goods that had left.
    order("SO-2", "60000"),
    order("SO-2", "60000", "cancelled"),
    order("SO-2", "60000", "cancelled"),
    delivery("DN-21", "SO-2", "15000"),
    # An order closed short, its delivery ninety days late.
    order("SO-3", "40000"),
    order("SO-3", "40000", "closed"),
    delivery("DN-31", "SO-3", "18000.55", day=LATE),
    invoice("INV-31", "18000.55", "SO-3", day=LATE),
    # One invoice for two orders and a delivery of a third.
    order("SO-4", "10000"),
    order("SO-5", "20000"),
    order("SO-6", "30000"),
    delivery("DN-61", "SO-6", "12000"),
    delivery("DN-62", "SO-6", "8000"),
    invoice(
        "INV-40",
        "22000",
        "",
        [("order", "SO-4", "10000"), ("order", "SO-5", "4000"), ("delivery", "DN-62", "8000")],
    ),
    payment("PAY-40", "22000", "INV-40"),
    # Consignment: order, stock, usage, invoice of the usage.
    order("SO-7", "100000"),
    delivery("CD-7", "SO-7", "60000", kind="consignment"),
    goods("usage", "USE-71", "CD-7", "25000"),
    goods("usage", "USE-72", "CD-7", "5000.25"),
    invoice("INV-71", "25000", "", [("usage", "USE-71", "25000")]),
    invoice("INV-72", "5000.25", "", [("usage", "USE-72", "5000.25")]),
    goods("return", "RET-7", "CD-7", "1000"),
    # Goods that came back, credited, and replaced.
    order("SO-8", "50000"),
    delivery("DN-81", "SO-8", "30000"),
    invoice("INV-81", "30000", "SO-8"),
    goods("replaced", "RET-81", "DN-81", "7000"),
    credit("CN-81", "7000", "INV-81"),
    credit("CN-81", "7000", "INV-81"),
    # Money and credit with no invoice, and a delivery of an order that never comes.
    payment("PAY-90", "3333.33"),
    credit("CN-90", "444.44", "INV-NEVER"),
    delivery("DN-99", "SO-NEVER", "777.77"),
)


@pytest.fixture
def world(company):
    orders.policy(company, receivables=section("five-pillars", "receivables"))
    customers.customer(company)
    with scope.entered(SYSTEM):
        yield company


def rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def state() -> dict[str, list[tuple]]:
    """Everything that a reader can see of what is owed."""
    return {
        "account": rows("SELECT ordered, delivered, billed, bill, unapplied, reserved FROM exposure_creditaccount"),
        "orders": rows("SELECT reference, status, delivered_amount, invoiced_amount FROM orders_order ORDER BY 1"),
        "obligations": rows(
            "SELECT obligation, stage, sum(amount) FROM exposure_exposureentry"
            " GROUP BY 1, 2 HAVING sum(amount) <> 0 ORDER BY 1, 2"
        ),
        "lines": rows(
            "SELECT v.kind, v.number, i.line, i.amount - i.settled_amount FROM receivables_instalment i"
            " JOIN receivables_invoice v ON v.id = i.invoice_id ORDER BY 1, 2, 3"
        ),
        "inbox": rows("SELECT kind, number, waits_for FROM worklist_incomingdocument WHERE status = 'waiting' ORDER BY 2"),
    }  # fmt: skip


def after(company, events) -> dict[str, list[tuple]]:
    """Record the events in their order, answer what happened, and tell the state; nothing of it stays."""
    with transaction.atomic(), clock.on(company, DAY):
        with db.unit_of_work(SYSTEM):
            for event in events:
                event(company)
            reactions.REACTIONS["order.recorded"][0](
                reactions.Batch(
                    name="order.recorded", company=company, customer_ids=(), as_of=DAY, actor=SYSTEM
                )
            )
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole
        found = state()
        transaction.set_rollback(True)
    return found


def shuffled(company, expected, *, runs: int = SHUFFLES, phases=tuple(Phase)) -> None:
    @settings(
        max_examples=runs,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(st.permutations(EVENTS))
    def same(events) -> None:
        assert after(company, events) == expected

    same()


class TestShuffle:
    def test_every_order_of_the_same_documents_ends_in_the_same_state(self, world) -> None:
        expected = after(world, EVENTS)

        assert [kind for kind, *_ in expected["inbox"]] == ["deliveries"]
        assert expected["account"] == [
            # Ordered: 35,000 + 16,000 + 10,000 + 40,000 + 27,000 of SO-1, -5, -6, -7, -8. Delivered: 15,000 + 12,000
            # + 28,999.75. Billed: 35,000 + 18,000.55 + 25,000 + 5,000.25 + 23,000. Cash and credit of nothing: 3,777.77.
            tuple(Decimal(text) for text in ("128000", "55999.75", "106000.80", "0", "-3777.77", "0"))
        ]
        shuffled(world, expected)

    def test_notices_a_document_that_is_not_followed(self, world, monkeypatch) -> None:
        """The negative control: where a usage or a credit note is not followed, what comes first decides."""
        expected = after(world, EVENTS)
        whole = follow_documents.entries_for

        def forgetful(*, company_id, changes):
            kept = [one for one in changes if one.cause not in {"usage", "credit_note", "replaced"}]
            return whole(company_id=company_id, changes=kept)

        monkeypatch.setattr(follow_documents, "entries_for", forgetful)

        with pytest.raises(AssertionError):
            shuffled(world, expected, runs=5, phases=(Phase.generate,))
