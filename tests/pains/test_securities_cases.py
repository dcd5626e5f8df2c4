"""Cases from what users of other systems complained about: prepayments, credit notes, bills and cover.

Each case says which figure other systems got wrong, and ours.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from factories import receivables
from factories.documents import (
    DAY,
    account,
    activate,
    bill,
    check,
    cover,
    deliver,
    goods,
    left,
    opening,
    paper,
    room,
    stages,
)
from factories.receivables import SYSTEM, credit_row, payment_row
from tradecredit.analytics.exposure import insured_items
from tradecredit.analytics.receivables import open_items
from tradecredit.core.kernel import limit as limits
from tradecredit.core.receivables.bills import BillStatus
from tradecredit.flows.cash import move_bill
from tradecredit.flows.limits.keep_covers import UnableToActivateCoverError
from tradecredit.flows.orders import move_order

pytestmark = pytest.mark.django_db


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
