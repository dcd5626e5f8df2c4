"""Look a decision table over before it decides anything: what no row answers, what two rows answer, what never fires.

A sweep over the columns: each is cut into pieces (`pieces`), and the rows that stay alive from column to column are
followed. Columns that compare with more than constants are taken as "may match or not": a table with one is told
about, and findings that such a column could explain away are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tradecredit.core.decision_tables import finding_words, pieces
from tradecredit.core.feel import expression as feel
from tradecredit.core.feel import tree
from tradecredit.core.feel.run import UnableToParseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradecredit.core.decision_tables.boxes import Table
    from tradecredit.core.decision_tables.pieces import Pieces
    from tradecredit.core.kernel.reasons import Words

_MOST_FINDINGS: Final = 40
_MOST_STATES: Final = 20_000
_MOST_HITS: Final = 2_000
_SINGLE_HIT: Final = frozenset({"UNIQUE", "ANY"})

Where = tuple[tuple[str, str], ...]


class Trouble(StrEnum):
    """What can be wrong with a table."""

    GAP = "gap"
    OVERLAP = "overlap"
    NEVER_MATCHES = "never_matches"
    MASKED = "masked"
    UNREACHABLE_OUTPUT = "unreachable_output"
    MATCHES_MISSING = "matches_missing"
    NO_CATCH_ALL = "no_catch_all"
    NOT_ANALYSED = "not_analysed"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One trouble: the rows (from 1) and the column it is about, and where, as one cell's text for each column."""

    trouble: Trouble
    rows: tuple[int, ...] = ()
    column: str = ""
    where: Where = ()
    value: str = ""

    @property
    def words(self) -> Words:
        """Say it in both languages."""
        return finding_words.words(
            self.trouble, rows=self.rows, column=self.column, where=self.where, value=self.value
        )


