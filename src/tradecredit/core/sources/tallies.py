"""Whether two systems hold the same documents: counts and sums by day and currency, and the documents that differ."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """As much of a document as two systems can be compared by."""

    number: str
    day: date
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one system holds of a day: how many documents and their sum."""

    count: int = 0
    total: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One day in one currency on both sides; ``missing``, ``surplus`` and ``differing`` are document numbers."""

    day: date
    currency: str
    theirs: Side
    ours: Side
    missing: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Tell whether both sides hold the same documents with the same amounts."""
        return not (self.missing or self.surplus or self.differing)


def compare(*, theirs: Iterable[Document], ours: Iterable[Document]) -> tuple[DayRow, ...]:
    """Return every day that either side knows, in order.

    A document that both sides have under different days is missing on one and surplus on the other.
    """
    there, here = _by_day(theirs), _by_day(ours)
    return tuple(_row(key, there.get(key, {}), here.get(key, {})) for key in sorted({*there, *here}))


def _by_day(documents: Iterable[Document]) -> dict[tuple[date, str], dict[str, Decimal]]:
    found: defaultdict[tuple[date, str], dict[str, Decimal]] = defaultdict(dict)
    for one in documents:
        found[one.day, one.currency][one.number] = one.amount
    return found


def _row(key: tuple[date, str], theirs: dict[str, Decimal], ours: dict[str, Decimal]) -> DayRow:
    return DayRow(
        day=key[0],
        currency=key[1],
        theirs=_side(theirs),
        ours=_side(ours),
        missing=tuple(sorted(theirs.keys() - ours.keys())),
        surplus=tuple(sorted(ours.keys() - theirs.keys())),
        differing=tuple(
            sorted(number for number in theirs.keys() & ours.keys() if theirs[number] != ours[number])
        ),
    )


def _side(documents: dict[str, Decimal]) -> Side:
    return Side(count=len(documents), total=sum(documents.values(), Decimal(0)))
