from __future__ import annotations

import dataclasses

import pytest

from factories import credit_facts as makers
from factories.policy_tables import check, control_with, row, table
from tradecredit.core.decisions import coverage, evaluate, explain, policy, verdicts
from tradecredit.core.decisions.facts import LineFacts, RatingFacts, WatchFacts
from tradecredit.core.decisions.outcome import CheckState
from tradecredit.core.decisions.outlook import Outlook
from tradecredit.core.kernel.limit import NotSet, Unlimited
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.core.kernel.refusal import PolicyError

STAGES = table(
    ["grade", "overdue_days"],
    row("worse", outcome="refuse", grade=["D"]),
    row(
        "second_stage",
        outcome="hold",
        reason="overdue",
        overdue_days="[8..30]",
        words={
            "zh": "逾期 {overdue_days}, 冻结新订单。",
            "en": "{overdue_days} overdue: new orders are frozen.",
        },
    ),
    row("third_stage", outcome="hold", overdue_days="> 30"),
)
FACTS = makers.asking(makers.credit_facts(), "50000.00")


def late(days, **fields):
    item = makers.item("INV-7", "20000.00", days=days)
    return dataclasses.replace(FACTS, receivables=makers.receivables(item), **fields)


def found(facts, written, **fields):
    decision = evaluate.evaluate(facts=facts, policy=control_with(written, **fields))
    return next(one for one in decision.results if one.check == "table")


class TestTable:
    @pytest.mark.parametrize(
        ("days", "outcome", "code"),
        [
            (7, "approve", "otherwise"),
            (8, "hold", "second_stage"),
            (30, "hold", "second_stage"),
            (31, "hold", "third_stage"),
        ],
    )
    def test_asks_for_what_the_row_says_at_its_very_bounds(self, days, outcome, code):
        result = found(late(days), STAGES)

        assert (result.outcome.text, result.finding.row) == (outcome, code)

    def test_says_the_sentence_of_the_row_with_the_figures_in_it(self):
        result = found(late(12), STAGES)

        assert result.finding.said.en == "12 days overdue: new orders are frozen."
        assert result.finding.said.zh == "逾期 12 天, 冻结新订单。"
        assert result.finding.reason == "overdue"

    def test_tells_the_row_why_those_before_it_failed_and_what_would_change_it(self):
        why = [words.en for words in found(late(12), STAGES).finding.why]

        assert why == [
            "Row 2 of “A table” fired: Days overdue 12 days ([8..30]); it gives On hold.",
            'Row 1 did not match: Grade is B, it asks for "D".',
            "If Days overdue were < 8, row 4 would fire and give Approved.",
        ]

    def test_gives_no_verdict_on_a_missing_fact_even_where_not_would_match_it(self):
        written = table(["grade"], row("good", outcome="pass", grade='not("D")'), otherwise="refuse")
        unrated = dataclasses.replace(FACTS, rating=RatingFacts())

        result = found(unrated, written)

        assert (result.finding.state, result.outcome) == (CheckState.UNKNOWN, Outcome.REVIEW)
        assert result.finding.said.zh == "缺少数据：信用等级；决策表不能判断，须人工复核。"

    def test_sends_two_rows_of_a_unique_table_to_a_person(self):
        written = table(
            ["overdue_days"],
            row("a", outcome="warn", overdue_days=">= 5"),
            row("b", outcome="hold", overdue_days=">= 10"),
            hit="unique",
        )

        result = found(late(12), written)

        assert (result.finding.sentence, result.outcome) == ("table.undecided", Outcome.REVIEW)
        assert "rows 1, 2 match at once" in result.finding.said.en

    def test_lets_the_rest_of_a_unique_table_be_said(self):
        written = table(["overdue_days"], row("a", outcome="hold", overdue_days="> 10"), hit="unique")

        assert found(late(10), written).outcome is Outcome.APPROVE

    def test_does_not_apply_where_there_is_nothing_to_compare(self):
        written = table(["available"], row("full", outcome="hold", available="< 50"))
        unlimited = dataclasses.replace(FACTS, line=LineFacts(limit=Unlimited()))

        result = found(unlimited, written)

        assert result.finding.state is CheckState.NOT_APPLICABLE
        assert result.finding.said.en == "There is no Headroom to compare with."

    @pytest.mark.parametrize(("limit", "outcome"), [(Unlimited(), "approve"), (NotSet(), "hold")])
    def test_no_share_is_used_of_no_limit_and_every_share_of_no_line(self, limit, outcome):
        written = table(["utilisation"], row("full", outcome="hold", utilisation=">= 0.9"))

        assert found(dataclasses.replace(FACTS, line=LineFacts(limit=limit)), written).outcome.text == outcome

    def test_may_ask_for_the_freezes_and_the_alert(self):
        written = table(
            ["orders_frozen", "alert_level"],
            row("frozen", outcome="hold", orders_frozen="yes"),
            row("alert", outcome="review", alert_level=["orange", "red"]),
        )
        frozen = dataclasses.replace(FACTS, watch=WatchFacts(freezes=frozenset({"orders"})))
        orange = dataclasses.replace(FACTS, watch=WatchFacts(alert_level="orange"))

        assert [found(one, written).outcome.text for one in (FACTS, frozen, orange)] == [
            "approve",
            "hold",
            "review",
        ]

    @pytest.mark.parametrize(("days", "outcome"), [(364, "review"), (365, "approve"), (None, "review")])
    def test_may_ask_how_long_the_customer_has_been_one(self, days, outcome):
        written = table(["tenure_days"], row("new", outcome="review", tenure_days="< 365"))
        known = dataclasses.replace(FACTS, outlook=Outlook(tenure_days=days))

        assert found(known, written).outcome.text == outcome
        assert control_with(written).asks_outlook

    def test_is_recorded_and_read_again_as_it_was(self):
        decision = evaluate.evaluate(facts=late(12), policy=control_with(STAGES))

        assert verdicts.from_dict(decision.as_dict(), currency="CNY").as_dict() == decision.as_dict()

    def test_stands_in_the_explanation_with_its_trace(self):
        decision = evaluate.evaluate(facts=late(12), policy=control_with(STAGES))

        told = explain.explain(decision=decision, facts=late(12))["checks"][-1]

        assert told["words"]["en"] == "12 days overdue: new orders are frozen."
        assert told["row"] == "second_stage"
        assert len(told["why"]) == 3

    def test_covers_the_way_in_by_the_worst_that_a_row_asks_for(self):
        only_table = dataclasses.replace(control_with(STAGES), rules=control_with(STAGES).rules[1:])

        assert "table_1" in coverage.of_policy(only_table)[0].stops


