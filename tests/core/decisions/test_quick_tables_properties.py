from __future__ import annotations

import dataclasses
import os
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import credit_facts as makers
from factories.any_facts import facts_strategy
from factories.policy_tables import control_with, row, table, tables
from tradecredit.core.decisions import compact, evaluate, quick
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.exposure import components
from tradecredit.core.kernel.money import Money

_POINT = ControlPoint.ORDER
# The bar run is small; `TRADECREDIT_TABLE_EXAMPLES=2000` is a thorough one.
_EXAMPLES = int(os.environ.get("TRADECREDIT_TABLE_EXAMPLES", "60"))


def asked(facts, units):
    request = dataclasses.replace(
        facts.request,
        control_point=_POINT,
        amount=Money(Decimal(units).scaleb(-2), "CNY"),
        prepaid=None,
        document="",
    )
    return dataclasses.replace(facts, request=request, own=components.none_in("CNY"))


def quick_and_full(facts, control):
    full = evaluate.evaluate(facts=facts, policy=control)
    prepared = quick.prepare(facts, control)
    if prepared is None:
        return None
    balances = quick.Balances(
        *(quick.units(getattr(facts.exposure, name).amount) for name in compact.BALANCES)
    )
    fast = prepared.decide(quick.units(facts.request.amount.amount), balances)
    return (
        (fast.outcome, sorted(fast.failed)),
        (full.outcome, [place for place, one in enumerate(full.results) if not one.passed]),
    )


class TestCompared:
    @settings(deadline=None, max_examples=_EXAMPLES)
    @given(facts=facts_strategy, written=tables(), units=st.integers(1, 10**8))
    def test_agrees_with_the_ordinary_evaluation_of_any_table(self, facts, written, units):
        found = quick_and_full(asked(facts, units), control_with(written))

        assert found is None or found[0] == found[1]

    @pytest.mark.parametrize(
        "amount", ["34000.00", "34000.01", "33999.99", "84000.00", "84000.01", "500000.00"]
    )
    def test_agrees_on_the_bounds_themselves(self, amount):
        control = control_with(
            table(
                ["utilisation", "share_of_available", "over"],
                row("hold", outcome="hold", over="> 0"),
                row("warn", outcome="warn", utilisation=">= 0.9"),
                row("look", outcome="review", share_of_available="> 0.4"),
            )
        )

        fast, full = quick_and_full(makers.asking(makers.credit_facts(), amount), control)

        assert fast == full

    def test_is_prepared_for_a_table_of_amounts(self):
        control = control_with(table(["amount"], row("big", outcome="hold", amount="> 100")))

        assert quick.prepare(makers.credit_facts(), control) is not None

    def test_leaves_a_table_that_tests_days_to_the_ordinary_evaluation(self):
        control = control_with(
            table(["day", "amount"], row("late", outcome="hold", day='>= date("2026-07-01")', amount="> 1"))
        )

        assert quick.prepare(makers.credit_facts(), control) is None

    def test_leaves_very_fine_shares_to_the_ordinary_evaluation(self):
        control = control_with(
            table(["utilisation"], row("fine", outcome="hold", utilisation="> 0.12345678901"))
        )

        assert quick.prepare(makers.credit_facts(), control) is None

    def test_a_table_that_is_read_wrongly_is_found_out(self):
        control = control_with(table(["amount"], row("big", outcome="hold", amount="> 100")))
        other = control_with(table(["amount"], row("big", outcome="hold", amount="> 200000")))
        facts = makers.credit_facts()

        fast, _ = quick_and_full(facts, control)
        _, full = quick_and_full(facts, other)

        assert fast != full
