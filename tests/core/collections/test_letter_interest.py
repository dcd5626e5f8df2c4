"""Interest in letters: how much, on what ground; reserved where there is none; never on what is contested."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tradecredit.core.collections import letter_interest
from tradecredit.core.collections.letter_interest import LineInterest, Told
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words

UNTIL = date(2026, 3, 2)
BASIS = Words(zh="合同未约定利率，依示例条例", en="no rate agreed; by the example regulation")
TOTAL = Money.of("82000.00", "CNY")


def cny(text):
    return Money.of(text, "CNY")


def told(*lines):
    return Told(
        lines=[
            LineInterest(amount=cny(amount), daily_rate=Decimal(rate), contract_number=contract)
            for amount, rate, contract in lines
        ],
        basis=BASIS,
        until=UNTIL,
    )


def fields(what, language="en", total=TOTAL):
    return letter_interest.fields(what, total=total, language=language)


def test_each_ground_is_named_with_its_rate_and_its_sum():
    found = fields(told(("520.00", "0.0005", ""), ("90.00", "0.0003", "HT-7"), ("30.00", "0.0003", "HT-7")))

    assert found["interest_statement"] == (
        "Interest for late payment, from the day after each due date (or after the day up to which it was charged) to "
        "2 March 2026: CNY 520.00 at 0.05 % a day (no rate agreed; by the example regulation); CNY 120.00 at 0.03 % a day "
        "as agreed in contract HT-7. Interest in all CNY 640.00; with the items above CNY 82,640.00. Interest runs until "
        "the items are paid."
    )
    assert found["interest_figures"] == "CNY 640.00"
    assert found["total_with_interest_figures"] == "CNY 82,640.00"


def test_in_chinese_with_capitals():
    found = fields(told(("520.00", "0.0005", ""), ("90.00", "0.0003", "HT-7")), "zh")

    assert found["interest_statement"] == (
        "逾期利息：自各笔到期（已计收的，自上次计收）次日起计至2026年3月2日，"
        "按日利率 0.05%（合同未约定利率，依示例条例）计 CNY 520.00；按合同 HT-7 约定的日利率 0.03% 计 CNY 90.00；"
        "利息共计 CNY 610.00，连同上列款项合计 CNY 82,610.00（大写：人民币捌万贰仟陆佰壹拾元整）。利息计至款项付清之日。"
    )
    assert found["total_with_interest_capitals"] == "人民币捌万贰仟陆佰壹拾元整"


@pytest.mark.parametrize("what", [told(), told(("0.00", "0.0005", "HT-7"))])
def test_without_interest_no_sum_and_no_ground_is_claimed(what):
    in_words = {language: fields(what, language)["interest_statement"] for language in ("zh", "en")}

    assert in_words == {
        "zh": "我们保留依合同和法律主张逾期利息的权利。",
        "en": "We reserve the right to claim interest for late payment by contract and law.",
    }


def test_a_ground_that_the_policy_does_not_name_is_left_out():
    without = Told(lines=told(("5.00", "0.0005", "")).lines, until=UNTIL)

    assert "CNY 5.00 at 0.05 % a day. Interest in all" in fields(without)["interest_statement"]


def test_marks_in_a_contract_number_stay_marks():
    assert r"contract HT\_7\*" in fields(told(("5.00", "0.0005", "HT_7*")))["interest_statement"]


def test_the_share_of_what_is_contested_is_left_out():
    found = letter_interest.of_asked(cny("150.00"), asked=cny("4000.00"), open_amount=cny("10000.00"))

    assert found == cny("60.00")


cents = some.integers(min_value=1, max_value=10**9).map(lambda value: Money(Decimal(value) / 100, "CNY"))


@given(accrued=cents, asked=cents, more=cents)
def test_interest_on_a_part_is_never_more_than_on_the_whole(accrued, asked, more):
    part = letter_interest.of_asked(accrued, asked=asked, open_amount=asked + more)

    assert Money.zero("CNY") <= part <= accrued
    assert letter_interest.of_asked(accrued, asked=asked, open_amount=asked) == accrued


@given(amounts=some.lists(cents, min_size=1, max_size=6))
def test_the_sums_are_those_of_the_lines(amounts):
    lines = [LineInterest(amount=one, daily_rate=Decimal("0.0005")) for one in amounts]
    found = fields(Told(lines=lines, until=UNTIL))
    interest = money.total(amounts, "CNY")

    assert found["interest_figures"].replace(",", "") == f"CNY {interest.text()}"
    assert found["total_with_interest_figures"].replace(",", "") == f"CNY {(TOTAL + interest).text()}"
