"""Cases from what users of other systems complained about: exposure counted twice, kept too long, or on the wrong side.

Each case says which figure other systems got wrong, and ours.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from factories import customers, orders, receivables
from factories.credit_facts import section
from factories.receivables import SYSTEM, credit_row, invoice_row, payment_row
from tradecredit.analytics.exposure import insured_items, order_books
from tradecredit.analytics.order_checks import exposures
from tradecredit.analytics.receivables import aging, open_items
from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel.money import Money
from tradecredit.core.receivables.bills import BillStatus
from tradecredit.flows.cash import move_bill, open_dispute, receive_bills
from tradecredit.flows.cash.receive_bills import BillRow
from tradecredit.flows.imports import import_deliveries, import_goods_events, import_orders, retry_waiting
from tradecredit.flows.imports.import_deliveries import DeliveryRow
from tradecredit.flows.imports.import_goods_events import GoodsEventRow
from tradecredit.flows.imports.import_invoices import InstalmentRow, SourceRow
from tradecredit.flows.imports.import_orders import OrderRow
from tradecredit.flows.limits import keep_covers
from tradecredit.flows.limits.keep_covers import CoverRow, UnableToActivateCoverError
from tradecredit.flows.orders import check_order_credit, deliver_order, move_order, verify_exposure
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
STAGES = ("ordered", "delivered", "billed", "bill", "unapplied", "reserved")


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


@pytest.fixture
def customer(company):
    """C001 with a line of 100,000.00, rated B, that owes nothing."""
    orders.policy(company, receivables=section("five-pillars", "receivables"))
    found = customers.customer(company)
    orders.line(company, found, "100000.00")
    orders.rating(company, found)
    with scope.entered(SYSTEM), clock.on(company, DAY):
        yield found
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole


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


class TestPrepayments:
    def prepay(self, company, amount, reference="SO-1", number="PAY-1"):
        receivables.payments(company, payment_row(number, amount, payment_date=DAY, order_number=reference))

    def test_p27_a_down_payment_lowers_the_check_of_its_order(self, company, customer):
        """Others: the negative line adds risk, 150 of 100. Ours: 150 less 50 fits in 100."""
        self.prepay(company, "50000")

        view = check(company, "150000.00")

        assert view.facts.prepaid.text() == "50000.00"
        assert view.lets_through

    def test_p27_it_cannot_be_counted_for_another_order(self, company, customer):
        """Others: 50 of cash make room for everything, 150. Ours: 100 for SO-2, the cash is SO-1's."""
        self.prepay(company, "50000")

        assert not check(company, "120000.00", reference="SO-2").lets_through
        assert room(company, customer) == "100000.00"
        assert check(company, "100000.00", reference="SO-2").lets_through

    def test_p27_a_paid_pro_forma_is_delivered(self, company, customer):
        """Others: the paid pro-forma of a full line is blocked at delivery. Ours: 20 leave though the line is full."""
        bill(company, "INV-0", "100000")
        self.prepay(company, "20000")

        released = check(company, "20000.00")
        view = deliver(company, "20000.00")

        assert (released.lets_through, view.lets_through) == (True, True)

    def test_p27_invoiced_ahead_and_paid_it_may_still_leave(self, company, customer):
        """Others: an order invoiced in full cannot be delivered. Ours: it leaves and asks for nothing."""
        check(company, "20000.00")
        bill(company, "INV-1", "20000", order_number="SO-1")
        receivables.payments(company, payment_row("PAY-1", "20000", payment_date=DAY, invoice_number="INV-1"))

        view = deliver(company, "20000.00")

        assert view.lets_through
        assert stages(company, customer) == {}

    def test_p27_it_is_applied_to_the_orders_invoice_first(self, company, customer):
        """Others: it pays the oldest invoice. Ours: the order's own, 10 stay for its next one."""
        bill(company, "INV-0", "30000", invoice_date=date(2026, 1, 1), due_date=date(2026, 2, 1))
        self.prepay(company, "30000")
        check(company, "20000.00")

        bill(company, "INV-1", "20000", order_number="SO-1")

        found = {item.invoice_number: item.open.text() for item in open_items.open_items(as_of=DAY)}
        assert found == {"INV-0": "30000.00"}
        assert stages(company, customer) == {"billed": "30000.00", "unapplied": "-10000.00"}

    def test_p27_a_cancelled_order_gives_its_cash_back_to_all(self, company, customer):
        """Others: the cash stays tied. Ours: 150 of room once SO-1 is cancelled."""
        self.prepay(company, "50000")
        check(company, "60000.00")

        move_order.cancel_order(company=company, reference="SO-1", actor=SYSTEM)

        assert room(company, customer) == "150000.00"


