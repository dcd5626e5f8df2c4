"""Bounds on what is read: a file that would fill the memory is refused from its directory, before it is unpacked."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.imports.incoming import UnableToReadFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_BYTES_MAX: Final = 64 * 1024 * 1024
UNPACKED_BYTES_MAX: Final = 200 * 1024 * 1024
RATIO_MAX: Final = 100
ENTRIES_MAX: Final = 200
CELLS_MAX: Final = 1_000_000
# A sheet is held as a rectangle up to its farthest filled cell: one cell in the last corner fills the memory.
AREA_MAX: Final = 5_000_000
# Small entries may well shrink a hundredfold and hurt nobody.
_RATIO_MATTERS_FROM: Final = 10 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
# What the zip reader says of a directory or an entry that is broken, locked or of a kind it does not know.
BROKEN_ZIP: Final = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError),
)
_LOCAL_HEADER: Final = 30
_FILLED_CELL: Final = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"(?:[^>]*[^/>])?>')
_LETTERS: Final = 26


def check_size(data: bytes) -> None:
    """Refuse an empty file and one above the size that is read at once; raises UnableToReadFileError."""
    if not data:
        raise UnableToReadFileError(
            Words(
                zh="文件是空的。请检查导出是否成功。",
                en="The file is empty. Check that the export succeeded.",
            )
        )
    if len(data) > FILE_BYTES_MAX:
        raise _too_large("file", len(data), FILE_BYTES_MAX)


def check_workbook(data: bytes) -> None:
    """Refuse a zipped workbook whose content is too large, or larger than its directory says.

    Raises UnableToReadFileError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except BROKEN_ZIP as error:
        raise damaged() from error
    if len(entries) > ENTRIES_MAX:
        raise _too_large("entries", len(entries), ENTRIES_MAX)
    declared = sum(entry.file_size for entry in entries)
    if declared > UNPACKED_BYTES_MAX:
        raise _too_large("unpacked bytes", declared, UNPACKED_BYTES_MAX)
    if declared > _RATIO_MATTERS_FROM and declared > len(data) * RATIO_MAX:
        raise _too_large("packing ratio", declared // len(data), RATIO_MAX)
    cells = sum(_check_entry(data, entry) for entry in entries)
    if cells > CELLS_MAX:
        raise _too_large("cells", cells, CELLS_MAX)


def _check_entry(data: bytes, entry: zipfile.ZipInfo) -> int:
    """Unpack in pieces: the entry keeps to its declared size, and a sheet's farthest cell stays near; return its cells."""
    is_sheet = entry.filename.startswith("xl/worksheets/")
    unpacked = cells = row_max = column_max = 0
    tail = b""
    for piece in _pieces(data, entry):
        unpacked += len(piece)
        if unpacked > entry.file_size:
            raise damaged()
        if not is_sheet:
            continue
        text = tail + piece
        cut = text.rfind(b">") + 1
        text, tail = text[:cut], text[cut:][-_CHUNK:]
        for letters, row in _FILLED_CELL.findall(text):
            cells += 1
            row_max = max(row_max, int(row))
            column_max = max(column_max, _column_number(letters))
    if row_max * column_max > AREA_MAX:
        raise _too_large("sheet area", row_max * column_max, AREA_MAX)
    return cells


def _pieces(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    start = entry.header_offset + _LOCAL_HEADER
    name_length = int.from_bytes(data[start - 4 : start - 2], "little")
    extra_length = int.from_bytes(data[start - 2 : start], "little")
    start += name_length + extra_length
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise damaged()
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not unpacker.eof:
            yield unpacker.decompress(packed, _CHUNK)
            packed = unpacker.unconsumed_tail
    except zlib.error as error:
        raise damaged() from error


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number


def _too_large(what: str, found: int, allowed: int) -> UnableToReadFileError:
    return UnableToReadFileError(
        Words(
            zh=f"文件过大，未读取（{_WHAT_ZH[what]} {found:,}，上限 {allowed:,}）。请拆分成几个文件，或只复制数据区域到新表后再导入。",
            en=f"The file is too large and was not read ({what} {found:,}, at most {allowed:,}). "
            "Split it, or copy only the filled area into a new workbook.",
        ),
        what=what,
        found=str(found),
        allowed=str(allowed),
    )


_WHAT_ZH: Final = {
    "file": "字节数",
    "entries": "内部文件数",
    "unpacked bytes": "解压后字节数",
    "packing ratio": "压缩比",
    "cells": "单元格数",
    "sheet area": "表格区域",
}


def damaged() -> UnableToReadFileError:
    """Return the refusal of a workbook that is broken inside."""
    return UnableToReadFileError(
        Words(
            zh="工作簿已损坏或被改动，未读取。请在表格软件中打开并另存为 .xlsx 后再导入。",
            en="The workbook is damaged or was tampered with and was not read. Open it and save it again as .xlsx.",
        )
    )
