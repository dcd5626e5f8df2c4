from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal

from factories.credit_facts import asking, cny, credit_facts, order_control
from tradecredit.core.decisions import evaluate
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.decisions.policy import Rule
from tradecredit.core.exposure import components
from tradecredit.core.exposure.nodes import Node, NodeLine, Strength
from tradecredit.core.exposure.rates import Rate
from tradecredit.core.kernel.limit import NotSet
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.core.kernel.reasons import Words

LABEL = Words(zh="集中度", en="Concentration")


def level(code, billed, *, kind="portfolio", rate=Decimal(1)):
    line = NodeLine(
        parts=components.of({"billed": billed}, "CNY"),
        rate=None if rate is None else Rate(source="CNY", target="CNY", rate=rate, day=date(2026, 3, 2)),
    )
    return Node(
        code=code,
        name=code,
        kind=kind,
        currency="CNY",
        strength=Strength.JOINT,
        limit=NotSet(),
        lines=(line,),
    )


def found(facts, *, words=("customer",), share="0.15", **fields):
    rule = Rule(
        code="concentration",
        check="concentration",
        label=LABEL,
        control_points=frozenset({ControlPoint.ORDER}),
        grades=None,
        on_fail=Outcome.HOLD,
        on_unknown=Outcome.REVIEW,
        share=Decimal(share),
        words=words,
        **fields,
    )
    policy = dataclasses.replace(order_control(), rules=(rule,))
    return [
        (one.finding.level, one.finding.state.value, one.finding.ours)
        for one in evaluate.evaluate(facts=facts, policy=policy).results
    ]


class TestConcentration:
    # 416,000 of the account are in the portfolio; the order asks 120,000.
    facts = credit_facts(nodes=(level("P", "3453333.34"),))

    def test_counts_the_document_on_both_sides(self):
        assert found(self.facts) == [("C001", "passed", "0.1500")]
        assert found(asking(self.facts, "120000.01")) == [("C001", "failed", "0.1500")]

    def test_looks_at_the_levels_that_the_rule_names(self):
        facts = credit_facts(
            nodes=(
                level("P", "9880000.00"),
                level("STEEL", "3000000.00", kind="industry"),
                level("G", "1", kind="group"),
            )
        )

        assert found(facts, words=("industry",), share="0.30") == [("STEEL", "failed", "0.3120")]

    def test_asks_nothing_of_small_amounts(self):
        facts = credit_facts(nodes=(level("P", "600000.00"),))

        assert found(facts, amounts={"CNY": Decimal(536000)}) == [("C001", "not_applicable", "536000.00")]
        assert found(facts, amounts={"CNY": Decimal("535999.99")}) == [("C001", "failed", "0.7444")]

    def test_does_not_apply_without_a_portfolio(self):
        assert found(credit_facts()) == [("", "not_applicable", "")]
        assert found(credit_facts(nodes=(level("G", "1", kind="group"),))) == [("", "not_applicable", "")]

    def test_is_unknown_without_a_rate(self):
        assert found(credit_facts(nodes=(level("P", "1.00", rate=None),))) == [("P", "unknown", "CNY")]

    def test_takes_an_own_order_out_before_it_is_counted_again(self):
        facts = credit_facts(
            nodes=(level("P", "3453333.34"),), own=components.of({"ordered": "16000.00"}, "CNY")
        )

        assert found(facts) == [("C001", "passed", "0.1462")]
        assert facts.counted_elsewhere().total == cny("400000.00")