class TestReductions:
    def test_p42_a_credit_note_lowers_exposure(self, company, customer):
        """Others: the refund adds risk, 80. Ours: 60 − 20 = 40."""
        bill(company, "INV-1", "60000")

        receivables.credits_(company, credit_row("CN-1", "20000", credit_date=DAY, invoice_number="INV-1"))

        assert stages(company, customer) == {"billed": "40000.00"}

    def test_p42_a_credit_note_is_never_blocked_by_a_full_or_frozen_line(self, company, customer):
        """Others: the refund is refused at 100 of 100. Ours: recorded, 80."""
        bill(company, "INV-1", "120000", invoice_date=date(2025, 1, 1), due_date=date(2025, 2, 1))

        done = receivables.credits_(
            company, credit_row("CN-1", "40000", credit_date=DAY, invoice_number="INV-1")
        )

        assert done.rows[0].status.value == "created"
        assert stages(company, customer) == {"billed": "80000.00"}

    def test_p42_a_credit_note_before_its_invoice_is_set_off_when_it_comes(self, company, customer):
        """Others: −20 and 60 side by side. Ours: 40 billed."""
        receivables.credits_(company, credit_row("CN-1", "20000", credit_date=DAY, invoice_number="INV-1"))

        bill(company, "INV-1", "60000")

        assert stages(company, customer) == {"billed": "40000.00"}

    def test_p42_a_payment_before_its_invoice_too(self, company, customer):
        """Others: −60 and 60 side by side, overdue later. Ours: nothing owed."""
        receivables.payments(company, payment_row("PAY-1", "60000", payment_date=DAY, invoice_number="INV-1"))

        bill(company, "INV-1", "60000")

        assert stages(company, customer) == {}

    def test_p40_a_return_is_recorded_though_nothing_may_leave(self, company, customer):
        """Others: the return's document is blocked by the credit hold. Ours: 30 delivered less 10 returned is 20."""
        opening(company)
        left(company, "DN-1")
        bill(company, "INV-9", "90000", invoice_date=date(2025, 1, 1), due_date=date(2025, 2, 1))

        done = goods(company, "return", "RET-1", "DN-1", "10000")

        assert done.status.value == "created"
        assert stages(company, customer) == {
            "ordered": "70000.00",
            "delivered": "20000.00",
            "billed": "90000.00",
        }

    def test_p40_goods_returned_to_be_replaced_are_still_to_leave(self, company, customer):
        """Others: the replacement is checked as new risk, 110. Ours: 80 + 20 = 100."""
        opening(company)
        left(company, "DN-1")

        goods(company, "replaced", "RET-1", "DN-1", "10000")

        assert stages(company, customer) == {"ordered": "80000.00", "delivered": "20000.00"}

    def test_p40_never_more_comes_back_than_left(self, company, customer):
        """Others: negative stock of risk. Ours: refused, nothing moves."""
        opening(company)
        left(company, "DN-1")

        assert goods(company, "return", "RET-1", "DN-1", "30000.01").status.value == "refused"
        assert stages(company, customer) == {"ordered": "70000.00", "delivered": "30000.00"}


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


