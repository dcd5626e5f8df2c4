"""Examples to begin with: for each row of a table, facts that it was probably written for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.decisions.table_grid import Column, Grid, Row

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_BEYOND: Final = re.compile(r"^\s*(?:>(?!=)|\(|\])")
_BELOW: Final = re.compile(r"^\s*<(?!=)")
_OTHER: Final = "other"
_NEUTRAL: Final[Mapping[str, str]] = {"number": "0", "boolean": "no"}


def samples(grid: Grid, *, most: int) -> tuple[Mapping[str, str], ...]:
    """Return typed facts for the first rows of a grid, a mapping for each; a column that a row passes over is neutral.

    For ``> 30`` it is 31, for ``[8..30]`` 8, for ``A, B`` A. They are proposals: what the table says of them is asked.
    """
    return tuple(_sample(grid, place) for place in range(min(most, len(grid.rows))))


def _sample(grid: Grid, place: int) -> Mapping[str, str]:
    cells = zip(grid.columns, grid.rows[place].cells, strict=True)
    return {column.name: _typed(column, cell.strip(), grid, place) for column, cell in cells}


def _typed(column: Column, cell: str, grid: Grid, place: int) -> str:
    if not cell or cell.startswith(("not(", "?")):
        return _neutral(column, cell, grid, place)
    if column.type_ref == "number":
        return _number(cell)
    first = cell.split(",", maxsplit=1)[0].strip().strip('"')
    return first if column.type_ref != "date" else ""


def _number(cell: str) -> str:
    found = _NUMBER.search(cell)
    if found is None:
        return "0"
    whole, _, fraction = found.group().partition(".")
    if _BEYOND.match(cell):
        return f"{found.group()}1" if fraction else str(int(whole) + 1)
    if _BELOW.match(cell):
        return "0"
    return found.group()


def _neutral(column: Column, cell: str, grid: Grid, place: int) -> str:
    """Return a value that no row above asks for: a word of the column, or one that stands for all others."""
    if column.type_ref in _NEUTRAL:
        return _NEUTRAL[column.type_ref]
    at = grid.columns.index(column)
    above = {word for row in grid.rows[:place] for word in _words(row, at)}
    known = [word for row in grid.rows for word in _words(row, at)]
    return next((word for word in known if word not in above and word not in cell), _OTHER)


def _words(row: Row, at: int) -> list[str]:
    cell = row.cells[at].strip()
    if not cell or cell.startswith(("not(", "?")):
        return []
    return [word.strip().strip('"') for word in cell.split(",")]
