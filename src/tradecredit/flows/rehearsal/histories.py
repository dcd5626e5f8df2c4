"""Look for anomalies in what transactions read and appended: were they as if one came after the other?

Each key is a list that transactions append to and read. The order of a list says in which order its writers came, a
read says after which of them its reader came and before which; a circle among these means that no order of the
transactions explains what they saw.

References: A. Adya, "Weak Consistency", 1999 (G0, G1, G2); K. Kingsbury and P. Alvaro, "Elle", VLDB 2020.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """A transaction that committed: what it read of each list before it appended one value to some of them."""

    id: int
    reads: Mapping[str, tuple[int, ...]]
    appends: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomalies:
    """What was found: a circle of transactions by its kind, and reads that no order of the list explains."""

    circles: Mapping[str, tuple[int, ...]]
    torn_reads: tuple[str, ...]

    @property
    def count(self) -> int:
        """Return how many kinds of circles and how many torn reads there are."""
        return len(self.circles) + len(self.torn_reads)


Edges = dict[int, set[int]]


def anomalies(history: Sequence[Transaction], *, lists: Mapping[str, Sequence[int]]) -> Anomalies:
    """Return the anomalies of a history whose lists stand as given at the end.

    Two transactions that each read what the other appended too late make G2, whose circle has a read that came before a write.
    """
    writers = {(key, value): one.id for one in history for key, value in one.appends.items()}
    torn = tuple(_torn(history, lists, writers))
    writes, reads, before = _edges(history, lists, writers)
    circles: dict[str, tuple[int, ...]] = {}
    for name, kinds in (("G0", (writes,)), ("G1", (writes, reads)), ("G2", (writes, reads, before))):
        circle = _circle(kinds)
        if circle and not circles:
            circles[name] = circle
    return Anomalies(circles=circles, torn_reads=torn)


def _torn(
    history: Iterable[Transaction],
    lists: Mapping[str, Sequence[int]],
    writers: Mapping[tuple[str, int], int],
) -> Iterable[str]:
    for one in history:
        for key, seen in one.reads.items():
            if tuple(lists.get(key, ())[: len(seen)]) != seen:
                yield f"{one.id} read {key} as no state of it was"
            elif any((key, value) not in writers for value in seen):
                yield f"{one.id} read of {key} what nobody committed"


def _edges(
    history: Iterable[Transaction],
    lists: Mapping[str, Sequence[int]],
    writers: Mapping[tuple[str, int], int],
) -> tuple[Edges, Edges, Edges]:
    """Return who came after whom: by writes of one list, by reading a write, and by reading before a write."""
    writes: Edges = defaultdict(set)
    reads: Edges = defaultdict(set)
    before: Edges = defaultdict(set)
    for key, values in lists.items():
        for earlier, later in pairwise(values):
            _add(writes, writers.get((key, earlier)), writers.get((key, later)))
    for one in history:
        for key, seen in one.reads.items():
            if seen:
                _add(reads, writers.get((key, seen[-1])), one.id)
            rest = lists.get(key, ())[len(seen) :]
            if rest:
                _add(before, one.id, writers.get((key, rest[0])))
    return writes, reads, before


def _add(edges: Edges, earlier: int | None, later: int | None) -> None:
    if earlier is not None and later is not None and earlier != later:
        edges[later].add(earlier)


def _circle(kinds: Iterable[Edges]) -> tuple[int, ...]:
    together: Edges = defaultdict(set)
    for edges in kinds:
        for later, earlier in edges.items():
            together[later] |= earlier
    try:
        TopologicalSorter(together).prepare()
    except CycleError as error:
        return tuple(error.args[1])
    return ()
