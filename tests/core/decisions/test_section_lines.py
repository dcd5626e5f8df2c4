from __future__ import annotations

import pytest

from tradecredit.core.decisions import section_lines
from tradecredit.core.kernel.document_changes import UnknownPathError
from tradecredit.integrations import policy_packs

DOCUMENT = {
    "monitoring": {
        "respond_within_hours": 24,
        "rules": [
            {
                "code": "late",
                "level": "yellow",
                "label": {"zh": "超期", "en": "Late"},
                "condition": "overdue_days_max >= 1",
                "requires_confirmation": True,
                "freezes": ["orders", "shipments"],
                "tasks": [{"role": "sales", "due_in_days": 1}],
                "source": "S-127",
            }
        ],
    }
}


def block(document=DOCUMENT, place=1):
    return section_lines.blocks(document, "monitoring")[place]


class TestBlocks:
    def test_values_stand_by_item_under_their_names(self):
        general, rule = section_lines.blocks(DOCUMENT, "monitoring")
        assert [(one.path, one.value) for one in general.lines] == [("monitoring.respond_within_hours", "24")]
        assert (rule.words.zh, rule.place, rule.is_item) == ("规则 · 超期", "monitoring.rules[0]", True)
        assert [(one.words.zh, one.kind, one.value) for one in rule.lines] == [
            ("级别", "text", "yellow"),
            ("名称 › 中文", "text", "超期"),
            ("名称 › 英文", "text", "Late"),
            ("条件（政策语言）", "text", "overdue_days_max >= 1"),
            ("须人工确认", "flag", "yes"),
            ("冻结", "list", "orders、shipments"),
            ("任务 › 1 › 角色", "text", "sales"),
            ("任务 › 1 › 几天内办", "text", "1"),
        ]

    @pytest.mark.parametrize("pack", ["five-pillars", "authority-matrix"])
    def test_what_is_shown_and_not_changed_changes_nothing(self, pack):
        document = policy_packs.load_pack(pack)
        for section in section_lines.SECTIONS:
            shown = {
                one.path: one.value for each in section_lines.blocks(document, section) for one in each.lines
            }
            assert shown
            assert section_lines.written(document, section, shown) == document

    def test_letters_are_no_section_of_lines(self):
        with pytest.raises(UnknownPathError):
            section_lines.blocks(DOCUMENT, "letters")


class TestWritten:
    def test_each_value_stays_of_its_kind(self):
        path = "monitoring.rules.late"
        found = section_lines.written(
            DOCUMENT,
            "monitoring",
            {
                f"{path}.condition": "overdue_days_max >= 5",
                f"{path}.requires_confirmation": "no",
                f"{path}.freezes": "limit，orders",
                f"{path}.tasks.1.due_in_days": "3",
            },
        )
        rule = found["monitoring"]["rules"][0]
        assert rule["condition"] == "overdue_days_max >= 5"
        assert rule["requires_confirmation"] is False
        assert rule["freezes"] == ["limit", "orders"]
        assert rule["tasks"] == [{"role": "sales", "due_in_days": 3}]

    def test_a_path_that_is_no_value_is_refused(self):
        with pytest.raises(UnknownPathError):
            section_lines.written(DOCUMENT, "monitoring", {"monitoring.rules.late.code": "x"})


class TestCopiedAndRemoved:
    def test_a_rule_is_copied_behind_itself_and_taken_out(self):
        found = section_lines.copied(DOCUMENT, "monitoring.rules.late", "very-late")
        codes = [one["code"] for one in found["monitoring"]["rules"]]
        assert codes == ["late", "very-late"]
        assert section_lines.removed(found, "monitoring.rules.very-late") == DOCUMENT

    @pytest.mark.parametrize(
        ("path", "code"),
        [("monitoring.rules.late", "late"), ("monitoring.rules.late", "a b"), ("monitoring.rules", "x")],
        ids=["taken", "no code", "no item"],
    )
    def test_what_cannot_be_copied_is_refused(self, path, code):
        with pytest.raises(UnknownPathError):
            section_lines.copied(DOCUMENT, path, code)
