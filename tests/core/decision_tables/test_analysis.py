from __future__ import annotations

import pytest

from factories import decision_models as models
from tradecredit.core.decision_tables import analysis, finding_words, reading
from tradecredit.core.decision_tables.analysis import Trouble
from tradecredit.core.decision_tables.boxes import InputClause, OutputClause, Rule, Table


def table_of(*args, **kwargs) -> Table:
    definitions = reading.read(models.xml(models.decision("d", models.table(*args, **kwargs))))
    return definitions.elements[0].logic


def found(table: Table, trouble: Trouble) -> list[tuple[tuple[int, ...], tuple[tuple[str, str], ...]]]:
    return [(one.rows, one.where) for one in analysis.analyse(table) if one.trouble is trouble]


class TestAnalyse:
    def test_a_table_with_a_row_for_everything_has_no_finding(self):
        table = table_of(["days"], ["o"], ["<= 30 | 1", "> 30 | 2"], default="3")
        assert analysis.analyse(table) == ()

    def test_finds_the_gap_between_two_bounds(self):
        table = table_of(["days"], ["o"], ["<= 30 | 1", "> 31 | 2"])
        assert found(table, Trouble.GAP) == [((), (("days", "(30..31]"),))]

    def test_joins_gaps_that_differ_in_one_column_only(self):
        table = table_of(["days", "grade"], ["o"], ['< 20 | "A" | 1', '[20..30] | "A" | 2', "> 30 | - | 3"])
        assert found(table, Trouble.GAP) == [((), (("days", "<= 30"), ("grade", 'not("A")')))]

    def test_a_default_answers_every_gap(self):
        assert found(table_of(["days"], ["o"], ["<= 30 | 1"], default="2"), Trouble.GAP) == []

    def test_finds_rows_that_match_at_once(self):
        table = table_of(["days"], ["o"], ["<= 30 | 1", ">= 30 | 2"])
        assert found(table, Trouble.OVERLAP) == [((1, 2), (("days", "30"),))]

    def test_rows_of_an_any_table_may_match_at_once_when_they_agree(self):
        agreeing = table_of(["days"], ["o"], ["<= 30 | 1", ">= 30 | 1"], policy="ANY")
        differing = table_of(["days"], ["o"], ["<= 30 | 1", ">= 30 | 2"], policy="ANY")
        assert found(agreeing, Trouble.OVERLAP) == []
        assert found(differing, Trouble.OVERLAP) == [((1, 2), (("days", "30"),))]

    def test_finds_a_row_that_no_value_reaches(self):
        table = table_of(["days"], ["o"], ["< 3 | 1", ">= 3 | 2", "[5..4] | 3"])
        assert found(table, Trouble.NEVER_MATCHES) == [((3,), ())]

    def test_finds_a_row_that_earlier_rows_always_answer_for(self):
        table = table_of(["days"], ["o"], ["<= 30 | 1", "> 30 | 2", "[10..50] | 3"], policy="FIRST")
        assert found(table, Trouble.MASKED) == [((3,), ())]

    def test_finds_allowed_outputs_that_nothing_gives(self):
        table = table_of(["days"], ["o"], ['- | "hold"'], values='"hold","reject"')
        assert [
            one.value for one in analysis.analyse(table) if one.trouble is Trouble.UNREACHABLE_OUTPUT
        ] == ['"reject"']

    def test_finds_a_cell_that_says_yes_to_a_missing_fact(self):
        table = table_of(["grade"], ["o"], ['not("C") | 1', '"C" | 2'])
        assert found(table, Trouble.MATCHES_MISSING) == [((1,), ())]

    def test_asks_for_an_answer_to_missing_facts(self):
        without = table_of(["grade"], ["o"], ['"C" | 2', 'not("C","") | 1'])
        assert found(without, Trouble.NO_CATCH_ALL) == []  # not(…) happens to catch it
        assert found(table_of(["days"], ["o"], ["< 3 | 1", ">= 3 | 2"]), Trouble.NO_CATCH_ALL) == [((), ())]
        assert (
            found(table_of(["days"], ["o"], ["< 3 | 1", "- | 2"], policy="FIRST"), Trouble.NO_CATCH_ALL) == []
        )

    def test_keeps_to_the_allowed_values_of_a_column(self):
        table = Table(
            inputs=(InputClause(label="grade", expression="grade", values='"A","B"'),),
            outputs=(OutputClause(name="o"),),
            rules=(Rule(tests=('"A"',), outputs=("1",)), Rule(tests=('"B"',), outputs=("2",))),
        )
        assert found(table, Trouble.GAP) == []

    def test_knows_days_and_truth(self):
        table = table_of(
            ["due", "frozen"],
            ["o"],
            ['< date("2026-03-01") | - | 1', '>= date("2026-03-03") | true | 2'],
        )
        assert found(table, Trouble.GAP) == [
            ((), (("due", '[date("2026-03-01")..date("2026-03-03"))'),)),
            ((), (("due", '>= date("2026-03-03")'), ("frozen", "false"))),
        ]

    def test_says_which_column_it_cannot_judge(self):
        table = table_of(["a", "b"], ["o"], ["> b * 2 | < 3 | 1"])
        findings = analysis.analyse(table)
        assert [(one.trouble, one.column) for one in findings if one.column] == [(Trouble.NOT_ANALYSED, "a")]
        assert found(table, Trouble.GAP) == [((), (("b", ">= 3"),))]

    def test_stops_with_a_finding_when_the_table_is_too_large(self):
        rules = [
            " | ".join([*("-" if at != row % 16 else f"> {row}" for at in range(16)), str(row)])
            for row in range(64)
        ]
        table = table_of([f"c{at}" for at in range(16)], ["o"], rules)
        assert found(table, Trouble.TOO_LARGE) == [((), ())]


class TestWords:
    def test_every_trouble_has_a_sentence_in_both_languages(self):
        assert finding_words.codes() == {trouble.value for trouble in Trouble}

    @pytest.mark.parametrize(
        ("language", "sentence"),
        [
            ("zh", "第 1、2 行同时命中：days = 30。请收窄其中一行。"),
            ("en", "Rows 1 and 2 match at once when days is 30. Narrow one of them."),
        ],
    )
    def test_names_rows_and_place(self, language, sentence):
        finding = analysis.Finding(trouble=Trouble.OVERLAP, rows=(1, 2), where=(("days", "30"),))
        assert finding.words.in_language(language) == sentence
