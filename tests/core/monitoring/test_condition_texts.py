from __future__ import annotations

from decimal import Decimal

import pytest

from factories.credit_facts import section
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.monitoring import condition_texts, triggers
from tradecredit.core.monitoring.condition_texts import Condition
from tradecredit.core.monitoring.signals import Signal, Signals


def signals(**values):
    return Signals(customer_id="C1", known={name: Signal(value=value) for name, value in values.items()})


def answered(condition, known):
    return condition_texts.answer(condition_texts.joined((condition,), ()), (condition.fact,), known)


class TestAnswer:
    @pytest.mark.parametrize(
        ("operator", "value", "expected"),
        [
            ("at_least", Decimal(30), True),
            ("at_least", Decimal("29.99"), False),
            ("more_than", Decimal(30), False),
            ("at_most", Decimal(30), True),
            ("less_than", Decimal(30), False),
            ("at_least", "thirty", None),
            ("at_least", True, False),
            ("is_true", True, True),
            ("is_true", False, False),
            ("is_true", Decimal(2), True),
            ("is_true", Decimal(0), False),
            ("is_true", "maybe", None),
        ],
    )
    def test_compares_as_the_operator_says(self, operator, value, expected):
        condition = Condition(fact="figure", operator=operator, number=Decimal(30))

        assert answered(condition, signals(figure=value)) is expected

    @pytest.mark.parametrize("operator", ["at_least", "less_than", "is_true", "one_of", "increased"])
    def test_what_is_not_known_is_unknown_and_never_no(self, operator):
        condition = Condition(fact="figure", operator=operator, number=Decimal(30), texts=("a",))

        assert answered(condition, signals()) is None

    @pytest.mark.parametrize(
        ("now", "before", "expected"),
        [
            (Decimal(2), Decimal(1), True),
            (Decimal(1), Decimal(1), False),
            (Decimal(1), None, True),
            (True, False, True),
        ],
    )
    def test_an_increase_is_more_than_before(self, now, before, expected):
        known = Signals(customer_id="C1", known={"figure": Signal(value=now, previous=before)})

        assert answered(Condition(fact="figure", operator="increased"), known) is expected

    def test_one_of_compares_texts_only(self):
        condition = Condition(fact="status", operator="one_of", texts=("吊销", "closed"))

        found = [answered(condition, signals(status=value)) for value in ("吊销", "open", Decimal(1))]
        assert found == [True, False, None]

    def test_an_excuse_counts_only_when_it_is_known(self):
        when = Condition(fact="days", operator="at_least", number=Decimal(30))
        excuse = Condition(fact="explained", operator="is_true")
        text = condition_texts.joined((when,), (excuse,))

        found = [
            condition_texts.answer(text, ("days", "explained"), signals(days=Decimal(30), **more))
            for more in ({}, {"explained": False}, {"explained": True})
        ]
        assert found == [True, True, False]

    def test_no_beats_unknown(self):
        known = Condition(fact="known", operator="is_true")
        unknown = Condition(fact="unknown", operator="is_true")
        text = condition_texts.joined((unknown, known), ())

        assert condition_texts.answer(text, ("known", "unknown"), signals(known=False)) is False

    def test_a_text_that_wants_too_much_is_unknown(self):
        text = "count(for a in 1..1000000 return a) > days"

        assert condition_texts.answer(text, ("days",), signals(days=Decimal(1))) is None


class TestConditionsOfAPolicy:
    def rule(self, condition, **fields):
        written = section("five-pillars", "monitoring")
        written["rules"] = [
            {
                "code": "own",
                "level": "orange",
                "label": {"zh": "自定", "en": "Own"},
                "condition": condition,
                **fields,
            }
        ]
        return triggers.parse(written)

    def test_a_credit_manager_writes_a_rule_in_the_language(self):
        policy = self.rule("overdue_days_max > 15 and order_drop >= 0.5")

        found = triggers.evaluate(
            policy=policy, signals=signals(overdue_days_max=Decimal(16), order_drop=Decimal("0.5"))
        )

        assert policy.facts == {"overdue_days_max", "order_drop"}
        assert [(one.rule.code, one.facts) for one in found.raised] == [
            ("own", {"order_drop": "0.5", "overdue_days_max": "16"})
        ]

    def test_it_may_look_at_what_was_before(self):
        policy = self.rule("lawsuits - lawsuits_before >= 2")
        known = Signals(customer_id="C1", known={"lawsuits": Signal(value=Decimal(3), previous=Decimal(1))})

        assert policy.facts == {"lawsuits"}
        assert triggers.evaluate(policy=policy, signals=known).raised

    def test_a_missing_signal_leaves_it_unanswered(self):
        found = triggers.evaluate(policy=self.rule("order_drop >= 0.5"), signals=signals())

        assert (found.raised, found.unknown) == ((), ("own",))

    @pytest.mark.parametrize("condition", ["overdue_days_max > >", '1 < "a"', "1 < 2"])
    def test_a_text_that_cannot_hold_is_refused_with_its_place(self, condition):
        with pytest.raises(PolicyError, match=r"monitoring\.rules\[0\]\.condition"):
            self.rule(condition)

    def test_one_way_of_saying_it_is_enough(self):
        with pytest.raises(PolicyError, match="either as a condition or as a list"):
            self.rule("a > 1", when=[{"fact": "a", "is": "is_true"}])
