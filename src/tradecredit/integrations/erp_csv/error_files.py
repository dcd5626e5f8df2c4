"""The error file: the user's own sheet with only the refused rows and one more column that says why."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

import xlsxwriter

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.imports.incoming import Weight
from tradecredit.integrations.erp_csv import delimited_text, tables
from tradecredit.integrations.erp_csv.sheets import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradecredit.flows.imports.incoming import Finding
    from tradecredit.integrations.erp_csv.sheets import Book, Cell, Row

# Reading the corrected file back, this heading is known and not used.
_HEADING: Final = Words(zh="错误原因", en="reason")
_DELIMITER_IN_REASONS: Final = Words(zh=";", en="; ")
_UNGUARDED_SIGNS: Final = "+-"
_WIDTH: Final = 60


def write(
    *, kind: str, data: bytes, findings: Iterable[Finding], language: str, mapping: str | None = None
) -> bytes:
    """Return the file as bytes, in the format it came in (an .xls comes back as .xlsx).

    Text that a spreadsheet would compute is written as text. Raises UnableToReadFileError.
    """
    encoding = tables.given_encoding(kind=kind, mapping=mapping)
    book = tables.take_apart(data, encoding=encoding)
    sheet, head = tables.locate(book, kind=kind, mapping=mapping)
    reasons = _by_row(findings, language)
    width = max(len(row) for row in sheet.rows)
    lines: list[Row] = list(sheet.rows[: head.first_row - 1])
    lines.append((*_padded(sheet.rows[head.first_row - 1], width), _HEADING.in_language(language)))
    lines += [(*_padded(sheet.rows[row - 1], width), reason) for row, reason in sorted(reasons.items())]
    return _delimited(lines, book) if book.format == "csv" else _workbook(lines, sheet.name)


def extension_for(name: str) -> str:
    """Return the extension of the error file of a file: its own, but ``.xlsx`` for an old ``.xls``."""
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem:
        return ".csv"
    return ".xlsx" if extension.lower() in ("xls", "xlsx", "xlsm") else f".{extension}"


def _by_row(findings: Iterable[Finding], language: str) -> Mapping[int, str]:
    reasons: dict[int, list[str]] = {}
    for finding in findings:
        if finding.weight is Weight.REFUSED:
            text = f"{finding.field}: {finding.words.in_language(language)}"
            reasons.setdefault(finding.row, []).append(text)
    return {row: _DELIMITER_IN_REASONS.in_language(language).join(texts) for row, texts in reasons.items()}


def _padded(row: Row, width: int) -> Row:
    return (*row, *(None for _ in range(width - len(row))))


def _delimited(lines: list[Row], book: Book) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=book.delimiter)
    writer.writerows([[guarded(shown(cell)) for cell in line] for line in lines])
    return text.getvalue().encode(book.encoding, errors="replace")


def guarded(text: str) -> str:
    """Return the text so that no spreadsheet computes it: ``=1+1`` becomes ``'=1+1``, the number -5 stays."""
    if not text.startswith(delimited_text.GUARDED):
        return text
    if text[0] in _UNGUARDED_SIGNS and text[1:].replace(",", "").replace(".", "", 1).isdecimal():
        return text
    return f"'{text}"


def _workbook(lines: list[Row], sheet_name: str) -> bytes:
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(sheet_name[:31] or None)
        as_day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                _write_cell(sheet, number, column, cell, as_day)
        sheet.set_column(max(map(len, lines)) - 1, max(map(len, lines)) - 1, _WIDTH)
    return target.getvalue()


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    cell: Cell,
    as_day: xlsxwriter.format.Format,
) -> None:
    match cell:
        case None | "":
            return
        case bool():
            sheet.write_boolean(row, column, cell)
        case int() | float():
            sheet.write_number(row, column, cell)
        case datetime() | date():
            sheet.write_datetime(row, column, cell, as_day)
        case time() | timedelta() | str():
            sheet.write_string(row, column, str(cell))
