"""The aging heat map: customer by bucket. It is a table, so it is its own table twin and every cell is a link."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Cell:
    """One amount; ``heat`` 0 to 6 grows with lateness and with its share of the row."""

    amount: Decimal
    heat: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One customer with a cell for each bucket and the sum."""

    label: str
    url: str
    cells: tuple[Cell, ...]
    total: Decimal


def heat_of(amount: Decimal, *, bucket: int) -> int:
    """Return the colour step of a bucket: nothing is 0, not due is 1, each later bucket one warmer."""
    return 0 if amount == 0 else min(bucket + 1, 6)


def rows(
    customers: Sequence[tuple[str, str, Sequence[tuple[Decimal, str]]]],
) -> tuple[Row, ...]:
    """Build rows from (name, link, amounts with links)."""
    return tuple(
        Row(
            label=label,
            url=url,
            cells=tuple(
                Cell(amount=amount, heat=heat_of(amount, bucket=at), url=link)
                for at, (amount, link) in enumerate(amounts)
            ),
            total=sum((amount for amount, _ in amounts), Decimal(0)),
        )
        for label, url, amounts in customers
    )
