"""Weight of evidence and information value: how far the goods and the bads of a bin differ, as the trade counts it.

Note [The sign of the evidence]
A bin's weight is ``ln(share of the goods ÷ share of the bads)``: positive is good, as in most tools; a few write it the
other way round. The information value is the same in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

# A bin in which nobody was good, or nobody bad, would have an endless weight: half a customer stands in.
HALF_A_CUSTOMER: Final = Decimal("0.5")


class Comparable(Protocol):
    """Values that can be put in order."""

    def __lt__(self, other: Any, /) -> bool:
        """Tell whether this one comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many good and how many bad ones there are, for example in a bin."""

    goods: int
    bads: int

    @property
    def total(self) -> int:
        """Return all of them."""
        return self.goods + self.bads

    @property
    def bad_rate(self) -> Decimal | None:
        """Return the share of the bad ones; None of nobody."""
        return Decimal(self.bads) / self.total if self.total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One bin's weight and its part of the information value."""

    count: Count
    weight: Decimal
    value: Decimal


def weight_of_evidence(*, good_share: Decimal, bad_share: Decimal) -> Decimal:
    """Return ``ln(good_share ÷ bad_share)``: shares of 0.2 and 0.3 give −0.405465. Raises ValueError for a share of 0."""
    if good_share <= 0 or bad_share <= 0:
        raise ValueError("both shares are greater than 0")
    return (good_share / bad_share).ln()


def measure(counts: Sequence[Count]) -> tuple[Evidence, ...]:
    """Return each bin's evidence; raises ValueError where there are no goods or no bads at all.

    222 of 700 goods and 60 of 300 bads weigh 0.461035 and bring 0.054007.
    """
    goods = sum(count.goods for count in counts)
    bads = sum(count.bads for count in counts)
    if not goods or not bads:
        raise ValueError("evidence needs goods and bads")
    return tuple(_evidence(count, goods=goods, bads=bads) for count in counts)


def information_value(counts: Sequence[Count]) -> Decimal:
    """Return the sum over the bins of (share of goods − share of bads) × weight."""
    return sum((each.value for each in measure(counts)), Decimal(0))


def by_value(
    values: Iterable[Any], *, outcomes: Iterable[bool], key: Callable[[Any], Any] = str
) -> dict[Any, Count]:
    """Return the counts of each value, in the order of ``key``; ``outcomes`` says of each whether it went bad."""
    found: dict[Any, list[int]] = {}
    for value, is_bad in zip(values, outcomes, strict=True):
        found.setdefault(value, [0, 0])[bool(is_bad)] += 1
    return {value: Count(goods=found[value][0], bads=found[value][1]) for value in sorted(found, key=key)}


def _evidence(count: Count, *, goods: int, bads: int) -> Evidence:
    if not count.total:
        return Evidence(count=count, weight=Decimal(0), value=Decimal(0))
    good_share = (Decimal(count.goods) or HALF_A_CUSTOMER) / goods
    bad_share = (Decimal(count.bads) or HALF_A_CUSTOMER) / bads
    weight = weight_of_evidence(good_share=good_share, bad_share=bad_share)
    return Evidence(count=count, weight=weight, value=(good_share - bad_share) * weight)
