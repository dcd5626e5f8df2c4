"""What a table saw and why its rows did or did not match: values, to be told in either language later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class CellTrace(NamedTuple):
    """One cell that was looked at: its column, its text, the value compared, and whether it matched (None: unknown)."""

    column: str
    text: str
    value: Any
    matched: bool | None


class RowTrace(NamedTuple):
    """One row, numbered from 1, with every cell."""

    row: int
    matched: bool
    cells: tuple[CellTrace, ...]


class ColumnTrace(NamedTuple):
    """One column: its value, and the rows whose cells matched it or could not be judged, as bits (row 1 is bit 0)."""

    label: str
    texts: tuple[str, ...]
    value: Any
    matched: int
    unknown: int

    def cell(self, row: int) -> CellTrace:
        """Return the trace of one cell; rows count from 1."""
        bit = 1 << (row - 1)
        verdict = True if self.matched & bit else None if self.unknown & bit else False
        return CellTrace(self.label, self.texts[row - 1], self.value, verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableTrace:
    """One evaluation of a table: whose it is, all its columns, which rows made the output, and the output."""

    element: str
    hit_policy: str
    row_count: int
    columns: tuple[ColumnTrace, ...]
    chosen: tuple[int, ...]
    output: Any

    @property
    def rows(self) -> tuple[RowTrace, ...]:
        """Every row with every cell."""
        found = []
        for row in range(1, self.row_count + 1):
            cells = tuple([column.cell(row) for column in self.columns])
            found.append(RowTrace(row, all(cell.matched for cell in cells), cells))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTrace:
    """One decision and what it came to, written when it was finished, so after those it needed."""

    element: str
    value: Any


Trace = TableTrace | DecisionTrace
