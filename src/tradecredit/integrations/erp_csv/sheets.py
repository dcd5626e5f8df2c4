"""A sheet as it lies in the file: rows of cells, counted as the user's program counts them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Row = tuple[Cell, ...]
Format = Literal["csv", "xlsx", "xls"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet: row 1 of the file is ``rows[0]``."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A file taken apart, with what is needed to write one like it."""

    format: Format
    sheets: tuple[Sheet, ...]
    encoding: str = ""
    delimiter: str = ","
    day_one_is_1904: bool = False


def is_blank(cell: Cell) -> bool:
    """Tell whether nothing readable stands in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def is_filled(row: Row) -> bool:
    """Tell whether anything readable stands in the row."""
    return any(not is_blank(cell) for cell in row)


def shown(cell: Cell) -> str:
    """Return the cell as the user sees it, for messages: whole numbers without ``.0``."""
    if isinstance(cell, str):
        return cell.strip()
    match cell:
        case None:
            return ""
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell).strip()
