"""What two portions of a policy say of very many plain orders: by whole columns, not order after order.

The columns hold Python's own whole numbers, so that nothing is rounded and nothing can grow too large.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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


def said(portion: Portion, orders: Orders) -> list[Said]:
    """Return what the rules say of each order; amounts are above zero, as for `Portion.said`."""
    large = orders.amounts > portion.small_at_most
    if large.all():
        return _said(portion, portion.large, orders)
    if not large.any():
        return _said(portion, portion.small, orders)
    found: list[Any] = [None] * len(orders)
    for sized, rows in ((portion.small, np.flatnonzero(~large)), (portion.large, np.flatnonzero(large))):
        places = rows.tolist()
        for place, one in zip(places, _said(portion, sized, orders.of(places)), strict=True):
            found[place] = one
    return found


def told_apart(before: Portion, after: Portion, orders: Orders) -> dict[tuple[Said, Said], list[int]]:
    """Return the orders of which two portions do not say the same, by what they say."""
    found: dict[tuple[Said, Said], list[int]] = {}
    for row, pair in enumerate(zip(said(before, orders), said(after, orders), strict=True)):
        if pair[0].worst != pair[1].worst:
            found.setdefault(pair, []).append(row)
    return found


def _said(portion: Portion, sized: Sized, orders: Orders) -> list[Said]:
    if not sized.compared:
        return [sized.settled] * len(orders)
    failed = _failed(portion, sized, orders)
    known: dict[tuple[bool, ...], Said] = {}
    found = []
    for pattern in zip(*failed, strict=True):
        if pattern not in known:
            known[pattern] = sized.said(pattern)
        found.append(known[pattern])
    return found


def _failed(portion: Portion, sized: Sized, orders: Orders) -> Iterable[list[bool]]:
    """Return, for each comparison, whether each order fails it."""
    stages: Any = orders.stages
    amounts: Any = orders.amounts
    exposure: Any = portion.exposure(stages)
    left: Any = None if portion.line is None else portion.line - exposure
    for one in sized.compared:
        fails: Any = one.fails if one.is_of_columns else np.frompyfunc(one.fails, 3, 1)
        yield np.broadcast_to(fails(amounts, exposure, left), len(orders)).tolist()
