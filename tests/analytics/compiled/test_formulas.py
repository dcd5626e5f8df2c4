"""Texts of the policy language over columns."""

from __future__ import annotations

from decimal import Decimal

import ibis
import pytest

from tradecredit.analytics.compiled import formulas


class TestFormula:
    @pytest.mark.parametrize(
        ("text", "holds"),
        [("shift > 0.305", True), ("shift > 1.5", False), ("shift > 0.3 or shift > 9", True)],
    )
    def test_compares_a_whole_column_with_a_fraction(self, text, holds):
        table = ibis.memtable({"shift": [Decimal(1)]}, schema={"shift": "decimal(18, 0)"})

        found = table.select(said=formulas.formula(text, {"shift": table.shift}))

        assert ibis.duckdb.connect().to_pyarrow(found).to_pylist() == [{"said": holds}]

    @pytest.mark.parametrize(
        ("text", "holds"),
        [
            ("orders = null or orders < 3", [True, False, True]),
            ("null != orders", [True, True, False]),
            ("not_asked = null", [False, False, False]),
        ],
    )
    def test_a_missing_value_is_asked_for(self, text, holds):
        table = ibis.memtable(
            {"orders": [2, 5, None], "not_asked": [1, 1, 1]}, schema={"orders": "int64", "not_asked": "int64"}
        )

        found = table.select(said=formulas.formula(text, {name: table[name] for name in table.columns}))

        assert [row["said"] for row in ibis.duckdb.connect().to_pyarrow(found).to_pylist()] == holds
