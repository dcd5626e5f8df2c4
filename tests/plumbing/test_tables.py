"""What leaves the house as a table: exact, and no cell can act as a formula."""

import io
from datetime import date
from decimal import Decimal
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import tables
from tradecredit.plumbing.tables import Column, Table

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x", "  =1+1"]


def table(*rows) -> Table:
    return Table(
        name="test",
        title=Words(zh="表", en="Table"),
        columns=(
            Column(key="name", label=Words(zh="名称", en="Name")),
            Column(key="amount", label=Words(zh="金额", en="Amount"), kind="amount"),
            Column(key="rate", label=Words(zh="比率", en="Rate"), kind="ratio"),
            Column(key="day", label=Words(zh="日期", en="Day"), kind="day"),
            Column(key="count", label=Words(zh="数量", en="Count"), kind="number"),
        ),
        rows=rows,
    )


ROW = ("示例", Money.of("-1234.50", "CNY"), Decimal("0.2500"), date(2026, 3, 2), 7)


class TestAsRecords:
    def test_writes_amounts_as_text_and_the_unknown_as_null(self) -> None:
        records = tables.as_records(table(ROW, ("x", None, None, None, None)))

        assert records[0] == {
            "name": "示例",
            "amount": "-1234.50",
            "rate": "0.2500",
            "day": "2026-03-02",
            "count": 7,
        }
        assert records[1] == {"name": "x", "amount": None, "rate": None, "day": None, "count": None}


class TestAsCsv:
    def test_writes_headings_and_cells(self) -> None:
        text = tables.as_csv(table(ROW), language="zh-hans").decode("utf-8-sig")

        assert text == "名称,金额,比率,日期,数量\r\n示例,-1234.50,0.2500,2026-03-02,7\r\n"

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_defuses_a_text_that_acts_as_a_formula(self, hostile) -> None:
        text = tables.as_csv(table((hostile, *ROW[1:])), language="en").decode("utf-8-sig")

        assert "'" + hostile in text


class TestAsXlsx:
    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_types_every_text_as_text(self, hostile) -> None:
        content = tables.as_xlsx(table((hostile, *ROW[1:])), language="en")

        with ZipFile(io.BytesIO(content)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet

    def test_keeps_figures_as_figures(self) -> None:
        content = tables.as_xlsx(table(ROW), language="en")

        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        assert rows[0] == ["Name", "Amount", "Rate", "Day", "Count"]
        assert rows[1] == ["示例", -1234.5, 0.25, date(2026, 3, 2), 7.0]
