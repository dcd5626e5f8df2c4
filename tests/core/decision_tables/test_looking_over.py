from __future__ import annotations

import pytest

from factories import decision_models as models
from tradecredit.core.decision_tables import looking_over, reading
from tradecredit.core.decision_tables.engine import Model
from tradecredit.core.decision_tables.model import UnableToReadModelError


def found(body: str) -> list[tuple[str, str, tuple[int, ...], str]]:
    model = models.model(body)
    return [(one.decision, one.code, one.rows, one.text) for one in looking_over.look_over(model)]


class TestLookOver:
    def test_a_sound_model_has_no_finding(self):
        table = models.table(["天数"], ["o"], ["<= 30 | 1", "> 30 | 天数 * 2"], default="3")
        body = models.fact("天数", "number") + models.decision("放行", table, needs=models.needs("天数"))
        assert found(body) == []

    def test_a_name_that_the_decision_does_not_require_is_unknown(self):
        body = models.fact("天数", "number") + models.decision("加倍", models.literal("天数 * 2"))
        assert found(body) == [("加倍", "unknown_name", (), "天数")]

    def test_a_cell_of_another_kind_is_told_with_its_row(self):
        table = models.table(["天数"], ["o"], ["<= 30 | 1", '> "30" | 2'], default="3")
        body = models.fact("天数", "number") + models.decision("放行", table, needs=models.needs("天数"))
        assert ("放行", "not_comparable", (2,), '"30"') in found(body)

    def test_a_columns_type_follows_from_its_expression(self):
        table = models.table(["a + 1"], ["o"], ['"x" | 1'], default="3")
        body = models.fact("a", "number") + models.decision("d", table, needs=models.needs("a"))
        assert ("d", "not_comparable", (1,), '"x"') in found(body)

    def test_gaps_of_a_table_are_findings_of_its_decision(self):
        table = models.table(["n"], ["o"], ["< 3 | 1", "> 3 | 2"], default="")
        body = models.fact("n", "number") + models.decision("d", table, needs=models.needs("n"))
        assert [code for _, code, _, _ in found(body)] == ["gap", "no_catch_all"]

    def test_an_output_that_cannot_be_read_is_told(self):
        table = models.table(["n"], ["o"], ["- | 1 +"])
        body = models.fact("n", "number") + models.decision("d", table, needs=models.needs("n"))
        assert ("d", "unexpected_end", (1,), "1 +") in found(body)

    @pytest.mark.parametrize("level", [2, 3])
    def test_no_model_of_the_standards_suite_breaks_it(self, shared_data, level):
        seen = 0
        for path in sorted((shared_data / f"dmn_tck/compliance-level-{level}").rglob("*.dmn")):
            text = path.read_text(encoding="utf-8")
            try:
                model = Model(reading.read(text))
            except UnableToReadModelError:
                continue
            looking_over.look_over(model)
            seen += 1
        assert seen > 0
