"""Which step of a bill may follow which."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradecredit.core.receivables import bills
from tradecredit.core.receivables.bills import (
    BillStatus,
    SubRange,
    UnableToMoveBillError,
    UnableToSplitBillError,
)

ENDS = (
    *(BillStatus.SOLD, BillStatus.COLLECTED, BillStatus.LAPSED, BillStatus.DISHONOURED),
    BillStatus.SPLIT,
)
FIVE_THOUSAND = SubRange(first=1, latest=500_000)


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


class TestParseRange:
    @pytest.mark.parametrize("text", ["1-500000", "000000000001-000000500000", " 1 ~ 500000 ", "1至500000"])
    def test_reads_what_banks_write(self, text):
        assert bills.parse_range(text) == FIVE_THOUSAND

    @pytest.mark.parametrize("text", ["", "0", "0-100", "5-4", "1-", "one-two", "1-2-3"])
    def test_reads_nothing_else(self, text):
        assert bills.parse_range(text) is None


class TestOfAmount:
    def test_is_worth_its_amount(self):
        assert bills.of_amount(first=1, amount=Decimal("5000.0000")) == FIVE_THOUSAND
        assert FIVE_THOUSAND.amount == Decimal("5000.00")
        assert FIVE_THOUSAND.number("B-1") == "B-1:1-500000"


class TestSplit:
    def test_leaves_the_rest_as_the_last_part(self):
        found = bills.split(number="B-1", held=FIVE_THOUSAND, amounts=[Decimal(2000), Decimal("0.01")])

        assert found == (
            SubRange(first=1, latest=200_000),
            SubRange(first=200_001, latest=200_001),
            SubRange(first=200_002, latest=500_000),
        )

    def test_splits_a_part_where_it_begins(self):
        found = bills.split(number="B-1", held=SubRange(first=101, latest=300), amounts=[Decimal(1)])

        assert found == (SubRange(first=101, latest=200), SubRange(first=201, latest=300))

    @pytest.mark.parametrize(
        "amounts", [[], ["0"], ["-1"], ["0.005"], ["5000"], ["5000.01"], ["4000", "1001"]]
    )
    def test_refuses_what_are_no_parts(self, amounts):
        with pytest.raises(UnableToSplitBillError):
            bills.split(number="B-1", held=FIVE_THOUSAND, amounts=[Decimal(one) for one in amounts])

    def test_refuses_a_bill_that_is_no_package(self):
        with pytest.raises(UnableToSplitBillError, match="no range"):
            bills.split(number="B-1", held=None, amounts=[Decimal(1)])

    @given(st.lists(st.integers(1, 10_000), min_size=2, max_size=12), st.integers(1, 10**9))
    def test_loses_and_doubles_no_unit(self, units, first):
        held = SubRange(first=first, latest=first + sum(units) - 1)
        amounts = [Decimal(one) / 100 for one in units[:-1]]

        found = bills.split(number="B-1", held=held, amounts=amounts)

        assert [one.amount for one in found] == [Decimal(one) / 100 for one in units]
        assert [(found[0].first, found[-1].latest)] == [(held.first, held.latest)]
        assert all(after.first == before.latest + 1 for before, after in pairwise(found))
