"""Whole columns of orders come out as order after order does."""

from __future__ import annotations

import dataclasses
import struct
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.any_facts import POLICIES, facts_strategy
from factories.any_policies import pairs
from factories.credit_facts import credit_facts
from tradecredit.analytics.compiled import plain_orders
from tradecredit.core.decisions import differing, quick
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.decisions.portions import Portions, Standing
from tradecredit.core.exposure import components
from tradecredit.core.kernel.money import Money

SOUND = POLICIES["five-pillars"]
_units = st.one_of(st.integers(0, 10**12), st.sampled_from([0, 5_000_000, 5_000_100, 30_000_000_000]))
_orders = st.lists(st.tuples(_units.map(lambda one: one + 1), *[_units] * 6), min_size=1, max_size=12)


def packed(orders):
    return b"".join(
        struct.pack(">16s7q", number.to_bytes(16, "big"), *one) for number, one in enumerate(orders)
    )


def standing(facts):
    request = dataclasses.replace(
        facts.request, control_point=ControlPoint.ORDER, amount=Money(Decimal(1), "CNY"), prepaid=None
    )
    return Standing(dataclasses.replace(facts, request=request, own=components.none_in("CNY")))


def prepared(policy, facts):
    return Portions(policy).of(standing(facts))


def said(portion, orders):
    found = plain_orders.said(portion, plain_orders.unpacked(packed(orders)))
    return [found.said[place] for place in found.places]


class TestOrders:
    def test_gives_back_what_was_packed(self):
        found = plain_orders.unpacked(packed([(1, 2, 3, 4, 5, 6, 7), (10**18, 0, 0, 0, 0, 0, -1)]))

        assert found.amounts.tolist() == [1, 10**18]
        assert [one.tolist() for one in found.stages] == [[2, 0], [3, 0], [4, 0], [5, 0], [6, 0], [7, -1]]
        assert found.names() == ["0" * 32, f"{1:032x}"]

    def test_some_of_the_orders_keep_their_places(self):
        found = plain_orders.unpacked(packed([(number, 0, 0, 0, 0, 0, 0) for number in range(5)])).of([1, 4])

        assert found.amounts.tolist() == [1, 4]
        assert found.names() == [f"{1:032x}", f"{4:032x}"]

    def test_what_takes_nothing_is_parted_from_what_takes_an_amount(self):
        found = plain_orders.unpacked(packed([(amount, 0, 0, 0, 0, 0, 0) for amount in (3, 0, -2, 5)]))

        asking, others = found.parted()

        assert (asking.amounts.tolist(), others.amounts.tolist()) == ([3, 5], [0, -2])


class TestSaid:
    @settings(max_examples=60)
    @given(facts=facts_strategy, orders=_orders, policies=pairs())
    def test_columns_say_what_each_order_says(self, facts, orders, policies):
        for policy in policies:
            portion = prepared(policy, facts)
            if portion is None:
                continue
            one_by_one = [portion.said(amount, tuple(stages)) for amount, *stages in orders]

            assert said(portion, orders) == one_by_one

    @pytest.mark.parametrize(("amount", "worst"), [(29_999_990_000, 0), (30_000_010_000, 2)])
    def test_a_maximum_of_three_million_stops_what_is_above(self, amount, worst):
        rules = tuple(one for one in SOUND.rules if one.check == "single_document_maximum")
        portion = prepared(dataclasses.replace(SOUND, rules=rules), credit_facts())

        assert [one.worst for one in said(portion, [(amount, 0, 0, 0, 0, 0, 0)])] == [worst]

    def test_amounts_beyond_the_machine_s_numbers_do_not_wrap(self):
        rules = tuple(one for one in SOUND.rules if one.check in {"headroom", "utilisation"})
        portion = prepared(dataclasses.replace(SOUND, rules=rules), credit_facts())
        most = 2**63 - 1
        orders = [(most, most, most, most, most, most, most)]

        assert said(portion, orders) == [portion.said(most, (most,) * 6)]


class TestToldApart:
    def test_only_orders_of_which_two_policies_do_not_say_the_same_come_out(self):
        lower = dataclasses.replace(
            SOUND,
            rules=tuple(
                dataclasses.replace(one, amounts={"CNY": Decimal(10)})
                if one.check == "single_document_maximum"
                else one
                for one in SOUND.rules
            ),
        )
        found = differing.difference(SOUND, lower)
        orders = plain_orders.unpacked(packed([(quick.units(Decimal(n)), *[0] * 6) for n in (9, 10, 11, 12)]))

        apart = plain_orders.told_apart(
            prepared(found.before, credit_facts()), prepared(found.after, credit_facts()), orders
        )

        assert [(old.worst, new.worst, rows) for old, new, rows in apart] == [(0, 2, [2, 3])]