def analyse(table: Table) -> tuple[Finding, ...]:
    """Return what is wrong with a table, by kind; an empty answer means that every case has its row.

    ``days <= 30`` and ``days > 31`` leave ``(30..31]`` to nobody: one gap.
    """
    columns = tuple(
        pieces.cut(clause, tuple(rule.tests[place] for rule in table.rules))
        for place, clause in enumerate(table.inputs)
    )
    sweep = _Sweep(table=table, columns=columns)
    sweep.run()
    return (
        *_not_analysed(table, columns),
        *sweep.gaps,
        *sweep.overlaps,
        *_silent_rows(table, sweep),
        *_unreachable_outputs(table, sweep),
        *_matches_missing(columns),
        *_no_catch_all(table, columns),
        *([Finding(trouble=Trouble.TOO_LARGE)] if sweep.is_cut_short else []),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Below:
    """What follows once some rows are alive before a column: the same for every way that leads there."""

    gaps: tuple[Where, ...] = ()
    hits: tuple[tuple[int, Where], ...] = ()


@dataclass(slots=True, kw_only=True)
class _Sweep:
    """One pass over the columns of a table, remembering what each set of living rows leads to."""

    table: Table
    columns: tuple[Pieces | None, ...]
    gaps: list[Finding] = field(default_factory=list)
    overlaps: list[Finding] = field(default_factory=list)
    matching: int = 0
    winning: int = 0
    is_cut_short: bool = False
    _known: dict[tuple[int, int], _Below] = field(default_factory=dict)

    def run(self) -> None:
        """Follow the rows through every column."""
        below = self._below(0, (1 << len(self.table.rules)) - 1)
        has_default = any(output.default for output in self.table.outputs)
        if not has_default:
            self.gaps = [Finding(trouble=Trouble.GAP, where=where) for where in below.gaps]
        is_certain = None not in self.columns
        for alive, where in below.hits:
            self.matching |= alive
            self.winning |= alive & -alive if self.table.hit_policy == "FIRST" and is_certain else alive
            if is_certain and self._is_overlap(alive) and len(self.overlaps) < _MOST_FINDINGS:
                self.overlaps.append(Finding(trouble=Trouble.OVERLAP, rows=tuple(_rows(alive)), where=where))

    def _below(self, place: int, alive: int) -> _Below:
        if not alive:
            return _Below(gaps=((),))
        if place == len(self.columns):
            return _Below(hits=((alive, ()),))
        key = (place, alive)
        if key not in self._known:
            if len(self._known) >= _MOST_STATES:
                self.is_cut_short = True
                return _Below()
            self._known[key] = self._through(place, alive)
        return self._known[key]

    def _through(self, place: int, alive: int) -> _Below:
        column = self.columns[place]
        if column is None:
            return self._below(place + 1, alive)
        gaps: dict[Where, list[int]] = {}
        hits: dict[int, Where] = {}
        for rows, chosen in _grouped(column, alive):
            below = self._below(place + 1, rows)
            for where in below.gaps:
                gaps.setdefault(where, []).extend(chosen)
            # The text is the same for all of a group, and dear.
            text = column.text(chosen) if any(left not in hits for left, _ in below.hits) else ""
            for left, where in below.hits:
                if left not in hits:
                    hits[left] = _after(column, text, where)
        self.is_cut_short |= len(hits) > _MOST_HITS
        found = [_after(column, column.text(chosen), where) for where, chosen in gaps.items()]
        return _Below(gaps=tuple(found[:_MOST_FINDINGS]), hits=tuple(hits.items())[:_MOST_HITS])

    def _is_overlap(self, alive: int) -> bool:
        """Tell whether rows that match together contradict the table's hit policy."""
        if alive & (alive - 1) == 0 or self.table.hit_policy not in _SINGLE_HIT:
            return False
        outputs = {self.table.rules[row - 1].outputs for row in _rows(alive)}
        return self.table.hit_policy == "UNIQUE" or len(outputs) > 1


def _after(column: Pieces, text: str, where: Where) -> Where:
    """Return a place with one more column before it; a column of which everything is chosen says nothing."""
    return where if text == "-" else ((column.label, text), *where)


def _grouped(column: Pieces, alive: int) -> Iterator[tuple[int, list[int]]]:
    """Return the pieces of a column by the rows that they leave alive."""
    groups: dict[int, list[int]] = {}
    for place, piece in enumerate(column.pieces):
        groups.setdefault(piece.rows & alive, []).append(place)
    yield from groups.items()


def _rows(bits: int) -> Iterator[int]:
    row = 1
    while bits:
        if bits & 1:
            yield row
        bits >>= 1
        row += 1


def _silent_rows(table: Table, sweep: _Sweep) -> Iterator[Finding]:
    """Tell the rows that no value reaches, and those that earlier rows of a FIRST table always answer for."""
    if sweep.is_cut_short:
        return
    everything = (1 << len(table.rules)) - 1
    for row in _rows(everything & ~sweep.matching):
        yield Finding(trouble=Trouble.NEVER_MATCHES, rows=(row,))
    for row in _rows(sweep.matching & ~sweep.winning):
        yield Finding(trouble=Trouble.MASKED, rows=(row,))


def _unreachable_outputs(table: Table, sweep: _Sweep) -> Iterator[Finding]:
    """Tell the allowed output values that no row that can win gives."""
    if sweep.is_cut_short:
        return
    winners = [table.rules[row - 1] for row in _rows(sweep.winning)]
    for place, output in enumerate(table.outputs):
        given = {rule.outputs[place].strip() for rule in winners} | {output.default.strip()}
        for value in _listed(output.values):
            if value not in given:
                yield Finding(trouble=Trouble.UNREACHABLE_OUTPUT, column=output.name, value=value)


def _listed(text: str) -> list[str]:
    if not text:
        return []
    try:
        cell = feel.parse_cell(text)
    except UnableToParseError:
        return []
    return [test.place.piece.strip() for test in cell.tests if isinstance(test, tree.Literal)]


def _matches_missing(columns: tuple[Pieces | None, ...]) -> Iterator[Finding]:
    """Tell the cells that say yes to a fact that is not there: ``not("C")`` does, ``-`` may."""
    for column in columns:
        if column is None:
            continue
        everywhere = ~0
        for piece in column.pieces:
            everywhere &= piece.rows
        for row in _rows(column.missing & ~everywhere):
            yield Finding(trouble=Trouble.MATCHES_MISSING, rows=(row,), column=column.label)


def _no_catch_all(table: Table, columns: tuple[Pieces | None, ...]) -> Iterator[Finding]:
    """Ask for a row or a default that answers when facts are missing: silence is no answer."""
    if any(output.default for output in table.outputs):
        return
    alive = (1 << len(table.rules)) - 1
    for column in columns:
        if column is not None:
            alive &= column.missing
    if not alive:
        yield Finding(trouble=Trouble.NO_CATCH_ALL)


def _not_analysed(table: Table, columns: tuple[Pieces | None, ...]) -> Iterator[Finding]:
    for clause, column in zip(table.inputs, columns, strict=True):
        if column is None:
            yield Finding(trouble=Trouble.NOT_ANALYSED, column=clause.label)
