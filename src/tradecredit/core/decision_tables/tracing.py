"""What a table saw and why its rows did or did not match: values, to be told in either language later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class CellTrace:
    """One cell that was looked at: its column, its text, the value compared, and whether it matched (None: unknown)."""

    column: str
    text: str
    value: Any
    matched: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTrace:
    """One row, numbered from 1, with every cell."""

    row: int
    matched: bool
    cells: tuple[CellTrace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableTrace:
    """One evaluation of a table: whose it is, all its rows, which of them made the output, and the output."""

    element: str
    hit_policy: str
    rows: tuple[RowTrace, ...]
    chosen: tuple[int, ...]
    output: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTrace:
    """One decision and what it came to, written when it was finished, so after those it needed."""

    element: str
    value: Any


Trace = TableTrace | DecisionTrace
