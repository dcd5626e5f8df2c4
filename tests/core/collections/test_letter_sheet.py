"""A letter in the editor and back: nothing is lost, and nothing is kept that could not be printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tradecredit
from tradecredit.core.collections import letter_blocks, letter_fields, letter_sheet, letters
from tradecredit.core.collections.letter_sheet import Part

POLICIES = Path(tradecredit.__file__).parent / "policies"
SHIPPED = sorted(POLICIES.glob("*/letters/*.md"))
LINES = st.text(
    alphabet=st.one_of(st.sampled_from("#-|1. \\{}*回执：_a收[]"), st.characters(codec="utf-8")), max_size=30
)
TEXTS = st.lists(LINES, max_size=4).map("\n".join)
PARTS = st.lists(st.builds(Part, st.sampled_from(list(letter_sheet.KINDS)), TEXTS), max_size=8)


class TestRoundTrip:
    @pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
    def test_every_shipped_letter_comes_back_sign_by_sign(self, path):
        text = path.read_text(encoding="utf-8")

        assert letter_sheet.written(letter_sheet.read(text)) == text

    def test_there_are_letters_of_every_pack(self):
        assert {path.parts[-3] for path in SHIPPED} >= {"five-pillars", "payment-record", "three-tiers"}
        assert len(SHIPPED) == 50

    @given(parts=PARTS, language=st.sampled_from(["zh", "en"]))
    def test_whatever_is_put_together_is_read_as_it_was_written(self, parts, language):
        named = [
            Part("slip", f"回执：{part.text.strip()}") if part.kind == "slip" else part for part in parts
        ]

        text = letter_sheet.written(named, language=language)

        assert letter_sheet.read(text) == letter_sheet.tidied(named)
        assert letter_sheet.written(letter_sheet.read(text)) == text

    @given(text=TEXTS)
    def test_whatever_text_a_policy_holds_prints_the_same_after_the_editor(self, text):
        parts = letter_sheet.read(text)

        assert letter_sheet.rewritten(text, parts, language="zh") == text or not text
        assert letter_blocks.of_letter(letter_sheet.written(parts)) == letter_blocks.of_letter(text)

    def test_a_paragraph_that_looks_like_a_list_stays_a_paragraph(self):
        parts = (Part("heading", "主题"), Part("paragraph", "1. 不是列表\n- 也不是\n# 也不是\n回执：也不是"))

        text = letter_sheet.written(parts)

        assert text == "# 主题\n\n1\\. 不是列表\n\\- 也不是\n\\# 也不是\n\\回执：也不是\n"
        assert letter_sheet.read(text) == parts

    def test_a_slip_without_its_name_gets_it(self):
        parts = (Part("heading", "Demand"), Part("slip", "we will pay ____"))

        assert letter_sheet.written(parts, language="en").endswith("\n\nReply slip: we will pay ____\n")


class TestRead:
    def test_tells_the_parts_apart(self):
        text = "# 催款函\n\n{{ customer_name }}：\n\n{{ item_table }}\n\n1. 甲\n2. 乙\n\n{{ company_name }}\n{{ letter_date }}\n"

        assert letter_sheet.read(text) == (
            Part("heading", "催款函"),
            Part("paragraph", "{{ customer_name }}："),
            Part("field", "{{ item_table }}"),
            Part("numbers", "甲\n乙"),
            Part("paragraph", "{{ company_name }}\n{{ letter_date }}"),
        )


class TestProblems:
    def test_a_shipped_letter_has_none(self):
        for path in SHIPPED:
            assert letter_sheet.problems(letter_sheet.read(path.read_text(encoding="utf-8"))) == ()

    @pytest.mark.parametrize(
        ("part", "place", "said"),
        [
            (Part("paragraph", "请付 {{ totl }}"), 2, "“{{ totl }}”不是可用的字段"),
            (Part("list", "请付 {{ total_figures"), 2, "不成对的花括号"),
            (Part("paragraph", "明细 {{ item_table }} 如上"), 2, "“应付明细表”是整块内容"),
            (Part("paragraph", "[…] {{ pay_by_date }}"), 2, "还没有写"),
        ],
    )
    def test_says_what_is_wrong_and_where(self, part, place, said):
        found = letter_sheet.problems((Part("heading", "催款函"), part))

        assert [one.place for one in found] == [place]
        assert said in found[0].words.zh
        assert "{{{{" not in found[0].words.en

    @pytest.mark.parametrize("parts", [(), (Part("paragraph", "没有标题"),), (Part("heading", " "),)])
    def test_a_letter_needs_its_heading(self, parts):
        assert [one.place for one in letter_sheet.problems(parts)] == [0]

    @given(parts=PARTS)
    def test_what_has_no_problem_is_a_sound_template(self, parts):
        if not letter_sheet.problems(parts):
            letters.check_template(letter_sheet.written(parts), path="letters.x-zh")


class TestOutline:
    def test_keeps_parts_and_fields_and_marks_what_is_to_be_written(self):
        parts = letter_sheet.read(
            "# 提醒 {{ total_figures }}\n\n{{ item_table }}\n\n{{ company_name }}\n\n回执：付款____元"
        )

        found = letter_sheet.outline(parts, language="en")

        assert found == (
            Part("heading", "[…] {{ total_figures }}"),
            Part("field", "{{ item_table }}"),
            Part("paragraph", "{{ company_name }}"),
            Part("slip", "Reply slip: […]"),
        )
        assert [one.place for one in letter_sheet.problems(found)] == [1, 4]


class TestFields:
    def test_every_field_has_a_label_an_explanation_and_an_example(self):
        assert letter_fields.labelled() == letters.FIELDS

    def test_a_field_that_nobody_described_goes_by_its_name(self, monkeypatch):
        monkeypatch.setattr(letters, "FIELDS", letters.FIELDS | {"interest_total", "interest_table"})

        found = {one.name: one for one in letter_fields.every()}

        assert found["interest_total"].label.zh == "interest total"
        assert found["interest_table"].stands_alone
        assert letter_fields.field("no_such") is None
