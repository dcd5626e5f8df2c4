import io
import zipfile

import pytest

from tradecredit.flows.imports.incoming import UnableToReadFileError
from tradecredit.integrations.erp_csv import caps, tables


def archive(entries):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in entries:
            book.writestr(name, content)
    return target.getvalue()


def sheet(*cells):
    inside = "".join(f'<c r="{cell}"><v>1</v></c>' for cell in cells)
    return f"<worksheet><sheetData><row>{inside}</row></sheetData></worksheet>"


class TestCheckWorkbook:
    def test_passes_an_ordinary_workbook(self):
        caps.check_workbook(archive([("xl/worksheets/sheet1.xml", sheet("A1", "K20000"))]))

    def test_refuses_a_bomb_from_its_directory(self):
        bomb = archive([("xl/worksheets/sheet1.xml", b" " * 60_000_000)])

        assert len(bomb) < 100_000
        with pytest.raises(UnableToReadFileError) as refused:
            tables.read(kind="invoices", data=bomb)
        assert refused.value.facts["what"] == "packing ratio"

    def test_refuses_more_than_can_be_unpacked(self, monkeypatch):
        monkeypatch.setattr(caps, "UNPACKED_BYTES_MAX", 1000)

        with pytest.raises(UnableToReadFileError, match="unpacked bytes"):
            caps.check_workbook(archive([("a", b"x" * 1001)]))

    def test_refuses_many_entries(self):
        with pytest.raises(UnableToReadFileError, match="entries"):
            caps.check_workbook(archive([(f"part{number}", b"x") for number in range(201)]))

    def test_refuses_one_cell_in_the_farthest_corner(self):
        with pytest.raises(UnableToReadFileError, match="sheet area"):
            caps.check_workbook(archive([("xl/worksheets/sheet1.xml", sheet("A1", "XFD1048576"))]))

    def test_is_not_bothered_by_empty_formatted_cells(self):
        caps.check_workbook(
            archive(
                [("xl/worksheets/sheet1.xml", '<row><c r="XFD1048576" s="3"/><c r="A1"><v>1</v></c></row>')]
            )
        )

    def test_cuts_off_an_entry_that_is_larger_than_it_says(self):
        honest = archive([("xl/worksheets/sheet1.xml", sheet(*(f"A{row}" for row in range(1, 5000))))])
        with zipfile.ZipFile(io.BytesIO(honest)) as book:
            size = book.infolist()[0].file_size
        lying = honest.replace(size.to_bytes(4, "little"), (500).to_bytes(4, "little"))

        assert lying != honest
        with pytest.raises(UnableToReadFileError, match="damaged"):
            caps.check_workbook(lying)

    def test_refuses_what_is_no_archive(self):
        with pytest.raises(UnableToReadFileError, match="damaged"):
            tables.read(kind="invoices", data=b"PK\x03\x04" + b"x" * 100)
