"""Cases from what users of other systems complained about: exposure counted twice, kept too long, or on the wrong side.

Each case says which figure other systems got wrong, and ours.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from factories import orders, receivables
from factories.credit_facts import section
from factories.documents import (
    DAY,
    account,
    bill,
    check,
    deliver,
    goods,
    left,
    opening,
    paper,
    room,
    stages,
)
from factories.receivables import SYSTEM, payment_row
from tradecredit.analytics.exposure import order_books
from tradecredit.analytics.receivables import aging, open_items
from tradecredit.core.receivables.bills import BillStatus
from tradecredit.flows.cash import move_bill, open_dispute
from tradecredit.flows.imports import retry_waiting
from tradecredit.flows.imports.import_invoices import InstalmentRow, SourceRow
from tradecredit.flows.orders import move_order

pytestmark = pytest.mark.django_db


class TestCountedTwice:
    def test_p01_a_delivery_of_60_in_a_line_of_100_counts_60(self, company, customer):
        """Others: the delivery note itself and its order, 120 of 100. Ours: 60 of 100."""
        check(company, "60000.00")

        view = deliver(company, "60000.00")

        assert view.lets_through
        assert stages(company, customer) == {"delivered": "60000.00"}

    def test_p01_checking_the_same_order_twice_changes_nothing(self, company, customer):
        """Others: 60 + 60 reserved. Ours: 60 both times."""
        first = check(company, "60000.00")
        second = check(company, "60000.00")

        assert (first.lets_through, second.lets_through) == (True, True)
        assert stages(company, customer) == {"reserved": "60000.00"}

    def test_p02_a_confirmed_order_and_its_invoice_are_one_debt(self, company, customer):
        """Others: order 80 and its draft invoice 80 make 160. Ours: 80."""
        check(company, "80000.00")

        bill(company, "INV-1", "80000", order_number="SO-1")

        assert stages(company, customer) == {"billed": "80000.00"}

    def test_p02_one_invoice_for_two_orders_leaves_the_rest_of_each(self, company, customer):
        """Others: 90 billed beside 60 + 40 ordered, 190. Ours: 90 billed and 10 ordered."""
        check(company, "60000.00")
        check(company, "40000.00", reference="SO-2")
        sources = (
            SourceRow(kind="order", number="SO-1", amount=Decimal(60000)),
            SourceRow(kind="order", number="SO-2", amount=Decimal(30000)),
        )

        bill(company, "INV-1", "90000", sources=sources)

        assert stages(company, customer) == {"billed": "90000.00", "ordered": "10000.00"}

    def test_p02_several_invoices_of_one_order_never_make_more_than_the_order(self, company, customer):
        """Others: drafts left out of one bucket vanish from all. Ours: 25 + 35 billed, 40 ordered: 100."""
        check(company, "100000.00")

        bill(company, "INV-1", "25000", order_number="SO-1")
        bill(company, "INV-2", "35000", order_number="SO-1")

        assert stages(company, customer) == {"billed": "60000.00", "ordered": "40000.00"}

    def test_p03_24000_available_lets_12010_leave_and_shows_the_arithmetic(self, company, customer):
        """Others: 24,000 available, a delivery of 12,010 refused since it was deducted twice. Ours: 11,990 stay."""
        bill(company, "INV-0", "76000")
        check(company, "12010.00")

        view = deliver(company, "12010.00")

        assert view.lets_through
        assert view.decision.headroom.adds_up
        assert room(company, customer) == "11990.00"

    def test_p04_consignment_moves_from_order_to_stock_to_usage_to_invoice(self, company, customer):
        """Others: the order stays occupied beside the receivable, 160. Ours: 40 + 35 + 25 = 100 at every step."""
        opening(company)
        left(company, "CD-1", amount="60000", kind="寄售")
        stocked = stages(company, customer)
        goods(company, "usage", "USE-1", "CD-1", "25000")
        used = stages(company, customer)

        bill(
            company,
            "INV-1",
            "25000",
            sources=(SourceRow(kind="usage", number="USE-1", amount=Decimal(25000)),),
        )

        assert stocked == used == {"ordered": "40000.00", "delivered": "60000.00"}
        assert stages(company, customer) == {
            "ordered": "40000.00",
            "delivered": "35000.00",
            "billed": "25000.00",
        }

    def test_p04_an_invoice_that_names_an_unknown_usage_is_an_orphan_until_the_usage_comes(
        self, company, customer
    ):
        """Others: repeated occupation that nobody sees. Ours: 125 named as an orphan, 100 once the usage is there."""
        opening(company)
        left(company, "CD-1", amount="60000", kind="consignment")
        bill(
            company,
            "INV-1",
            "25000",
            sources=(SourceRow(kind="usage", number="USE-1", amount=Decimal(25000)),),
        )

        orphans = order_books.orphans(company_id=company.pk)
        before = account(company, customer).parts.total.text()
        goods(company, "usage", "USE-1", "CD-1", "25000")

        assert [(one.invoice, one.number) for one in orphans] == [("INV-1", "USE-1")]
        assert (before, account(company, customer).parts.total.text()) == ("125000.00", "100000.00")
        assert order_books.orphans(company_id=company.pk) == ()

    def test_p05_a_delivery_of_a_released_order_asks_for_nothing_more(self, company, customer):
        """Others: the delivery of a full line is checked again and refused. Ours: 100 of 100 leaves."""
        check(company, "100000.00")

        view = deliver(company, "100000.00")

        assert view.lets_through
        assert view.decision.reserves is None

    def test_p05_what_goes_beyond_the_order_is_checked(self, company, customer):
        """Others: a delivery beyond its order passes unseen. Ours: 110 against 100 is held, nothing moves."""
        check(company, "100000.00")

        view = deliver(company, "110000.00")

        assert not view.lets_through
        assert stages(company, customer) == {"reserved": "100000.00"}

    def test_p05_goods_that_left_without_an_order_wait_and_are_counted_once_it_comes(self, company, customer):
        """Others: the delivery is dropped or counted beside its order. Ours: waits, then 30 + 70."""
        refused = left(company, "DN-1")
        waiting = stages(company, customer)
        opening(company)

        retry_waiting.follow_late_orders(company=company, customer_ids=[customer.pk], actor=SYSTEM)

        assert (refused.status.value, refused.waits_for, waiting) == ("refused", "order:SO-1", {})
        assert stages(company, customer) == {"ordered": "70000.00", "delivered": "30000.00"}


class TestRemainders:
    def test_p08_short_closing_gives_the_never_delivered_rest_back(self, company, customer):
        """Others: the rest of a locked order counts for ever, 100. Ours: 30."""
        check(company, "100000.00")
        deliver(company, "30000.00")

        move_order.close_order(company=company, reference="SO-1", actor=SYSTEM)

        assert stages(company, customer) == {"delivered": "30000.00"}
        assert room(company, customer) == "70000.00"

    def test_p08_a_closing_told_by_the_other_system_twice_gives_back_once(self, company, customer):
        """Others: −70 twice. Ours: 30 delivered stays owed, and no more is given back."""
        opening(company)
        left(company, "DN-1")

        first = opening(company, status="closed")
        second = opening(company, status="closed")

        assert (first.status.value, second.status.value) == ("updated", "unchanged")
        assert stages(company, customer) == {"delivered": "30000.00"}

    def test_p08_goods_that_left_before_a_cancellation_stay_owed_however_late_they_are_told(
        self, company, customer
    ):
        """Others: the late delivery is refused and forgotten, 0. Ours: 30, ninety days late."""
        opening(company, status="cancelled")

        late = left(company, "DN-1")

        assert late.status.value == "created"
        assert "cancelled" in late.words.en
        assert stages(company, customer) == {"delivered": "30000.00"}

    def test_p08_correcting_an_invoice_downwards_gives_the_difference_back_to_its_order(
        self, company, customer
    ):
        """Others (and we, once): 60 billed of an order of 100 corrected to 50 leaves 90. Ours: 100."""
        check(company, "100000.00")
        bill(company, "INV-1", "60000", order_number="SO-1")

        bill(company, "INV-1", "50000", order_number="SO-1")

        assert stages(company, customer) == {"billed": "50000.00", "ordered": "50000.00"}

    def test_p09_a_blanket_order_that_is_not_controlled_occupies_only_what_leaves(self, company, customer):
        """Others: a year's blanket order fills the line at once. Ours: a line of 100 carries it as policy counts."""
        control = section("five-pillars", "order_control")
        control["exposure"]["ordered"] = False
        orders.policy(company, order_control=control, receivables=section("five-pillars", "receivables"))
        opening(company, amount="900000")
        left(company, "DN-1", amount="40000")

        assert stages(company, customer) == {"ordered": "860000.00", "delivered": "40000.00"}
        assert room(company, customer) == "60000.00"


