from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from factories.credit_facts import section
from tradecredit.core.decisions import policy, table_grid
from tradecredit.core.decisions.table_grid import Row
from tradecredit.core.kernel.document_changes import UnknownPathError


def document(**check):
    """Order control with one table more: grade and days overdue."""
    control = section("five-pillars", "order_control")
    table = {
        "inputs": ["grade", "overdue_days"],
        "rows": [
            {
                "code": "late_b",
                "when": {"grade": ["A", "B"], "overdue_days": "> 30"},
                "outcome": "hold",
                "words": {"zh": "逾期过久。", "en": "Too late."},
                "source": "S-1",
            }
        ],
        "otherwise": {"outcome": "pass"},
    }
    added = {
        "code": "by_grade",
        "check": "table",
        "label": {"zh": "按等级", "en": "By grade"},
        "at": ["order"],
        "table": table,
        **check,
    }
    return {"order_control": {**control, "checks": [*control["checks"], added]}}


def grid_of(found):
    return next(one for one in table_grid.grids(found) if one.code == "by_grade")


class TestGrids:
    def test_shows_rows_as_people_type_them(self):
        grid = grid_of(document())
        assert [column.name for column in grid.columns] == ["grade", "overdue_days"]
        assert grid.rows == (
            Row(code="late_b", cells=("A, B", "> 30"), outcome="hold", zh="逾期过久。", en="Too late."),
        )
        assert grid.otherwise == "pass"

    def test_a_check_that_is_no_table_is_no_grid(self):
        assert "headroom" not in {one.code for one in table_grid.grids(document())}


class TestWritten:
    def test_what_was_shown_and_not_changed_is_the_same_document(self):
        before = document()
        assert table_grid.written(before, "by_grade", grid_of(before).rows) == before

    def test_takes_changed_cells_and_keeps_what_the_row_says_besides(self):
        before = document()
        row = dataclasses.replace(grid_of(before).rows[0], cells=("A", "[8..30]"))
        after = table_grid.written(before, "by_grade", [row])
        made = after["order_control"]["checks"][-1]["table"]["rows"]
        assert made[0]["when"] == {"grade": "A", "overdue_days": "[8..30]"}
        assert made[0]["source"] == "S-1"
        assert policy.of_document(after).rules[-1].table is not None

    def test_gives_a_new_row_a_code_of_its_own_and_leaves_empty_cells_out(self):
        before = document()
        rows = [*grid_of(before).rows, Row(code="", cells=("C", "-"), outcome="review")]
        made = table_grid.written(before, "by_grade", rows)["order_control"]["checks"][-1]["table"]["rows"]
        assert made[1] == {"code": "row_1", "when": {"grade": "C"}, "outcome": "review"}

    def test_a_row_left_out_is_gone(self):
        before = document()
        made = table_grid.written(before, "by_grade", [])
        assert made["order_control"]["checks"][-1]["table"]["rows"] == []

    def test_refuses_a_table_that_is_not_there(self):
        with pytest.raises(UnknownPathError):
            table_grid.written(document(), "headroom", [])


class TestFactsTyped:
    def test_reads_numbers_words_and_nothing(self):
        grid = grid_of(document())
        assert table_grid.facts_typed(grid, {"overdue_days": "1,200"}) == {
            "grade": None,
            "overdue_days": Decimal(1200),
        }

    def test_names_the_fact_that_is_no_number(self):
        with pytest.raises(ValueError, match="overdue_days"):
            table_grid.facts_typed(grid_of(document()), {"overdue_days": "soon"})


def test_the_tables_of_the_shipped_pack_survive_being_shown_and_saved():
    shipped = {"order_control": section("five-pillars", "order_control")}
    for grid in table_grid.grids(shipped):
        after = table_grid.written(shipped, grid.code, grid.rows)
        before_control = policy.parse(shipped["order_control"])
        after_control = policy.parse(after["order_control"])
        found = {rule.code: rule.table for rule in after_control.rules}
        assert {rule.code: rule.table for rule in before_control.rules} == found