class TestBillsAndCovers:
    def test_u18_a_state_banks_bill_frees_the_line_and_a_companys_does_not(self, company, customer):
        """Others: one weight for all bills. Ours: 60 free with a state bank's bill, 0 with a company's."""
        bill(company, "INV-1", "60000")
        paper(company, "60000", invoice_number="INV-1")
        free = room(company, customer)
        bill(company, "INV-2", "60000")
        paper(company, "60000", "B-2", kind="commercial", acceptor_class="commercial", invoice_number="INV-2")

        assert free == "100000.00"
        assert room(company, customer) == "40000.00"

    def test_u18_a_dishonoured_bill_makes_its_invoice_overdue_again(self, company, customer):
        """Others: the invoice stays paid. Ours: 60 overdue since 1 February stops the next order."""
        bill(company, "INV-1", "60000", invoice_date=date(2026, 1, 1), due_date=date(2026, 2, 1))
        paper(company, "60000", invoice_number="INV-1")
        before = check(company, "1000.00")

        move_bill.move_bill(company=company, number="B-1", status=BillStatus.DISHONOURED, actor=SYSTEM)
        after = check(company, "1000.00", reference="SO-2")

        assert (before.lets_through, after.lets_through) == (True, False)
        assert after.facts.receivables.overdue_days_max == 29

    def test_u25_a_guarantee_adds_to_the_line_after_its_haircut_as_a_term_of_its_own(self, company, customer):
        """Others: hidden in the limit. Ours: 100 + 50 × 70 % = 135, and the equation adds up."""
        cover(company, haircut=Decimal("0.3"))
        activate(company)

        found = account(company, customer).room

        assert limits.text(found.available) == "135000.00"
        assert [term.amount.text() for term in found.terms if term.code == "cover_line"] == ["35000.00"]
        assert found.adds_up

    def test_u25_insurance_lowers_the_exposure(self, company, customer):
        """Others: only arithmetic outside. Ours: 80 gross, 30 net, 70 free."""
        bill(company, "INV-1", "80000")
        cover(company, kind="信用保险", amount="50000")
        activate(company)

        found = account(company, customer)

        assert (found.parts.total.text(), found.room.exposure.text()) == ("80000.00", "30000.00")
        assert limits.text(found.room.available) == "70000.00"

    def test_u25_cover_ends_by_itself_on_its_day(self, company, customer):
        """Others: a job must remove it. Ours: 150 on the 31st, 100 on the 1st."""
        cover(company, valid_to=date(2026, 4, 1))
        activate(company)

        assert room(company, customer, date(2026, 3, 31)) == "150000.00"
        assert room(company, customer, date(2026, 4, 1)) == "100000.00"

    def test_u25_cover_without_its_documents_does_not_count(self, company, customer):
        """Others: a tick in a box. Ours: refused by rule and by the database, 100."""
        cover(company, documents=("guarantee contract", "board resolution"))

        with pytest.raises(UnableToActivateCoverError):
            activate(company, documents=("guarantee contract",))
        assert room(company, customer) == "100000.00"

        activate(company, documents=("guarantee contract", "board resolution"))
        assert room(company, customer) == "150000.00"

    def test_u25_the_insurers_deadline_is_told(self, company, customer):
        """Others: nobody remembers. Ours: overdue since 1 February, tell the insurer by 3 March."""
        bill(company, "INV-1", "60000", invoice_date=date(2026, 1, 1), due_date=date(2026, 2, 1))
        cover(company, kind="insurance", provider="示例保险", notify_days=30, valid_from=date(2026, 1, 1))
        activate(company)

        (item,) = insured_items.insured_items(company_id=company.pk, as_of=DAY)

        assert (item.invoice, item.notify_by, item.days_left(DAY)) == ("INV-1", date(2026, 3, 3), 1)
