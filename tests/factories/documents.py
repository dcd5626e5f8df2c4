"""Documents of one customer, as other systems and people bring them: orders, goods, bills, cover; and what stands then."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from factories import orders, receivables
from factories.receivables import SYSTEM, invoice_row
from tradecredit.analytics.order_checks import exposures
from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel.money import Money
from tradecredit.flows.cash import receive_bills
from tradecredit.flows.cash.receive_bills import BillRow
from tradecredit.flows.imports import import_deliveries, import_goods_events, import_orders
from tradecredit.flows.imports.import_deliveries import DeliveryRow
from tradecredit.flows.imports.import_goods_events import GoodsEventRow
from tradecredit.flows.imports.import_orders import OrderRow
from tradecredit.flows.limits import keep_covers
from tradecredit.flows.limits.keep_covers import CoverRow
from tradecredit.flows.orders import check_order_credit, deliver_order

DAY = date(2026, 3, 2)
STAGES = ("ordered", "delivered", "billed", "bill", "unapplied", "reserved")


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


def check(company, amount, reference="SO-1", **fields):
    request = orders.request(company, amount, reference=reference, **fields)
    return check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)[0]


def deliver(company, amount, number="DN-1", reference="SO-1"):
    return deliver_order.deliver_order(
        company=company, reference=reference, number=number, amount=cny(amount), actor=SYSTEM
    )


def opening(company, number="SO-1", amount="100000", status="", **fields):
    row = OrderRow(number=number, customer_code="C001", order_date=DAY, amount=Decimal(amount), status=status, **fields)  # fmt: skip
    return import_orders.import_orders(rows=[row], company=company, actor=SYSTEM).rows[0]


def left(company, number, order_number="SO-1", amount="30000", **fields):
    row = DeliveryRow(number=number, order_number=order_number, delivery_date=DAY, amount=Decimal(amount), **fields)  # fmt: skip
    return import_deliveries.import_deliveries(rows=[row], company=company, actor=SYSTEM).rows[0]


def goods(company, kind, number, delivery_number, amount):
    row = GoodsEventRow(kind=kind, number=number, delivery_number=delivery_number, event_date=DAY, amount=Decimal(amount))  # fmt: skip
    return import_goods_events.import_goods_events(rows=[row], company=company, actor=SYSTEM).rows[0]


def bill(company, number, amount, **fields):
    values = {"invoice_date": DAY, "due_date": DAY + timedelta(days=30), **fields}
    result = receivables.invoices(company, invoice_row(number, amount, **values)).rows[0]
    assert result.status.value != "refused", result.words
    return result


def account(company, customer, as_of=DAY):
    return exposures.of_customer(
        customer_id=customer.pk, company_id=company.pk, as_of=as_of, extra_currency="CNY"
    )[0]


def stages(company, customer) -> dict[str, str]:
    parts = account(company, customer).parts
    found = {stage: getattr(parts, stage) for stage in STAGES}
    return {stage: amount.text() for stage, amount in found.items() if not amount.is_zero}


def room(company, customer, as_of=DAY) -> str:
    return limits.text(account(company, customer, as_of).room.available)


def paper(company, amount, number="B-1", **fields):
    values = {
        "customer_code": "C001",
        "kind": "bank",
        "acceptor": "示例银行",
        "acceptor_class": "state_bank",
        "issue_date": date(2026, 2, 28),
        "due_date": date(2026, 8, 31),
        "received_on": DAY,
        **fields,
    }
    return receive_bills.receive_bills(
        rows=[BillRow(number=number, amount=Decimal(amount), **values)], company=company, actor=SYSTEM
    )


def cover(company, number="K-1", amount="50000", **fields):
    values = {"customer_code": "C001", "kind": "guarantee", "provider": "示例担保有限公司", "valid_from": DAY, **fields}  # fmt: skip
    return keep_covers.record_covers(
        rows=[CoverRow(number=number, amount=Decimal(amount), **values)], company=company, actor=SYSTEM
    ).rows[0]


def activate(company, number="K-1", documents=()):
    return keep_covers.activate_cover(company=company, number=number, documents=documents, actor=SYSTEM)