class TestOpenItems:
    def test_p20_buckets_sum_to_what_is_open_with_what_is_not_due(self, company, customer):
        """Others: 70 in buckets, 100 outstanding. Ours: 100 in both, 40 of it not due."""
        bill(company, "INV-1", "60000", invoice_date=date(2026, 1, 1), due_date=date(2026, 2, 1))
        bill(company, "INV-2", "40000")

        (total,) = aging.aging(as_of=DAY, scheme="overdue").totals

        assert total.aged.open.text() == "100000.00"
        assert [amount.text() for amount in total.aged.amounts][:2] == ["40000.00", "60000.00"]

    def test_p20_an_unapplied_advance_stands_beside_the_buckets_and_lowers_exposure(self, company, customer):
        """Others: the advance falls out of the report, 60 owed. Ours: 60 open, −20 unapplied, 40 exposure."""
        bill(company, "INV-1", "60000")
        receivables.payments(company, payment_row("PAY-1", "20000", payment_date=DAY), match=False)

        assert stages(company, customer) == {"billed": "60000.00", "unapplied": "-20000.00"}
        assert account(company, customer).room.exposure.text() == "40000.00"

    def test_p21_a_day_in_the_past_does_not_know_a_later_payment(self, company, customer):
        """Others: 0 open on 15 February since March's payment is deducted. Ours: 60."""
        bill(company, "INV-1", "60000", invoice_date=date(2026, 1, 1), due_date=date(2026, 2, 1))
        receivables.payments(company, payment_row("PAY-1", "60000", payment_date=DAY, invoice_number="INV-1"))

        past = open_items.open_items(as_of=date(2026, 2, 15))

        assert [item.open.text() for item in past] == ["60000.00"]
        assert open_items.open_items(as_of=DAY) == ()

    def test_p21_a_bill_that_was_dishonoured_later_had_settled_its_invoice_until_then(
        self, company, customer
    ):
        """Others: the past is rewritten, overdue all along. Ours: settled until the day it bounced, overdue from it."""
        bill(company, "INV-1", "60000", invoice_date=date(2026, 1, 1), due_date=date(2026, 2, 1))
        paper(company, "60000", invoice_number="INV-1")
        move_bill.move_bill(
            company=company,
            number="B-1",
            status=BillStatus.DISHONOURED,
            actor=SYSTEM,
            day=date(2026, 9, 1),
        )

        assert open_items.open_items(as_of=date(2026, 8, 31)) == ()
        assert [item.due_date for item in open_items.open_items(as_of=date(2026, 9, 1))] == [date(2026, 2, 1)]

    def test_p22_each_instalment_is_due_on_its_own_day(self, company, customer):
        """Others: nothing overdue until the last instalment. Ours: 20 overdue, 40 not due."""
        parts = (
            InstalmentRow(due_date=date(2026, 2, 1), amount=Decimal(20000)),
            InstalmentRow(due_date=date(2026, 5, 1), amount=Decimal(40000)),
        )
        bill(company, "INV-1", "60000", invoice_date=date(2026, 1, 1), due_date=None, instalments=parts)

        held = check(company, "1000.00")

        assert held.facts.receivables.overdue_amount.text() == "20000.00"
        assert held.facts.receivables.open_amount.text() == "60000.00"

    def test_p23_a_disputed_part_is_not_overdue_and_still_counts(self, company, customer):
        """Others: the whole invoice leaves the books of risk, 0. Ours: 60 exposure, 15 of it disputed, 45 overdue."""
        bill(company, "INV-1", "60000", invoice_date=date(2026, 1, 1), due_date=date(2026, 2, 1))

        open_dispute.open_dispute(
            company=company,
            invoice_number="INV-1",
            reason_code="quality",
            amount=Decimal(15000),
            actor=SYSTEM,
        )
        view = check(company, "1000.00")

        assert view.facts.receivables.overdue_amount.text() == "45000.00"
        assert account(company, customer).room.exposure.text() == "60000.00"
        assert view.facts.exposure.disputed.text() == "15000.00"

    def test_p23_policy_may_leave_the_disputed_part_out(self, company, customer):
        """Others: all or nothing. Ours: 45 of 60 where policy says that disputed parts do not count."""
        control = section("five-pillars", "order_control")
        control["exposure"]["disputed"] = False
        orders.policy(company, order_control=control, receivables=section("five-pillars", "receivables"))
        bill(company, "INV-1", "60000")

        open_dispute.open_dispute(
            company=company,
            invoice_number="INV-1",
            reason_code="quality",
            amount=Decimal(15000),
            actor=SYSTEM,
        )

        assert account(company, customer).room.exposure.text() == "45000.00"
