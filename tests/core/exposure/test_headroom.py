from __future__ import annotations

import pytest

from factories.credit_facts import cny
from tradecredit.core.exposure import components, headroom, measure
from tradecredit.core.exposure.measure import MeasurePolicy
from tradecredit.core.kernel.limit import Amount, NotSet, Unlimited
from tradecredit.core.kernel.money import CurrencyMismatchError, Money

PARTS = components.of(
    {
        "billed": "400000.00",
        "disputed": "50000.00",
        "ordered": "50000.00",
        "reserved": "20000.00",
        "unapplied": "-54000.00",
    },
    "CNY",
)
NOTHING_PREPAID = cny("0")
EVERYTHING = MeasurePolicy()


def room(base, *, temporary=None, parts=PARTS, policy=EVERYTHING, prepaid=NOTHING_PREPAID):
    return headroom.headroom(base=base, temporary=temporary, parts=parts, policy=policy, prepaid=prepaid)


class TestExposureParts:
    def test_counts_disputed_inside_billed(self):
        assert PARTS.total == cny("416000.00")

    def test_refuses_two_currencies(self):
        with pytest.raises(CurrencyMismatchError):
            components.of({}, "CNY").plus(components.of({}, "USD"))

    def test_refuses_unapplied_cash_above_zero(self):
        with pytest.raises(ValueError, match="unapplied"):
            components.of({"unapplied": "0.01"}, "CNY")

    def test_refuses_an_unknown_stage(self):
        with pytest.raises(ValueError, match="consigned"):
            components.of({"consigned": "1"}, "CNY")


class TestHeadroom:
    def test_leaves_what_the_line_has_over_exposure(self):
        found = room(Amount(cny("500000.00")))

        assert found.exposure == cny("416000.00")
        assert found.available == Amount(cny("84000.00"))
        assert found.after(cny("120000.00")) == Amount(cny("-36000.00"))

    def test_names_every_term_with_its_sign(self):
        found = room(Amount(cny("500000.00")), temporary=cny("30000.00"))

        assert [(term.code, term.amount.text()) for term in found.terms] == [
            ("base", "500000.00"),
            ("temporary", "30000.00"),
            ("billed", "-350000.00"),
            ("disputed", "-50000.00"),
            ("bill", "0.00"),
            ("delivered", "0.00"),
            ("ordered", "-50000.00"),
            ("unapplied", "54000.00"),
            ("reserved", "-20000.00"),
        ]
        assert found.available == Amount(cny("114000.00"))
        assert found.adds_up

    def test_stays_not_set_without_a_line(self):
        assert room(NotSet()).available == NotSet()

    def test_takes_a_temporary_line_alone_as_a_line(self):
        assert room(NotSet(), temporary=cny("450000.00")).available == Amount(cny("34000.00"))

    def test_stays_unlimited(self):
        assert room(Unlimited(), temporary=cny("1.00")).available == Unlimited()

    def test_gives_nothing_for_a_line_of_zero(self):
        assert room(Amount(cny("0"))).available == Amount(cny("-416000.00"))

    def test_leaves_out_what_policy_does_not_count(self):
        found = room(
            Amount(cny("500000.00")), policy=MeasurePolicy(counts_disputed=False, counts_unapplied=False)
        )

        assert found.exposure == cny("420000.00")

    def test_counts_the_prepayment_of_this_document_where_unapplied_cash_does_not_count(self):
        policy = MeasurePolicy(counts_unapplied=False)

        assert room(Amount(cny("500000.00")), policy=policy, prepaid=cny("36000.00")).exposure == cny(
            "434000.00"
        )
        assert room(Amount(cny("500000.00")), prepaid=cny("36000.00")).exposure == cny("416000.00")


class TestMeasure:
    def test_sums_nothing_to_zero(self):
        assert measure.total((), currency="CNY") == Money.zero("CNY")
