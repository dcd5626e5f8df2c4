"""Twenty ugly spreadsheets: eighteen come in as they are, the others say exactly what to do."""

from decimal import Decimal

import pytest

from factories import ugly_sheets
from tradecredit.flows.imports.incoming import UnableToReadFileError, Weight
from tradecredit.integrations.erp_csv import tables

MORE = {
    "merged customers": 6,
}


def said(table):
    return [finding.words.en for finding in table.findings if finding.weight is Weight.REFUSED]


class TestGood:
    def test_there_are_eighteen(self):
        assert len(ugly_sheets.GOOD) == 18

    @pytest.mark.parametrize("name", ugly_sheets.GOOD)
    def test_comes_in_without_editing(self, name):
        table = tables.read(kind="invoices", data=ugly_sheets.GOOD[name]())

        assert said(table) == []
        assert len(table.rows) == MORE.get(name, 3)
        found = {row.text("invoice_number"): row for row in table.rows}
        for code, company, number, issued, due, amount in ugly_sheets.INVOICES:
            row = found[number]
            assert row.text("customer_code") == code
            assert row.text("customer_name") == company
            assert row.day("invoice_date") == issued
            assert row.day("due_date") == due
            assert row.amount("amount") == Decimal(amount)

    def test_merged_cells_belong_to_every_row_they_cover(self):
        table = tables.read(kind="invoices", data=ugly_sheets.GOOD["merged customers"]())

        codes = {row.text("invoice_number"): row.text("customer_code") for row in table.rows}
        assert codes["FP-1001"] == "C002"

    def test_currencies_stand_by_their_rows(self):
        table = tables.read(kind="invoices", data=ugly_sheets.GOOD["mixed currencies"]())

        assert [row.text("currency") for row in table.rows] == ["CNY", "USD", "USD"]


class TestHopeless:
    def read(self, name):
        kind, make = ugly_sheets.HOPELESS[name]
        return tables.read(kind=kind, data=make())

    def test_a_ruined_number_is_refused_by_name(self):
        found = said(self.read("codes ruined"))

        assert len(found) == 3
        assert all("text" in words for words in found)

    def test_days_that_can_be_read_two_ways_name_the_line_that_decides(self):
        with pytest.raises(UnableToReadFileError) as refused:
            self.read("undecidable days")

        assert "days:" in refused.value.words.en

    def test_a_sheet_without_headings_says_so(self):
        with pytest.raises(UnableToReadFileError) as refused:
            self.read("no heads")

        assert "heading" in refused.value.words.en
