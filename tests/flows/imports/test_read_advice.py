"""A payer's remittance advice from a file, read by the real reader of sheets."""

from decimal import Decimal

import pytest

from tradecredit.core.cash_application.matcher import values
from tradecredit.flows.imports import read_advice
from tradecredit.flows.imports.incoming import UnableToReadFileError
from tradecredit.flows.imports.read_advice import UnableToReadAdviceError
from tradecredit.integrations.erp_csv.files import SpreadsheetFiles


def read(text: str, encoding: str = "utf-8") -> list[tuple[str, Decimal]]:
    found = read_advice.read_advice(data=text.encode(encoding), files=SpreadsheetFiles())
    return [(one.number, values.amount(one.amount)) for one in found]


class TestReadAdvice:
    def test_reads_what_a_payer_lists_in_chinese_letters_of_a_bank(self) -> None:
        text = '付款通知\n序号,发票号码,本次付款金额\n1,INV-1,"1,500.00"\n2,INV-2,80.5\n'

        assert read(text, "gb18030") == [("INV-1", Decimal(1500)), ("INV-2", Decimal("80.5"))]

    def test_adds_up_an_invoice_that_is_listed_by_its_instalments(self) -> None:
        assert read("invoice number,paid amount\nINV-1,60.00\nINV-1,40.00\n") == [("INV-1", Decimal(100))]

    def test_refuses_the_whole_when_a_line_cannot_be_read(self) -> None:
        with pytest.raises(UnableToReadAdviceError, match="Line 3 of the remittance advice"):
            read("invoice number,paid amount\nINV-1,60.00\nINV-2,sixty\n")

    def test_refuses_a_file_without_such_columns(self) -> None:
        with pytest.raises(UnableToReadFileError):
            read("colour,size\nred,7\n")
