"""The headings of a file as they stand there, for whoever is to say which column is which."""

from __future__ import annotations

from typing import Final

from tradecredit.integrations.erp_csv import headings, tables
from tradecredit.integrations.erp_csv.layouts import LAYOUTS
from tradecredit.integrations.erp_csv.sheets import is_filled, shown

# The column of an error file: whoever sends the corrected rows again sends it along.
_REASONS: Final = frozenset({"错误原因", "reason"})
# Technical: of delimited text no more rows are read for it; headings are looked for in far fewer.
_HEAD: Final = 200


def headings_of(*, kind: str, data: bytes) -> tuple[str, ...]:
    """Return the headings of the file; where none is known, what stands in its first filled row.

    Raises UnableToReadFileError.
    """
    book = tables.take_apart(data, most_rows=_HEAD)
    heads = [headings.locate(sheet.rows, layout=LAYOUTS[kind]) for sheet in book.sheets]
    known = max(filter(None, heads), key=lambda head: head.strength, default=None)
    filled = (row for sheet in book.sheets for row in sheet.rows if is_filled(row))
    found = known.headings if known else tuple(shown(cell) for cell in next(filled, ()))
    return tuple(dict.fromkeys(heading for heading in found if heading and heading not in _REASONS))
