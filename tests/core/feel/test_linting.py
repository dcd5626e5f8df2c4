from __future__ import annotations

import pytest

from tradecredit.core.feel import expression, linting
from tradecredit.core.feel.values import kinds

NAMES = {
    "逾期天数": kinds.NUMBER,
    "等级": kinds.STRING,
    "到期日": kinds.DATE,
    "冻结": kinds.BOOLEAN,
    "明细": kinds.ListOf(kinds.ContextOf((("金额", kinds.NUMBER), ("编号", kinds.STRING)))),
    "未知": kinds.ANY,
}


def codes(text: str) -> list[str]:
    return [note.code for note in linting.lint(text, names=NAMES)]


class TestLint:
    @pytest.mark.parametrize(
        "text",
        [
            "逾期天数 + 1 > 30 and 冻结",
            'if 等级 = "A" then 30 else 60',
            '到期日 + duration("P1M") > date("2026-03-02")',
            "明细[金额 > 10].编号",
            "sum(for i in 明细 return i.金额)",
            "some i in 明细 satisfies i.金额 > 逾期天数",
            "未知 + 1",
            "未知[x > 1]",
            "逾期天数 = null",
            "{a: 1, b: a + 逾期天数}.b",
            "function(x: number) x + 逾期天数",
            'substring("abc", 2)',
            "逾期天数 between 1 and 30",
            '等级 in ("A", "B")',
        ],
    )
    def test_a_sound_text_has_no_note(self, text):
        assert codes(text) == []

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("逾期天效 > 3", "unknown_name"),
            ('逾期天数 > "30"', "not_comparable"),
            ("等级 = 3", "not_comparable"),
            ("等级 + 1", "not_computable"),
            ("到期日 * 2", "not_computable"),
            ("if 逾期天数 then 1 else 2", "wrong_condition"),
            ("冻结 and 逾期天数", "wrong_condition"),
            ("逾期天数 between 1 and 到期日", "not_comparable"),
            ('逾期天数 in ([1..3], "x")', "not_comparable"),
            ('substring("abc")', "wrong_arguments"),
            ('contains(text: "a", match: "b")', "wrong_arguments"),
            ("for i in 明细 return i.金额 + 等级", "not_computable"),
            ("1 +", "unexpected_end"),
        ],
    )
    def test_says_what_is_wrong(self, text, code):
        assert codes(text) == [code]

    def test_suggests_the_name_that_was_meant(self):
        note = linting.lint("逾期天效 > 3", names=NAMES)[0]
        assert note.words.zh == "没有名为“逾期天效”的值（逾期天数?）"
        assert (note.start, note.end) == (0, 4)

    def test_names_the_kinds_in_each_language(self):
        note = linting.lint('逾期天数 > "30"', names=NAMES)[0]
        assert note.words.en == "a number cannot be compared with a string"
        assert note.words.zh == "数字与文字无法比较"

    def test_what_is_said_to_be_wrong_is_null_when_it_is_evaluated(self):
        values = {"逾期天数": 3, "等级": "A"}
        for text in ('逾期天数 > "30"', "等级 + 1", 'substring("abc")'):
            assert codes(text) != []
            assert expression.evaluate(text, values).value is None


class TestLintCell:
    @pytest.mark.parametrize("cell", ["-", "< 30", "[1..5), 9", "not(3)", "逾期天数 > 3", "? > 逾期天数"])
    def test_a_cell_that_fits_has_no_note(self, cell):
        assert linting.lint_cell(cell, value=kinds.NUMBER, names=NAMES) == ()

    @pytest.mark.parametrize("cell", ['"A"', '< "30"', '["a".."b"]', 'not("A")'])
    def test_a_cell_of_another_kind_is_told(self, cell):
        notes = linting.lint_cell(cell, value=kinds.NUMBER, names={})
        assert {note.code for note in notes} == {"not_comparable"}
