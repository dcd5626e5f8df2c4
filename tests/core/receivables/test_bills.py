"""Which step of a bill may follow which."""

from datetime import date

import pytest

from tradecredit.core.receivables import bills
from tradecredit.core.receivables.bills import BillStatus, UnableToMoveBillError

ENDS = (BillStatus.SOLD, BillStatus.COLLECTED, BillStatus.LAPSED, BillStatus.DISHONOURED)


class TestRequireStep:
    @pytest.mark.parametrize(
        "wanted", ["pledged", "endorsed", "discounted", "sold", "collected", "dishonoured"]
    )
    def test_lets_a_held_bill_go_anywhere(self, wanted):
        bills.require_step(number="B-1", current=BillStatus.HELD, wanted=BillStatus(wanted))

    @pytest.mark.parametrize("current", ENDS)
    @pytest.mark.parametrize("wanted", list(BillStatus))
    def test_lets_nothing_follow_an_end(self, current, wanted):
        with pytest.raises(UnableToMoveBillError):
            bills.require_step(number="B-1", current=current, wanted=wanted)

    def test_lets_a_pledged_bill_not_be_passed_on(self):
        with pytest.raises(UnableToMoveBillError):
            bills.require_step(number="B-1", current=BillStatus.PLEDGED, wanted=BillStatus.ENDORSED)


class TestRecourseEndsOn:
    def test_counts_the_days_after_the_due_day(self):
        assert bills.recourse_ends_on(due_date=date(2026, 6, 1), recourse_days=10) == date(2026, 6, 11)
