from __future__ import annotations

import copy

from factories.credit_facts import section
from tradecredit.core.kernel import document_changes, told_changes

POLICY = {"order_control": section("five-pillars", "order_control")}


def sentences(path, value):
    after = document_changes.changed(POLICY, path, value)
    found = document_changes.changes(POLICY, after)
    return [told_changes.told(one, before=POLICY, after=after) for one in found]


class TestTold:
    def test_names_the_part_the_check_and_both_values(self):
        (words,) = sentences("order_control.checks.overdue_days.days", 14)

        assert words.zh == "订单控制 › 逾期天数 › days：7 → 14"
        assert words.en == "Order control › Days overdue › days: 7 → 14"

    def test_names_a_cell_of_a_table(self):
        (words,) = sentences(
            "order_control.checks.order_warning_line.table.rows.b_cny.when.amount", "> 600000"
        )

        assert words.zh == "订单控制 › 订单预警线 › b_cny › when › amount：> 500000 → > 600000"

    def test_a_check_that_goes_is_named_by_its_label(self):
        after = copy.deepcopy(POLICY)
        gone = after["order_control"]["checks"].pop()
        (change,) = document_changes.changes(POLICY, after)

        words = told_changes.told(change, before=POLICY, after=after)

        assert words.en == f"Order control › {gone['label']['en']}: {gone['label']['en']} → (none)"


class TestValue:
    def test_tells_a_list_as_a_sentence_would(self):
        found = told_changes.value(["risk_director", "cfo"])

        assert (found.zh, found.en) == ("risk_director、cfo", "risk_director, cfo")

    def test_says_yes_and_no(self):
        assert told_changes.value(True).zh == "是"
        assert told_changes.value(False).en == "no"
