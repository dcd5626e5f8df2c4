"""One order from check to cash: every obligation is counted once at every step."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from factories import customers, orders
from tradecredit.apps.exposure import queries as exposure
from tradecredit.apps.orders import queries as order_queries
from tradecredit.core.kernel.money import Money
from tradecredit.flows.cash import record_payments
from tradecredit.flows.cash.record_payments import PaymentRow
from tradecredit.flows.imports import import_invoices
from tradecredit.flows.imports.import_invoices import InvoiceRow
from tradecredit.flows.orders import (
    check_order_credit,
    deliver_order,
    recheck_held_orders,
    verify_exposure,
)
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
STAGES = ("ordered", "delivered", "billed", "unapplied", "reserved")


@pytest.fixture
def customer(company):
    orders.policy(company)
    found = customers.customer(company)
    orders.line(company, found, "500000.00")
    orders.rating(company, found)
    return found


@pytest.fixture(autouse=True)
def whole_ledger(db):
    yield
    assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole


def check(company, amount, reference="SO-2001"):
    request = orders.request(company, amount, reference=reference)
    return check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)[0]


def deliver(company, amount, number="DN-1"):
    return deliver_order.deliver_order(
        company=company, reference="SO-2001", number=number, amount=Money.of(amount, "CNY"), actor=SYSTEM
    )


def invoice(company, amount, number="INV-1", order_number="SO-2001", due=orders.DAY):
    import_invoices.import_invoices(
        rows=[
            InvoiceRow(
                number=number,
                customer_code="C001",
                invoice_date=due - timedelta(days=30),
                amount=Decimal(amount),
                due_date=due,
                order_number=order_number,
            )
        ],
        company=company,
        actor=SYSTEM,
    )


def stages(company, customer):
    with db.unit_of_work(SYSTEM):
        account = exposure.accounts_of_customer(customer.pk, company_id=company.pk)[0]
    amounts = {stage: getattr(account, stage) for stage in STAGES}
    return {stage: amount.text() for stage, amount in amounts.items() if not amount.is_zero}


class TestOrderToInvoice:
    def test_moves_from_reserved_to_delivered_to_billed(self, company, customer):
        check(company, "100000.00")
        reserved = stages(company, customer)
        deliver(company, "30000.00")
        delivered = stages(company, customer)
        invoice(company, "30000.00")
        billed = stages(company, customer)

        assert reserved == {"reserved": "100000.00"}
        assert delivered == {"ordered": "70000.00", "delivered": "30000.00"}
        assert billed == {"ordered": "70000.00", "billed": "30000.00"}

    def test_an_invoice_before_any_delivery_takes_the_reserved_room(self, company, customer):
        check(company, "100000.00")

        invoice(company, "40000.00")

        assert stages(company, customer) == {"ordered": "60000.00", "billed": "40000.00"}

    def test_goods_invoiced_ahead_are_not_counted_again_when_they_leave(self, company, customer):
        check(company, "100000.00")
        invoice(company, "40000.00")

        view = deliver(company, "40000.00")

        assert view.lets_through
        assert view.facts.request.amount.text() == "0.00"
        assert stages(company, customer) == {"ordered": "60000.00", "billed": "40000.00"}

    def test_an_order_checked_again_after_its_invoice_asks_only_for_the_rest(self, company, customer):
        check(company, "100000.00")
        invoice(company, "40000.00")

        again = check(company, "100000.00")

        assert again.facts.request.amount.text() == "60000.00"
        assert stages(company, customer) == {"billed": "40000.00", "reserved": "60000.00"}


class TestCashReleases:
    def test_a_payment_that_cures_releases_the_held_order_by_policy(self, company, customer):
        invoice(company, "82000.00", "INV-1042", "", due=orders.DAY - timedelta(days=12))
        invoice(company, "334000.00", "INV-1050", "", due=orders.DAY + timedelta(days=20))
        held = check(company, "120000.00")

        record_payments.record_payments(
            rows=[
                PaymentRow(
                    number="PAY-1",
                    customer_code="C001",
                    payment_date=date(2026, 3, 2),
                    amount=Decimal("82000.00"),
                    invoice_number="INV-1042",
                )
            ],
            company=company,
            actor=SYSTEM,
        )
        with db.unit_of_work(SYSTEM):
            released = recheck_held_orders.recheck_held_orders(
                company=company, customer_ids=[customer.pk], actor=SYSTEM
            )
            order = order_queries.orders_by_reference([(company.pk, "SO-2001")])[company.pk, "SO-2001"]

        assert held.decision.remedies[0].references == ("INV-1042",)
        assert held.decision.remedies[0].is_enough
        # The payment released it in its own transaction: nothing is left to look at again.
        assert released == ()
        assert order.status == "released"
