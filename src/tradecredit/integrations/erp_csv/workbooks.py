"""Workbooks (.xlsx, .xls): visible sheets as rows of cells."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

import python_calamine

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.imports.incoming import UnableToReadFileError
from tradecredit.integrations.erp_csv import caps
from tradecredit.integrations.erp_csv.sheets import Book, Cell, Row, Sheet, is_filled

if TYPE_CHECKING:
    from collections.abc import Iterable

    Range = tuple[tuple[int, int], tuple[int, int]]

_ZIP_MARK: Final = b"PK\x03\x04"
_OLE_MARK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_1904: Final = re.compile(rb'date1904="(?:1|true)"')
_HAS_LETTERS: Final = re.compile(r"[^\W\d_]")
_WORKBOOK_PART: Final = "xl/workbook.xml"
_WORKBOOK_PART_MAX: Final = 4 * 1024 * 1024


def is_workbook(data: bytes) -> bool:
    """Tell whether the bytes are a workbook, whatever the file is called."""
    return data.startswith((_ZIP_MARK, _OLE_MARK))


def read(data: bytes) -> Book:
    """Return the visible sheets of a workbook; raises UnableToReadFileError for locked or damaged ones."""
    zipped = data.startswith(_ZIP_MARK)
    if zipped:
        caps.check_workbook(data)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheets = tuple(
                _sheet(book, meta.name)
                for meta in book.sheets_metadata
                if meta.visible == python_calamine.SheetVisibleEnum.Visible
                and meta.typ == python_calamine.SheetTypeEnum.WorkSheet
            )
    except python_calamine.PasswordError as error:
        raise UnableToReadFileError(
            Words(
                zh="工作簿有密码保护。请取消密码后再导入。",
                en="The workbook is protected by a password. Remove it and import again.",
            )
        ) from error
    except python_calamine.CalamineError as error:
        raise UnableToReadFileError(
            Words(
                zh="工作簿无法读取。请在表格软件中打开并另存为 .xlsx 后再导入。",
                en="The workbook could not be read. Open it and save it again as .xlsx.",
            ),
            cause=str(error),
        ) from error
    return Book(
        format="xlsx" if zipped else "xls", sheets=sheets, day_one_is_1904=zipped and _counts_from_1904(data)
    )


def _sheet(book: python_calamine.CalamineWorkbook, name: str) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    rows: list[Row] = [tuple(row) for row in sheet.to_python(skip_empty_area=False)]
    while rows and not is_filled(rows[-1]):
        rows.pop()
    merged = sheet.merged_cell_ranges or ()
    return Sheet(name=name, rows=_spread(rows, merged))


def _spread(rows: list[Row], merged: Iterable[Range]) -> tuple[Row, ...]:
    """Repeat the text of a merged cell over all that it covers: a head over two columns, a customer over three rows.

    Only words are repeated: an amount over two rows is one amount, not two.
    """
    grid: list[list[Cell]] = [list(row) for row in rows]
    for (top, left), (bottom, right) in merged:
        if top >= len(grid) or left >= len(grid[top]):
            continue
        text = grid[top][left]
        if not isinstance(text, str) or not _HAS_LETTERS.search(text):
            continue
        for row in grid[top : bottom + 1]:
            row[left : right + 1] = [text] * len(row[left : right + 1])
    return tuple(tuple(row) for row in grid)


def _counts_from_1904(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if _WORKBOOK_PART not in archive.namelist():
                return False
            with archive.open(_WORKBOOK_PART) as part:
                return bool(_1904.search(part.read(_WORKBOOK_PART_MAX)))
    except caps.BROKEN_ZIP as error:
        raise caps.damaged() from error
