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

    def cells(self) -> list[CellTrace]:
        """Return the trace of every cell, row by row."""
        label, value, matched, unknown = self.label, self.value, self.matched, self.unknown
        return [
            CellTrace(label, text, value, True if matched >> at & 1 else None if unknown >> at & 1 else False)
            for at, text in enumerate(self.texts)
        ]


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
        matched = (1 << self.row_count) - 1
        for column in self.columns:
            matched &= column.matched
        by_row = zip(*(column.cells() for column in self.columns), strict=True)
        listed = by_row if self.columns else ((),) * self.row_count
        return tuple([RowTrace(at + 1, bool(matched >> at & 1), cells) for at, cells in enumerate(listed)])


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTrace:
    """One decision and what it came to, written when it was finished, so after those it needed."""

    element: str
    value: Any


Trace = TableTrace | DecisionTrace
