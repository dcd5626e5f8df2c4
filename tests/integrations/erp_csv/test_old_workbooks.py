"""The old binary format (.xls): written here byte by byte, since nothing that writes it is worth depending on."""

import struct
from datetime import date
from decimal import Decimal

from tradecredit.integrations.erp_csv import error_files, tables

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def sheet_bytes(rows):
    out = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = struct.pack("<HHH", number, column, 0)
            if isinstance(cell, str):
                text = cell.encode("utf-16-le")
                out += record(0x0204, place + struct.pack("<HB", len(cell), 1) + text)
            else:
                out += record(0x0203, place + struct.pack("<d", cell))
    return out + record(0x000A)


def workbook_stream(rows, name="Sheet1"):
    bof = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    title = struct.pack("<BB", len(name), 0) + name.encode("latin-1")

    def head(offset):
        return bof + record(0x0085, struct.pack("<IBB", offset, 0, 0) + title) + record(0x000A)

    return head(len(head(0))) + sheet_bytes(rows)


def directory_entry(name, kind, *, start, size, child=FREE):
    encoded = (name + "\0").encode("utf-16-le")
    fixed = struct.pack("<HBBIII", len(encoded), kind, 1, FREE, FREE, child)
    tail = b"\0" * 36 + struct.pack("<II", start, size) + b"\0" * 4
    return encoded.ljust(64, b"\0") + fixed + tail


def old_workbook(rows):
    stream = workbook_stream(rows)
    # Below 4,096 bytes a stream lives in a store of its own, which this writer does without.
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    count = len(stream) // SECTOR
    chain = [FAT, END, *range(3, count + 2), END]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    root = directory_entry("Root Entry", 5, start=END, size=0, child=1)
    book = directory_entry("Workbook", 2, start=2, size=len(stream))
    directory = (root + book).ljust(SECTOR, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0, 0)
    header += struct.pack("<I", FREE) * 108
    return header[:SECTOR] + fat + directory + stream


ROWS = [
    ["客户编码", "发票号码", "开票日期", "到期日", "金额"],
    ["C001", "INV-1", 46348.0, "2026.12.22", 1234.5],
    ["C001", "INV-2", "x", "2026.12.22", 5.0],
]


class TestReadOldWorkbook:
    def test_reads_texts_numbers_and_days(self):
        table = tables.read(kind="invoices", data=old_workbook(ROWS))

        (row,) = table.rows
        assert row.values == {
            "customer_code": "C001",
            "invoice_number": "INV-1",
            "invoice_date": date(2026, 11, 22),
            "due_date": date(2026, 12, 22),
            "amount": Decimal("1234.5"),
        }
        assert [(finding.row, finding.field) for finding in table.findings] == [(3, "invoice date")]

    def test_comes_back_as_a_new_workbook_with_the_reasons(self):
        data = old_workbook(ROWS)
        findings = tables.read(kind="invoices", data=data).findings

        written = error_files.write(kind="invoices", data=data, findings=findings, language="en")

        assert error_files.extension_for("应收.xls") == ".xlsx"
        (sheet,) = tables.take_apart(written).sheets
        assert sheet.rows[1][:2] == ("C001", "INV-2")
