"""Bills received in payment: what they settle, how much of them counts, and what comes back when they are not paid."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from factories import customers, orders, receivables
from factories.credit_facts import section
from factories.receivables import SYSTEM, invoice_row
from tradecredit.analytics.order_checks import exposures
from tradecredit.analytics.receivables import open_items, verification
from tradecredit.apps.receivables.models import Bill, BillEvent
from tradecredit.core.receivables.bills import (
    BillStatus,
    UnableToMoveBillError,
    UnableToSplitBillError,
)
from tradecredit.flows.cash import move_bill, receive_bills
from tradecredit.flows.cash.receive_bills import BillRow
from tradecredit.flows.orders import verify_exposure
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
DUE = date(2026, 8, 31)


@pytest.fixture
def customer(company):
    """A customer with a line of 500,000 that owes 100,000 since January, due on 1 February."""
    orders.policy(company, receivables=section("five-pillars", "receivables"))
    found = customers.customer(company)
    orders.line(company, found)
    with scope.entered(SYSTEM), clock.on(company, DAY):
        receivables.invoices(company, invoice_row("INV-1", "100000", due_date=date(2026, 2, 1)))
        yield found
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole
        assert verification.verify().differences == ()


def bill_row(number: str = "B-1", amount: str = "100000", **fields) -> BillRow:
    values = {
        "customer_code": "C001",
        "kind": "commercial",
        "acceptor": "示例承兑有限公司",
        "issue_date": date(2026, 2, 28),
        "due_date": DUE,
        "received_on": DAY,
        "invoice_number": "INV-1",
        **fields,
    }
    return BillRow(number=number, amount=Decimal(amount), **values)


def receive(company, *rows):
    result = receive_bills.receive_bills(rows=rows, company=company, actor=SYSTEM)
    return [one.status.value for one in result.rows]


def move(company, status, number="B-1", **fields):
    return move_bill.move_bill(
        company=company, number=number, status=BillStatus(status), actor=SYSTEM, **fields
    )


def account(company, customer):
    return exposures.of_customer(customer_id=customer.pk, company_id=company.pk, as_of=DAY)[0]


def counts(company, customer) -> dict[str, str]:
    found = account(company, customer)
    return {
        "billed": found.parts.billed.text(),
        "bill": found.parts.bill.text(),
        "unapplied": found.parts.unapplied.text(),
        "exposure": found.room.exposure.text(),
    }


class TestReceiveBills:
    def test_settles_the_invoice_and_stands_as_a_bill(self, company, customer) -> None:
        assert receive(company, bill_row()) == ["created"]

        assert counts(company, customer) == {
            "billed": "0.00",
            "bill": "100000.00",
            "unapplied": "0.00",
            "exposure": "100000.00",
        }
        assert open_items.open_items(as_of=DAY) == ()

    def test_counts_a_state_banks_bill_as_nothing_and_a_rural_banks_as_half(self, company, customer) -> None:
        receive(
            company,
            bill_row("B-1", "40000", kind="银行承兑汇票", acceptor_class="国股"),
            bill_row("B-2", "60000", kind="bank", acceptor_class="农商"),
        )

        found = account(company, customer)
        assert found.parts.bill.text() == "100000.00"
        assert found.room.exposure.text() == "30000.00"
        assert found.room.adds_up

    def test_takes_an_acceptor_that_nobody_classed_as_the_weakest_of_its_kind(
        self, company, customer
    ) -> None:
        receive(company, bill_row(kind="bank"))

        assert Bill.objects.get().acceptor_class == "rural_bank"

    def test_says_unchanged_the_second_time_and_refuses_another_content(self, company, customer) -> None:
        receive(company, bill_row())

        assert receive(company, bill_row()) == ["unchanged"]
        assert receive(company, bill_row(amount="90000")) == ["refused"]
        assert counts(company, customer)["bill"] == "100000.00"

    @pytest.mark.parametrize(
        "fields",
        [
            {"kind": "cheque"},
            {"acceptor_class": "国营"},
            {"due_date": date(2026, 2, 28)},
            {"customer_code": "C9"},
        ],
    )
    def test_refuses_what_is_no_bill(self, company, customer, fields) -> None:
        assert receive(company, bill_row(**fields)) == ["refused"]
        assert not Bill.objects.exists()

    def test_leaves_what_is_beyond_the_invoice_unapplied(self, company, customer) -> None:
        receive(company, bill_row(amount="120000"))

        assert counts(company, customer) == {
            "billed": "0.00",
            "bill": "120000.00",
            "unapplied": "-20000.00",
            "exposure": "100000.00",
        }


class TestSplitBill:
    """Received as a package of 10,000,000 units of 0.01; parts of it go their own ways."""

    def _split(self, company, *amounts, number="B-1:1-10000000"):
        parts = move_bill.split_bill(
            company=company, number=number, amounts=[Decimal(one) for one in amounts], actor=SYSTEM
        )
        return [(one.number, one.amount.text(), one.status) for one in parts]

    def test_its_parts_count_as_the_whole_did(self, company, customer) -> None:
        assert receive(company, bill_row(sub_range="1-10000000")) == ["created"]

        parts = self._split(company, "60000", "30000")

        assert parts == [
            ("B-1:1-6000000", "60000.00", "held"),
            ("B-1:6000001-9000000", "30000.00", "held"),
            ("B-1:9000001-10000000", "10000.00", "held"),
        ]
        assert counts(company, customer)["bill"] == "100000.00"
        with pytest.raises(UnableToMoveBillError):
            move(company, "collected", number="B-1:1-10000000")

    def test_a_part_is_passed_on_and_split_again_by_itself(self, company, customer) -> None:
        receive(company, bill_row(sub_range="1-10000000"))
        self._split(company, "60000")

        self._split(company, "20000", number="B-1:1-6000000")
        move(company, "sold", number="B-1:1-2000000", counterparty="示例银行")

        assert counts(company, customer)["bill"] == "80000.00"

    def test_a_dishonoured_part_reopens_its_own_amount_only(self, company, customer) -> None:
        receive(company, bill_row(sub_range="1-10000000"))
        self._split(company, "60000")
        bounced_on = DUE + timedelta(days=1)

        move(company, "dishonoured", number="B-1:1-6000000", reason="资金不足", day=bounced_on)

        assert counts(company, customer) == {
            "billed": "60000.00",
            "bill": "40000.00",
            "unapplied": "0.00",
            "exposure": "100000.00",
        }
        (item,) = open_items.open_items(as_of=bounced_on)
        assert (item.invoice_number, item.open.text()) == ("INV-1", "60000.00")
        assert open_items.open_items(as_of=DUE) == ()

        move(company, "dishonoured", number="B-1:6000001-10000000", day=bounced_on)

        assert counts(company, customer)["billed"] == "100000.00"

    def test_a_range_of_a_package_is_received_once(self, company, customer) -> None:
        receive(company, bill_row(sub_range="1-10000000"))

        assert receive(company, bill_row(sub_range="1-10000000")) == ["unchanged"]
        assert receive(company, bill_row(amount="10", sub_range="10000001-10001000")) == ["created"]
        assert receive(company, bill_row(amount="10", sub_range="10000001-10001001")) == ["refused"]

    def test_a_bill_without_units_is_not_split(self, company, customer) -> None:
        receive(company, bill_row())

        with pytest.raises(UnableToSplitBillError):
            self._split(company, "60000", number="B-1")
        assert Bill.objects.get().status == "held"


class TestMoveBill:
    def test_collected_it_counts_no_more(self, company, customer) -> None:
        receive(company, bill_row())

        move(company, "collected")

        assert counts(company, customer)["exposure"] == "0.00"

    def test_endorsed_with_recourse_it_goes_on_counting_until_due_and_ten_days(
        self, company, customer
    ) -> None:
        receive(company, bill_row())
        move(company, "endorsed", counterparty="示例供应商有限公司")

        before = counts(company, customer)["exposure"]
        too_early = move_bill.lapse_recourse(company=company, actor=SYSTEM, as_of=DUE + timedelta(days=9))
        lapsed = move_bill.lapse_recourse(company=company, actor=SYSTEM, as_of=DUE + timedelta(days=10))
        again = move_bill.lapse_recourse(company=company, actor=SYSTEM, as_of=DUE + timedelta(days=10))

        assert (before, too_early, lapsed, again) == ("100000.00", 0, 1, 0)
        assert counts(company, customer)["exposure"] == "0.00"

    def test_passed_on_without_recourse_it_counts_no_more(self, company, customer) -> None:
        receive(company, bill_row())

        move(company, "sold", counterparty="示例银行")

        assert counts(company, customer)["bill"] == "0.00"

    def test_dishonoured_its_invoice_is_open_and_overdue_again_since_its_own_due_day(
        self, company, customer
    ) -> None:
        receive(company, bill_row())
        bounced_on = DUE + timedelta(days=1)

        move(company, "dishonoured", reason="资金不足", day=bounced_on)

        assert counts(company, customer) == {
            "billed": "100000.00",
            "bill": "0.00",
            "unapplied": "0.00",
            "exposure": "100000.00",
        }
        assert open_items.open_items(as_of=DUE) == ()
        (item,) = open_items.open_items(as_of=bounced_on)
        assert (item.invoice_number, item.due_date, item.open.text()) == (
            "INV-1",
            date(2026, 2, 1),
            "100000.00",
        )

    def test_keeps_every_step(self, company, customer) -> None:
        receive(company, bill_row())
        move(company, "pledged", counterparty="示例银行")
        move(company, "held")
        move(company, "discounted", counterparty="示例银行")
        move(company, "dishonoured")

        steps = BillEvent.objects.order_by("recorded_at", "pk").values_list("status", flat=True)
        assert list(steps) == ["held", "pledged", "held", "discounted", "dishonoured"]

    def test_takes_no_step_twice(self, company, customer) -> None:
        receive(company, bill_row())
        move(company, "collected")

        with pytest.raises(UnableToMoveBillError):
            move(company, "collected")
        with pytest.raises(UnableToMoveBillError):
            move(company, "dishonoured")
        assert counts(company, customer)["bill"] == "0.00"

    def test_says_that_there_is_no_such_bill(self, company, customer) -> None:
        with pytest.raises(move_bill.UnableToFindBillError):
            move(company, "collected", number="B-9")
