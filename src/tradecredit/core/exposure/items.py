"""What of a document belongs to a product group: its lines tell, and every stage of it is shared in their proportion."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.exposure import components
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradecredit.core.exposure.components import ExposureParts
    from tradecredit.core.exposure.parting import PartLine

_BETWEEN: Final = re.compile(r"[,，;；、\n]+")
_ANY: Final = "*"
# The books keep ten-thousandths; the database rounds shares to the same step.
_STEP: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemShare:
    """The lines of a document that belong to a group, and all its lines; ``counted`` is None where it tells no lines."""

    counted: Decimal | None
    whole: Decimal

    @property
    def is_known(self) -> bool:
        """Tell whether the document says what it is about."""
        return self.counted is not None and self.whole > 0

    def of(self, money: Money, *, rounding: str = ROUND_HALF_UP) -> Money:
        """Return the share: 30,000 of lines of 100,000 are 21,000 of 70,000 that still have to leave."""
        return _scaled(money, self.counted or Decimal(0), self.whole, rounding=rounding)

    def back(self, money: Money, *, is_up: bool) -> Money:
        """Return the document of which the amount is the share: 21,000 stand for 70,000."""
        return _scaled(
            money, self.whole, self.counted or self.whole, rounding=ROUND_UP if is_up else ROUND_DOWN
        )

    def parts_of(self, own: ExposureParts, *, most: ExposureParts | None = None) -> ExposureParts:
        """Return what a document occupies in the group: what is still to leave is kept, what has left is delivered.

        ``most`` is all that the group counts: a document takes no more out of it.
        """
        reserved, delivered = self.of(own.ordered + own.reserved), self.of(own.delivered)
        if most is not None:
            reserved, delivered = min(reserved, most.reserved), min(delivered, most.delivered)
        none = components.none_in(own.currency)
        return dataclasses.replace(none, reserved=reserved, delivered=delivered)

    def as_dict(self) -> dict[str, str]:
        """Return the share for recording."""
        return {"counted": "" if self.counted is None else f"{self.counted:f}", "whole": f"{self.whole:f}"}


def patterns(text: str) -> tuple[str, ...]:
    """Return the items that a group names: ``ST-*, 钢材`` are all that begin with ST-, and 钢材 itself."""
    return tuple(dict.fromkeys(one for part in _BETWEEN.split(text) if (one := part.strip())))


def belongs(item: str, *, named: Iterable[str]) -> bool:
    """Tell whether an item belongs to a group that names these; a name that ends in * names what begins with it."""
    return any(
        item.startswith(one.removesuffix(_ANY)) if one.endswith(_ANY) else item == one for one in named
    )


def share_of(lines: Iterable[PartLine], *, named: Iterable[str]) -> ItemShare:
    """Return what of the lines belongs to the group."""
    told, names = tuple(lines), tuple(named)
    if not told:
        return ItemShare(counted=None, whole=Decimal(0))
    counted = sum((line.amount for line in told if belongs(line.item, named=names)), Decimal(0))
    return ItemShare(counted=counted, whole=sum((line.amount for line in told), Decimal(0)))


def moved(parts: ExposureParts, *, before: ExposureParts, after: ExposureParts) -> ExposureParts:
    """Return what a group counts once a document takes ``after`` of it in place of ``before``; never below nothing."""
    zero = Money.zero(parts.currency)
    return dataclasses.replace(
        parts,
        reserved=max(parts.reserved - before.reserved + after.reserved, zero),
        delivered=max(parts.delivered - before.delivered + after.delivered, zero),
    )


def from_dict(document: Mapping[str, Any]) -> ItemShare:
    """Read a share that `ItemShare.as_dict` wrote."""
    counted = document["counted"]
    return ItemShare(counted=Decimal(counted) if counted else None, whole=Decimal(document["whole"]))


def _scaled(money: Money, by: Decimal, of: Decimal, *, rounding: str) -> Money:
    with localcontext() as context:
        context.prec = 60
        return Money((money.amount * by / of).quantize(_STEP, rounding=rounding), money.currency)
