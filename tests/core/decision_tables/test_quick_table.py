from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import decision_models as models
from tradecredit.core.decision_tables import quick, strict

if TYPE_CHECKING:
    from tradecredit.core.decision_tables.engine import Model


def model_of(rules: list[str], *, policy: str = "FIRST", **facts: str) -> Model:
    names = list(facts)
    body = "".join(models.fact(name, kind) for name, kind in facts.items())
    table = models.table(names, ["结果"], rules, policy=policy)
    return models.model(body + models.decision("d", table, needs=models.needs(*names)))


RULES = ['<= 30 | "A","B" | "放行"', '(30..60] | not("C") | "复核"', '- | - | "冻结"']


class TestPrepared:
    def test_answers_with_the_row_and_its_output(self):
        table = quick.prepared(model_of(RULES, 天数="number", 等级="string"), "d")
        assert table.decide({"天数": Decimal(30), "等级": "B"}) == quick.Hit(1, "放行")
        assert table.decide({"天数": 31, "等级": "B"}) == quick.Hit(2, "复核")
        assert table.decide({"天数": Decimal("60.01"), "等级": "B"}) == quick.Hit(3, "冻结")

    @pytest.mark.parametrize(
        "facts", [{"等级": "A"}, {"天数": None, "等级": "A"}, {"天数": "3", "等级": "A"}]
    )
    def test_leaves_missing_and_wrong_facts_to_the_engine(self, facts):
        table = quick.prepared(model_of(RULES, 天数="number", 等级="string"), "d")
        assert table.decide(facts) is None

    def test_leaves_two_hits_of_a_unique_table_to_the_engine(self):
        table = quick.prepared(model_of(["<= 30 | 1", ">= 30 | 2"], policy="UNIQUE", n="number"), "d")
        assert table.decide({"n": Decimal(29)}) == quick.Hit(1, Decimal(1))
        assert table.decide({"n": Decimal(30)}) is None

    @pytest.mark.parametrize(
        ("rules", "policy"),
        [
            (["> n + 1 | 1"], "FIRST"),
            (["> 3 | n * 2"], "FIRST"),
            (["> 3 | 1"], "COLLECT"),
            (["> 3 | 1 +"], "FIRST"),
        ],
    )
    def test_leaves_tables_that_compute_to_the_engine(self, rules, policy):
        assert quick.prepared(model_of(rules, policy=policy, n="number"), "d") is None

    @pytest.mark.parametrize(("value", "row"), [(Decimal(1), 1), ("x", None), (None, None)])
    def test_a_column_that_takes_anything_still_wants_a_value_of_its_type(self, value, row):
        table = quick.prepared(model_of(["- | 1"], n="number"), "d")
        hit = table.decide({"n": value})
        assert (None if hit is None else hit.row) == row

    def test_several_outputs_come_as_one_context(self):
        body = models.fact("n") + models.decision(
            "d", models.table(["n"], ["结果", "天数"], ['> 3 | "冻结" | 30']), needs=models.needs("n")
        )
        assert quick.prepared(models.model(body), "d").decide({"n": 4}).value == {
            "结果": "冻结",
            "天数": Decimal(30),
        }


number_cells = st.one_of(
    st.just("-"),
    st.builds(
        lambda sign, at: f"{sign} {at}", st.sampled_from(["<", "<=", ">", ">=", ""]), st.integers(0, 5)
    ),
    st.builds(lambda low, high: f"({low}..{high}]", st.integers(0, 3), st.integers(2, 5)),
)
word_cells = st.sampled_from(["-", '"A"', '"A", "B"', 'not("A")'])
rule_texts = st.builds(lambda n, w, o: f"{n} | {w} | {o}", number_cells, word_cells, st.integers(1, 3))


@settings(max_examples=100, deadline=None)
@given(st.lists(rule_texts, min_size=1, max_size=5), st.sampled_from(["FIRST", "UNIQUE"]))
def test_what_it_answers_is_what_the_engine_answers(rules, policy):
    model = model_of(rules, policy=policy, n="number", w="string")
    table = quick.prepared(model, "d")
    for number in (Decimal(value) / 2 for value in range(-1, 12)):
        for word in ("A", "B", "其他"):
            facts = {"n": number, "w": word}
            hit = table.decide(facts)
            verdict = strict.decide(model, "d", facts)
            assert (None if hit is None else hit.value) == verdict.value
