"""What the rows that match come to: one output, the best, all in an order, or a sum."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tradecredit.core.feel import expression
from tradecredit.core.feel.run import NullBecauseError, Run
from tradecredit.core.feel.values import comparison

Outputs = list[tuple[int, Any]]  # row number from 1, output
Rank = Callable[[Any], tuple[int, ...]]


def settle(policy: str, hits: Outputs, *, rank: Rank, run: Run) -> tuple[Any, tuple[int, ...]]:
    """Return the output and the rows that made it; raises NullBecauseError when the policy is broken.

    ``settle("FIRST", [(2, "B"), (5, "C")], …)`` is ``("B", (2,))``.
    """
    match policy:
        case "UNIQUE":
            if len(hits) > 1:
                raise NullBecauseError("several_hits", rows=_rows(hits))
            return hits[0][1], (hits[0][0],)
        case "FIRST":
            return hits[0][1], (hits[0][0],)
        case "ANY":
            return _agreed(hits, run)
        case "PRIORITY":
            best = min(hits, key=lambda hit: rank(hit[1]))
            return best[1], (best[0],)
        case "OUTPUT ORDER":
            hits = sorted(hits, key=lambda hit: rank(hit[1]))
    return tuple(output for _, output in hits), tuple(row for row, _ in hits)


def _rows(hits: Outputs) -> str:
    return ", ".join(str(row) for row, _ in hits)


def _agreed(hits: Outputs, run: Run) -> tuple[Any, tuple[int, ...]]:
    first = hits[0][1]
    for _, output in hits[1:]:
        if not comparison.is_same(first, output, run):
            raise NullBecauseError("differing_hits", rows=_rows(hits))
    return first, tuple(row for row, _ in hits)


def aggregate(aggregation: str, outputs: tuple[Any, ...], run: Run) -> Any:
    """Return the sum, least, greatest or count of the outputs; raises NullBecauseError when they have none."""
    if aggregation == "COUNT":
        return Decimal(len(outputs))
    function = expression.BUILTINS[{"SUM": "sum", "MIN": "min", "MAX": "max"}[aggregation]]
    try:
        return function.call(run, (outputs,))
    except NullBecauseError as reason:
        raise NullBecauseError("wrong_aggregation") from reason
