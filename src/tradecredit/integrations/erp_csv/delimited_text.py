"""Delimited text: which encoding, which delimiter, and its rows."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from itertools import islice
from typing import Final

import charset_normalizer

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.imports.incoming import UnableToReadFileError
from tradecredit.integrations.erp_csv import caps
from tradecredit.integrations.erp_csv.sheets import Book, Row, Sheet

_DELIMITERS: Final = (",", "\t", ";", "|", "，")
_SNIFFED_LINES: Final = 60
_SNIFFED_TEXT: Final = 1_000_000
# An apostrophe before one of these keeps spreadsheets from computing the text; it is not part of the text.
GUARDED: Final = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


def read(data: bytes, *, encoding: str | None = None, most_rows: int | None = None) -> Book:
    """Return the rows of a delimited text (the first of them); raises UnableToReadFileError when no encoding fits."""
    found = encoding or detect_encoding(data)
    try:
        text = data.decode(found)
    except (UnicodeDecodeError, LookupError) as error:
        raise _undecodable(found) from error
    text = text.removeprefix("\ufeff")
    delimiter = sniff_delimiter(text)
    # An unclosed quote would otherwise swallow the file into one field and fail at the default field size.
    csv.field_size_limit(caps.FILE_BYTES_MAX)
    lines = islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), most_rows)
    rows = tuple(map(_unguarded if "'" in text else tuple, lines))
    if sum(map(len, rows)) > caps.CELLS_MAX * 2:
        raise UnableToReadFileError(
            Words(
                zh="文件单元格过多。请拆分后再导入。",
                en="The file has too many cells. Split it and import the parts.",
            )
        )
    return Book(
        format="csv",
        sheets=(Sheet(name="", rows=rows),),
        encoding=_round_trip(found, data),
        delimiter=delimiter,
    )


def detect_encoding(data: bytes) -> str:
    """Return the encoding: by byte order mark, by zero bytes (UTF-16), UTF-8, GB18030, or the likeliest other."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = data[:4096]
    if sample[1::2].count(0) > len(sample) // 4:
        return "utf-16-le"
    if sample[0::2].count(0) > len(sample) // 4:
        return "utf-16-be"
    for candidate in ("utf-8", "gb18030"):
        try:
            data.decode(candidate)
        except UnicodeDecodeError:
            continue
        return candidate
    best = charset_normalizer.from_bytes(data).best()
    if best is None:
        raise _undecodable("?")
    return best.encoding


def sniff_delimiter(text: str) -> str:
    """Return the delimiter that cuts most lines into the same number of fields."""
    head = "\n".join(text[:_SNIFFED_TEXT].splitlines()[:_SNIFFED_LINES])
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        widths = Counter(
            len(row) for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter) if any(row)
        )
        width, lines = max(
            widths.items(), key=lambda item: (item[1] if item[0] > 1 else 0, item[0]), default=(0, 0)
        )
        score = (lines / widths.total(), width) if width > 1 else (0.0, 0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _unguarded(row: list[str]) -> Row:
    return tuple(cell[1:] if cell.startswith("'") and cell[1:].startswith(GUARDED) else cell for cell in row)


def _round_trip(found: str, data: bytes) -> str:
    # Written back with the mark it came with, or spreadsheets would take UTF-16 without one for something else.
    return "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else found


def _undecodable(encoding: str) -> UnableToReadFileError:
    return UnableToReadFileError(
        Words(
            zh="无法识别文件的文字编码。请在表格软件中另存为“CSV UTF-8”或 .xlsx 后再导入，或在映射文件中写明 encoding。",
            en="The text encoding of the file was not recognised. Save it as “CSV UTF-8” or .xlsx, or give `encoding` in the "
            "mapping file.",
        ),
        encoding=encoding,
    )
