"""Tables that leave the house: JSON, CSV and XLSX in which no cell can act as a formula.

Note [Cells are never formulas]
A spreadsheet runs a text cell that begins with ``=``, ``+``, ``-``, ``@`` (full-width ones too), a tab or a line
end. In XLSX every text is written as a typed string; in CSV such a text gets an apostrophe before it. Amounts and
numbers are ours, so their minus sign stays.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import xlsxwriter

from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ColumnKind = Literal["text", "amount", "number", "ratio", "day"]
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_SHEET_NAME_LENGTH_MAX = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its key in JSON, its heading, and what its cells are."""

    key: str
    label: Words
    kind: ColumnKind = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells under columns; an unknown figure is None and stays empty, never zero."""

    name: str
    title: Words
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


def plain(*, name: str, headings: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Table:
    """Return a table of texts whose headings are written already."""
    columns = tuple(
        Column(key=str(place), label=Words(zh=heading, en=heading)) for place, heading in enumerate(headings)
    )
    return Table(name=name, title=Words(zh=name, en=name), columns=columns, rows=tuple(rows))


def as_text(value: Any) -> str:
    """Return a cell as plain text: amounts with their decimals, days as ISO, nothing for None."""
    match value:
        case None:
            return ""
        case Money():
            return value.text()
        case Decimal():
            return f"{value:f}"
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)


def as_records(table: Table) -> list[Mapping[str, Any]]:
    """Return the rows as JSON objects: amounts and ratios as text, whole numbers as numbers, None as null."""
    return [
        {
            column.key: value if value is None or isinstance(value, int) else as_text(value)
            for column, value in zip(table.columns, row, strict=True)
        }
        for row in table.rows
    ]


def as_csv(table: Table, *, language: str) -> bytes:
    """Return the table as CSV in UTF-8 with a mark that spreadsheets recognise; see Note [Cells are never formulas]."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([harmless(column.label.in_language(language)) for column in table.columns])
    for row in table.rows:
        writer.writerow(
            [
                harmless(as_text(value)) if column.kind == "text" else as_text(value)
                for column, value in zip(table.columns, row, strict=True)
            ]
        )
    return stream.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: ``=1+1`` becomes ``'=1+1``."""
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS_A_FORMULA) else text


def as_xlsx(table: Table, *, language: str, about: Sequence[tuple[Words, str]] = ()) -> bytes:
    """Return the table as a workbook; texts are typed as text, amounts as numbers.

    ``about`` (company, day, filter, …) makes a second sheet, so that the file says by itself what it holds.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    name = table.title.in_language(language) if about else table.name
    _write_table(book, book.add_worksheet(name[:_SHEET_NAME_LENGTH_MAX]), table, language=language)
    if about:
        _write_about(book, about, language=language)
    book.close()
    return stream.getvalue()


def as_workbook(several: Sequence[Table], *, language: str) -> bytes:
    """Return a workbook with a sheet for each table, named as the table."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    for table in several:
        _write_table(book, book.add_worksheet(table.name[:_SHEET_NAME_LENGTH_MAX]), table, language=language)
    book.close()
    return stream.getvalue()


def _write_table(book: Any, sheet: Any, table: Table, *, language: str) -> None:
    heading = book.add_format({"bold": True, "bg_color": "#EAF0FA", "bottom": 1})
    formats = {
        "amount": book.add_format({"num_format": "#,##0.00"}),
        "ratio": book.add_format({"num_format": "0.0000"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    for position, column in enumerate(table.columns):
        sheet.write_string(0, position, column.label.in_language(language), heading)
    for line, row in enumerate(table.rows, start=1):
        for position, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            _write_cell(sheet, line, position, value, formats.get(column.kind))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    sheet.set_column(0, len(table.columns) - 1, 16)


def _write_about(book: Any, about: Sequence[tuple[Words, str]], *, language: str) -> None:
    sheet = book.add_worksheet(Words(zh="说明", en="About").in_language(language))
    for line, (label, value) in enumerate(about):
        sheet.write_string(line, 0, label.in_language(language))
        sheet.write_string(line, 1, value)
    sheet.set_column(0, 1, 28)


def _write_cell(sheet: Any, line: int, position: int, value: Any, style: Any) -> None:
    match value:
        case None:
            return
        case Money():
            sheet.write_number(line, position, value.amount, style)
        case Decimal() | int():
            sheet.write_number(line, position, value, style)
        case date():
            sheet.write_datetime(line, position, value, style)
        case _:
            sheet.write_string(line, position, as_text(value))
