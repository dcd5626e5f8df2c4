"""The nearest other outcomes of a table: the fewest columns whose values would have to differ, and to what."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.core.decision_tables import pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from tradecredit.core.decision_tables.boxes import Table
    from tradecredit.core.decision_tables.pieces import Pieces
    from tradecredit.core.decision_tables.tracing import TableTrace

_MOST_CHANGES: Final = 3
_MOST_TRIALS: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another outcome: the row that would give it, its outputs, and the columns with what they would have to be."""

    row: int
    outputs: tuple[str, ...]
    changes: tuple[tuple[str, str], ...]


def alternatives(
    trace: TableTrace,
    table: Table,
    *,
    most: int = 3,
    may_change: Collection[str] | None = None,
    is_wanted: Callable[[tuple[str, ...]], bool] | None = None,
) -> tuple[Alternative, ...]:
    """Return other outcomes, fewest changes first; each was tried, so that no earlier row answers instead.

    Only columns named in ``may_change`` (by their labels; None: all) are changed, and only outputs that are wanted
    (the texts of a row's outputs; None: any other) are looked for. Days 20 fires row 1 of ``<= 30 → approve``, ``<= 60 → review``: were days (30..60], row 2 would give review.
    """
    columns = [
        pieces.cut(clause, tuple(rule.tests[place] for rule in table.rules))
        if may_change is None or clause.label in may_change
        else None
        for place, clause in enumerate(table.inputs)
    ]
    given = {table.rules[row - 1].outputs for row in trace.chosen}
    found: dict[tuple[str, ...], Alternative] = {}
    for row, changes in itertools.islice(_trials(trace, table, columns), _MOST_TRIALS):
        outputs = table.rules[row - 1].outputs
        if outputs not in given and outputs not in found and (is_wanted is None or is_wanted(outputs)):
            found[outputs] = Alternative(
                row=row, outputs=outputs, changes=_widened(row, changes, trace, table, columns)
            )
            if len(found) == most:
                break
    return tuple(found.values())


Changes = tuple[tuple[int, int], ...]  # column, piece


def _trials(
    trace: TableTrace, table: Table, columns: Sequence[Pieces | None]
) -> Iterator[tuple[int, Changes]]:
    """Yield the row that wins for each change of values that leaves one row winning, few changes first."""
    known = [(place, column) for place, column in enumerate(columns) if column is not None]
    for size in range(1, min(_MOST_CHANGES, len(known)) + 1):
        for chosen in itertools.combinations(known, size):
            for places in itertools.product(*(range(len(column.pieces)) for _, column in chosen)):
                changes = tuple((column[0], at) for column, at in zip(chosen, places, strict=True))
                yield from ((row, changes) for row in _winner(changes, trace, table, columns))


def _winner(
    changes: Changes, trace: TableTrace, table: Table, columns: Sequence[Pieces | None]
) -> tuple[int, ...]:
    """Return the row that would win with some columns changed, or nothing when not exactly one answers."""
    changed = dict(changes)
    alive = (1 << len(table.rules)) - 1
    for place, column in enumerate(trace.columns):
        pieces_here = columns[place]
        if place in changed and pieces_here is not None:
            alive &= pieces_here.pieces[changed[place]].rows
        else:
            alive &= column.matched
    if not alive:
        return ()
    lowest = alive & -alive
    is_clear = alive == lowest or table.hit_policy == "FIRST"
    return (lowest.bit_length(),) if is_clear else ()


def _widened(
    row: int,
    changes: Changes,
    trace: TableTrace,
    table: Table,
    columns: Sequence[Pieces | None],
) -> tuple[tuple[str, str], ...]:
    """Return the changes as cells; each column is widened to all pieces that serve while the others stay."""
    texts = []
    for place, at in changes:
        column = columns[place]
        assert column is not None  # noqa: S101 -- only columns with pieces are changed
        others = tuple(change for change in changes if change[0] != place)
        serving = [
            piece
            for piece in range(len(column.pieces))
            if _winner((*others, (place, piece)), trace, table, columns) == (row,)
        ]
        run = [piece for piece in serving if _is_joined(serving, at, piece)] if len(changes) > 1 else serving
        texts.append((column.label, column.text(run)))
    return tuple(texts)


def _is_joined(serving: Sequence[int], start: int, end: int) -> bool:
    low, high = sorted((start, end))
    return all(piece in serving for piece in range(low, high + 1))
