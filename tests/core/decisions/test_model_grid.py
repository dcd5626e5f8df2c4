from __future__ import annotations

from dataclasses import replace

import pytest

from tradecredit.core.decisions import model_grid, table_samples
from tradecredit.core.kernel.document_changes import UnknownPathError
from tradecredit.flows.policy import pack_tables
from tradecredit.integrations import policy_packs

DOCUMENT = policy_packs.load_pack("authority-matrix")


def grid(code="payment_and_risk", document=DOCUMENT):
    found = pack_tables.named(document, code)
    return model_grid.of_compiled(code=code, label=found.label, table=found.table)


def changed(rows, code="payment_and_risk"):
    text = model_grid.written(DOCUMENT, grid(code), rows)
    return {**DOCUMENT, "tables": {**DOCUMENT["tables"], "order_checks": text}}


class TestOfCompiled:
    def test_cells_read_as_people_type_them(self):
        found = grid()
        assert found.outputs == ("outcome", "reason")
        assert found.rows[0].cells == ("D", "", "", "", "")
        assert found.rows[0].outputs == ("refuse", "high_risk_grade")
        assert found.rows[0].zh.startswith("高风险等级")


class TestWritten:
    @pytest.mark.parametrize("code", ["payment_and_risk", "use_of_line"])
    def test_rows_as_they_are_leave_the_file_as_it_is(self, code):
        assert model_grid.written(DOCUMENT, grid(code), grid(code).rows) == DOCUMENT["tables"]["order_checks"]

    def test_a_typed_cell_is_what_the_table_then_asks(self):
        first = grid().rows[0]
        rows = [replace(first, cells=("C, D", *first.cells[1:])), *grid().rows[1:]]
        again = grid(document=changed(rows))
        assert again.rows[0].cells[0] == "C, D"
        assert again.rows[1:] == grid().rows[1:]

    def test_a_new_row_stands_where_it_was_typed(self):
        new = replace(grid().rows[0], code="", cells=("E", "yes", "", "", ">= 3"))
        again = grid(document=changed([new, *grid().rows]))
        assert again.rows[0].cells == ("E", "yes", "", "", ">= 3")
        assert len(again.rows) == len(grid().rows) + 1

    def test_a_table_of_rows_is_no_file(self):
        with pytest.raises(UnknownPathError):
            model_grid.model_of(DOCUMENT, "headroom")


class TestSamples:
    def test_most_rows_are_answered_by_the_facts_proposed_for_them(self):
        found = pack_tables.named(DOCUMENT, "payment_and_risk")
        sample = table_samples.samples(grid(), most=1)[0]
        assert sample == {
            "grade": "D",
            "high_risk": "no",
            "alert_level": "red",
            "control_point": sample["control_point"],
            "overdue_days": "0",
        }
        assert found.table.needs
