from __future__ import annotations

from decimal import Decimal

from factories import decision_models as models
from tradecredit.core.decision_tables import telling
from tradecredit.core.decision_tables.tracing import TableTrace


def told(rules: list[str], facts: dict[str, object], *, policy: str = "FIRST") -> telling.Told:
    names = list(facts)
    body = "".join(models.fact(name) for name in names)
    made = models.model(
        body
        + models.decision(
            "放行", models.table(names, ["结果"], rules, policy=policy), needs=models.needs(*names)
        )
    )
    verdict = made.decide("放行", facts, is_traced=True)
    trace = next(one for one in verdict.trace if isinstance(one, TableTrace))
    return telling.tell(trace, made.named("放行").logic)


RULES = ['<= 30 | "A","B" | "approve"', '<= 60 | "A" | "review"', '- | - | "hold"']


class TestTell:
    def test_names_the_row_that_fired_with_its_values(self):
        found = told(RULES, {"天数": Decimal(20), "等级": "B"})
        assert found.headline.zh == '“放行”第 1 行命中：天数 20 (<= 30)，等级 "B" ("A","B")；结果 "approve"。'
        assert (
            found.headline.en
            == 'Row 1 of “放行” fired: 天数 20 (<= 30), 等级 "B" ("A","B"); it gives "approve".'
        )

    def test_says_of_a_row_without_conditions_that_it_has_none(self):
        assert "无条件" in told(RULES, {"天数": Decimal(90), "等级": "C"}).headline.zh

    def test_says_why_each_row_before_it_did_not(self):
        found = told(RULES, {"天数": Decimal(45), "等级": "A"})
        assert [words.en for words in found.rows_before] == [
            "Row 1 did not match: 天数 is 45, it asks for <= 30."
        ]

    def test_says_that_a_missing_value_could_not_be_judged(self):
        found = told(RULES, {"天数": None, "等级": "A"})
        assert found.rows_before[0].zh == "第 1 行无法判断：天数 为 null，要求 <= 30。"

    def test_says_what_would_have_to_change(self):
        found = told(RULES, {"天数": Decimal(45), "等级": "B"})
        assert [one.en for one in found.alternatives] == [
            'If 天数 were <= 30, row 1 would fire and give "approve".',
            'If 等级 were "A", row 2 would fire and give "review".',
        ]

    def test_offers_only_what_no_earlier_row_would_answer(self):
        found = told(['<= 30 | "approve"', '<= 60 | "review"', '- | "hold"'], {"天数": Decimal(20)})
        assert [one.zh for one in found.alternatives] == [
            '若天数 符合 (30..60]，则第 2 行命中，结果为 "review"。',
            '若天数 符合 > 60，则第 3 行命中，结果为 "hold"。',
        ]

    def test_changes_two_values_where_one_is_not_enough(self):
        rules = ['<= 30 | "A" | "approve"', '- | - | "hold"']
        found = told(rules, {"天数": Decimal(60), "等级": "C"})
        assert [one.en for one in found.alternatives] == [
            'If 天数 were <= 30 and 等级 were "A", row 1 would fire and give "approve".'
        ]

    def test_says_that_nothing_matched(self):
        found = told(["> 3 | 1"], {"n": Decimal(1)}, policy="UNIQUE")
        assert found.headline.en == "No row of “放行” matched."
        assert len(found.rows_before) == 1

    def test_says_that_a_row_matched_but_lost(self):
        made = told(["> 3 | 1", "> 2 | 2", "> 4 | 3"], {"n": Decimal(9)}, policy="COLLECT MAX")
        assert made.rows_before == ()
