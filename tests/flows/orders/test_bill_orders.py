"""An invoice takes its part out of its order, in whatever order things arrive: nothing is counted twice."""

from datetime import date
from decimal import Decimal

import pytest

from factories import orders, receivables
from factories.receivables import SYSTEM, invoice_row
from tradecredit.apps.exposure import queries as exposure_queries
from tradecredit.apps.orders.models import Order
from tradecredit.core.kernel.money import Money
from tradecredit.flows.orders import check_order_credit, deliver_order, verify_exposure
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
STAGES = ("ordered", "delivered", "billed", "unapplied", "reserved")


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


@pytest.fixture
def customer(company):
    """A customer with an order SO-2001 of 50,000.00 that was checked and released."""
    orders.policy(company)
    found = orders.creditworthy(company)
    with scope.entered(SYSTEM):
        check_order_credit.check_order_credit(requests=[orders.request(company, "50000.00")], actor=SYSTEM)
        yield found
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole


@pytest.fixture
def standing(company, customer):
    """What the account's stages hold beyond what they held before."""

    def read() -> dict[str, Decimal]:
        key = (company.pk, customer.pk, "CNY")
        account = exposure_queries.accounts_by_key([key])[key]
        return {stage: getattr(account, stage).amount for stage in STAGES}

    before = read()
    return lambda: {
        stage: str(int(amount - before[stage])) for stage, amount in read().items() if amount != before[stage]
    }


def deliver(company, number: str, amount: str) -> None:
    deliver_order.deliver_order(
        company=company, reference="SO-2001", number=number, amount=cny(amount), actor=SYSTEM
    )


def bill(company, number: str, amount: str, **fields) -> None:
    row = invoice_row(
        number,
        amount,
        **{
            "customer_code": "C001",
            "order_number": "SO-2001",
            "invoice_date": date(2026, 3, 2),
            "due_date": date(2026, 4, 1),
            **fields,
        },
    )
    result = receivables.invoices(company, row)
    assert not result.refused


class TestBillOrders:
    def test_moves_what_was_delivered_to_billed(self, company, standing) -> None:
        deliver(company, "DN-1", "30000.00")

        bill(company, "INV-1", "30000.00")

        assert standing() == {"reserved": "-50000", "ordered": "20000", "billed": "30000"}

    def test_bills_deliveries_oldest_first_and_partly(self, company, standing) -> None:
        deliver(company, "DN-1", "10000.00")
        deliver(company, "DN-2", "20000.00")

        bill(company, "INV-1", "15000.00")
        bill(company, "INV-2", "15000.00")

        assert standing() == {"reserved": "-50000", "ordered": "20000", "billed": "30000"}

    def test_posts_the_reservation_when_the_invoice_comes_before_the_goods(self, company, standing) -> None:
        bill(company, "INV-1", "20000.00")

        assert standing() == {"reserved": "-50000", "ordered": "30000", "billed": "20000"}

    def test_counts_goods_once_that_were_billed_before_they_left(self, company, standing) -> None:
        bill(company, "INV-1", "20000.00")

        deliver(company, "DN-1", "50000.00")

        assert standing() == {"reserved": "-50000", "delivered": "30000", "billed": "20000"}

    def test_ends_with_everything_billed_in_either_order(self, company, standing) -> None:
        deliver(company, "DN-1", "30000.00")
        bill(company, "INV-1", "40000.00")
        deliver(company, "DN-2", "20000.00")
        bill(company, "INV-2", "10000.00")

        assert standing() == {"reserved": "-50000", "billed": "50000"}
        assert Order.objects.get(reference="SO-2001").status == "invoiced"

    def test_simply_bills_what_goes_beyond_the_order(self, company, standing) -> None:
        deliver(company, "DN-1", "50000.00")

        bill(company, "INV-1", "52000.00")

        assert standing() == {"reserved": "-50000", "billed": "52000"}

    def test_leaves_the_order_alone_in_another_currency(self, company, standing) -> None:
        bill(company, "INV-1", "20000.00", currency="USD")

        assert standing() == {}
        assert Order.objects.get(reference="SO-2001").invoiced_amount == 0

    def test_takes_the_difference_of_a_correction_from_the_order(self, company, standing) -> None:
        deliver(company, "DN-1", "50000.00")
        bill(company, "INV-1", "20000.00")

        bill(company, "INV-1", "25000.00")

        assert standing() == {"reserved": "-50000", "delivered": "25000", "billed": "25000"}
        assert Order.objects.get(reference="SO-2001").invoiced_amount == 25000
