"""What two portions of a policy say of very many plain orders: by whole columns, not order after order.

The columns hold Python's own whole numbers, so that nothing is rounded and nothing can grow too large.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from tradecredit.core.decisions.differing import Said
    from tradecredit.core.decisions.portions import Portion, Sized

    Column = NDArray[np.object_]

_FIGURES: Final = 7
_DIGITS: Final = 32
# As `apps.decisions.recorded.packed_orders` packs them.
_ORDER: Final = np.dtype([("id", "V16"), ("figures", ">i8", (_FIGURES,))])


@dataclass(frozen=True, slots=True)
class Orders:
    """Plain orders of one standing: identifiers, amounts and the account's balances as each was decided."""

    ids: NDArray[Any]
    amounts: Column
    stages: tuple[Column, ...]

    def __len__(self) -> int:
        """Return how many orders there are."""
        return len(self.ids)

    def of(self, rows: Sequence[int]) -> Orders:
        """Return some of the orders."""
        if len(rows) == len(self):
            return self
        chosen = np.array(rows, dtype=np.intp)
        return Orders(self.ids[chosen], self.amounts[chosen], tuple(one[chosen] for one in self.stages))

    def parted(self) -> tuple[Orders, Orders]:
        """Return the orders that take an amount above zero, and the others."""
        asks = self.amounts > 0
        if asks.all():
            return self, self.of([])
        return self.of(np.flatnonzero(asks).tolist()), self.of(np.flatnonzero(~asks).tolist())

    def names(self) -> list[str]:
        """Return the identifiers of the orders, in hexadecimal digits."""
        digits = self.ids.tobytes().hex()
        return [digits[begin : begin + _DIGITS] for begin in range(0, len(digits), _DIGITS)]


def unpacked(packed: bytes) -> Orders:
    """Return orders that were packed one after the other: identifier, amount and balances, in ten-thousandths."""
    read = np.frombuffer(packed, dtype=_ORDER)
    columns = read["figures"].astype(object).T
    return Orders(read["id"], columns[0], tuple(columns[1:]))


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What some rules say of each order: the place of its saying in ``said``."""

    places: NDArray[np.int64]
    said: tuple[Said, ...]

    def by_worst(self) -> Iterator[tuple[int, list[int]]]:
        """Give the orders by the worst outcome that the rules come to."""
        for worst in {one.worst for one in self.said}:
            known = [place for place, one in enumerate(self.said) if one.worst == worst]
            yield worst, np.flatnonzero(np.isin(self.places, known)).tolist()


def said(portion: Portion, orders: Orders) -> Verdicts:
    """Return what the rules say of each order; amounts are above zero, as for `Portion.said`."""
    large = orders.amounts > portion.small_at_most
    if large.all():
        return _said(portion, portion.large, orders)
    if not large.any():
        return _said(portion, portion.small, orders)
    found = Verdicts(np.zeros(len(orders), dtype=np.int64), ())
    for sized, mask in ((portion.small, ~large), (portion.large, large)):
        rows = np.flatnonzero(mask)
        some = _said(portion, sized, orders.of(rows.tolist()))
        found.places[rows] = some.places + len(found.said)
        found = Verdicts(found.places, (*found.said, *some.said))
    return found


def told_apart(before: Portion, after: Portion, orders: Orders) -> Iterator[tuple[Said, Said, list[int]]]:
    """Give the orders of which two portions do not say the same, by what they say."""
    if not len(orders):
        return
    old, new = said(before, orders), said(after, orders)
    pairs = old.places * len(new.said) + new.places
    for pair in np.unique(pairs).tolist():
        left, right = divmod(pair, len(new.said))
        if old.said[left].worst != new.said[right].worst:
            yield old.said[left], new.said[right], np.flatnonzero(pairs == pair).tolist()


def _said(portion: Portion, sized: Sized, orders: Orders) -> Verdicts:
    failed = np.zeros(len(orders), dtype=np.int64)
    if not sized.compared:
        return Verdicts(failed, (sized.settled,))
    for place, column in enumerate(_failed(portion, sized, orders)):
        failed |= column.astype(np.int64) << place
    patterns, places = np.unique(failed, return_inverse=True)
    count = range(len(sized.compared))
    return Verdicts(
        places, tuple(sized.said(bool(one >> place & 1) for place in count) for one in patterns.tolist())
    )


def _failed(portion: Portion, sized: Sized, orders: Orders) -> Iterator[NDArray[Any]]:
    """Give, for each comparison, whether each order fails it."""
    stages: Any = orders.stages
    amounts: Any = orders.amounts
    exposure: Any = portion.exposure(stages)
    left: Any = None if portion.line is None else portion.line - exposure
    for one in sized.compared:
        fails: Any = one.fails if one.is_of_columns else np.frompyfunc(one.fails, 3, 1)
        column = fails(amounts, exposure, left)
        yield column if isinstance(column, np.ndarray) else np.full(len(orders), column)
