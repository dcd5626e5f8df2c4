from __future__ import annotations

from decimal import Decimal

import pytest

from factories.credit_facts import cny
from tradecredit.core.exposure import components, items
from tradecredit.core.exposure.items import ItemShare
from tradecredit.core.exposure.parting import PartLine

THIRD = ItemShare(counted=Decimal("1.00"), whole=Decimal("3.00"))


def line(item, amount):
    return PartLine(line=1, item=item, quantity=None, amount=Decimal(amount))


class TestPatterns:
    def test_reads_names_between_any_commas(self):
        assert items.patterns(" ST-*，钢材、ST-* ;Q235 B\n") == ("ST-*", "钢材", "Q235 B")

    def test_names_nothing_where_nothing_is_said(self):
        assert items.patterns(" , ") == ()


class TestBelongs:
    @pytest.mark.parametrize(
        ("item", "expected"), [("ST-7", True), ("钢材", True), ("钢材板", False), ("st-7", False)]
    )
    def test_takes_a_name_whole_and_a_star_as_a_beginning(self, item, expected):
        assert items.belongs(item, named=("ST-*", "钢材")) is expected


class TestShareOf:
    def test_adds_the_lines_that_belong(self):
        share = items.share_of(
            [line("ST-1", "20000"), line("X", "70000"), line("ST-2", "10000")], named=("ST-*",)
        )

        assert share == ItemShare(counted=Decimal(30000), whole=Decimal(100000))

    def test_knows_nothing_without_lines(self):
        assert not items.share_of([], named=("ST-*",)).is_known


class TestItemShare:
    def test_shares_in_proportion(self):
        share = ItemShare(counted=Decimal(30000), whole=Decimal(100000))

        assert share.of(cny("70000.00")) == cny("21000.00")
        assert share.back(cny("21000.00"), is_up=True) == cny("70000.00")

    def test_rounds_to_what_the_books_keep(self):
        assert THIRD.of(cny("100.00")) == cny("33.3333")
        assert THIRD.back(cny("0.0001"), is_up=True) == cny("0.0003")

    def test_takes_no_more_than_there_is(self):
        own = components.of({"ordered": "60.00", "reserved": "30.00", "delivered": "9.00"}, "CNY")
        most = components.of({"reserved": "20.00", "delivered": "3.00"}, "CNY")

        found = THIRD.parts_of(own, most=most)

        assert (found.reserved, found.delivered) == (cny("20.00"), cny("3.00"))

    @pytest.mark.parametrize("share", [THIRD, ItemShare(counted=None, whole=Decimal(0))])
    def test_is_read_as_it_was_recorded(self, share):
        assert items.from_dict(share.as_dict()) == share


class TestMoved:
    def test_never_counts_below_nothing(self):
        parts = components.of({"reserved": "10.00", "billed": "5.00"}, "CNY")
        before = components.of({"reserved": "10.01"}, "CNY")

        assert items.moved(parts, before=before, after=components.none_in("CNY")) == components.of(
            {"billed": "5.00"}, "CNY"
        )