class TestRemedies:
    def test_receiving_the_late_item_turns_the_table(self):
        decision = evaluate.evaluate(facts=late(12), policy=control_with(STAGES))

        first = decision.remedies[0]

        assert (first.code, first.references, first.is_enough) == ("receive_invoices", ("INV-7",), True)

    def test_ships_the_part_that_stays_below_the_bound(self):
        written = table(["utilisation"], row("full", outcome="hold", utilisation=">= 0.9"))

        decision = evaluate.evaluate(facts=FACTS, policy=control_with(written))

        part = next(one for one in decision.remedies if one.code == "ship_part")
        assert (part.amount.text(), part.is_enough) == ("33999.99", True)

    def test_asks_for_the_prepayment_that_the_row_wants(self):
        written = table(
            ["amount", "prepaid_share"], row("a", outcome="hold", amount="> 1000", prepaid_share="< 0.3")
        )

        decision = evaluate.evaluate(facts=FACTS, policy=control_with(written))

        prepay = next(one for one in decision.remedies if one.code == "prepay")
        assert (prepay.amount.text(), prepay.is_enough) == ("15000.00", True)

    def test_shortens_terms_to_the_longest_allowed(self):
        written = table(["terms_days"], row("long", outcome="review", terms_days="> 45"))
        asked = makers.asking(FACTS, "50000.00", terms_days=60)

        decision = evaluate.evaluate(facts=asked, policy=control_with(written))

        shorter = next(one for one in decision.remedies if one.code == "shorten_terms")
        assert (shorter.days, shorter.is_enough) == (45, True)


class TestParse:
    @pytest.mark.parametrize(
        ("written", "said"),
        [
            (table(["grades"], row("a", outcome="hold", grades="A")), "'grades' is not one of"),
            (table(["grade"], row("a", outcome="stop", grade="A")), "is no outcome"),
            (table(["amount"], row("a", outcome="hold", amount="> > 5")), "> > 5"),
            (table(["grade"], row("a", outcome="hold")), "what 'otherwise' is for"),
            (
                table(["grade"], row("a", outcome="hold", grade="A"), row("a", outcome="warn", grade="B")),
                "more than once",
            ),
            ({"inputs": ["grade"], "rows": []}, "'otherwise' is missing"),
            (
                table(
                    ["grade"], row("a", outcome="hold", grade="A", words={"zh": "{amount}", "en": "{amount}"})
                ),
                "'amount', which the table does not look at",
            ),
        ],
    )
    def test_names_the_place_of_a_mistake(self, written, said):
        with pytest.raises(PolicyError, match="order_control") as refusal:
            control_with(written)

        assert said in str(refusal.value)

    def test_refuses_an_outcome_beside_the_rows(self):
        section = makers.section("five-pillars", "order_control")
        section["checks"].append(check(STAGES, on_fail="hold"))

        with pytest.raises(PolicyError, match="the rows of the table say"):
            policy.parse(section)

    def test_a_model_that_is_not_there_is_named(self):
        with pytest.raises(PolicyError, match="there is no model 'orders'"):
            control_with({"model": "orders", "decision": "Outcome"})

    def test_two_readings_of_one_table_are_equal(self):
        assert control_with(STAGES).rules == control_with(STAGES).rules
