"""Exchange rates as dated facts: which rate holds on a day, directly, turned round, or by way of a third currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel.money import CurrencyMismatchError, Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The decimals of a derived rate: those of a recorded one.
_STEP: Final = Decimal("0.0000000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One unit of ``source`` in ``target`` since a day: 1 USD is 7.1 CNY; ``origin`` says where it came from."""

    source: str
    target: str
    rate: Decimal
    day: date
    origin: str = ""

    def __post_init__(self) -> None:
        if self.rate <= 0:
            raise ValueError("a rate is above zero")

    def convert(self, money: Money) -> Money:
        """Multiply exactly: 16,800.00 USD at 7.1 are 119,280.00 CNY; raises CurrencyMismatchError."""
        if money.currency != self.source:
            raise CurrencyMismatchError(money.currency, self.source)
        with localcontext() as context:
            context.prec = 60
            return Money(money.amount * self.rate, self.target)

    def back(self, money: Money) -> Money:
        """Return what the target amount is in the source currency, cut so that it never promises a cent too much."""
        if money.currency != self.target:
            raise CurrencyMismatchError(money.currency, self.target)
        return Money(money.amount / self.rate, self.source).rounded_down()

    def as_dict(self) -> dict[str, str]:
        """Return the rate for recording."""
        return {
            "source": self.source,
            "target": self.target,
            "rate": f"{self.rate.normalize():f}",
            "day": self.day.isoformat(),
            "origin": self.origin,
        }


def from_dict(document: Mapping[str, Any]) -> Rate:
    """Read a rate that `Rate.as_dict` wrote."""
    return Rate(
        source=document["source"],
        target=document["target"],
        rate=Decimal(document["rate"]),
        day=date.fromisoformat(document["day"]),
        origin=document["origin"],
    )


def same(currency: str, *, as_of: date) -> Rate:
    """Return the rate of a currency into itself."""
    return Rate(source=currency, target=currency, rate=Decimal(1), day=as_of)


def find(book: Iterable[Rate], *, source: str, target: str, as_of: date) -> Rate | None:
    """Return the rate in force on the day, or None when nobody recorded one.

    A direct rate wins; else the opposite one turned round (1 CNY is 1/7.1 USD); else two by way of a third currency,
    dated with the older of both. The latest day wins, and of one day the rate that comes last in the book.
    """
    if source == target:
        return same(source, as_of=as_of)
    latest = _latest(book, as_of=as_of)
    direct = _pair(latest, source, target)
    if direct is not None:
        return direct
    thirds = sorted({currency for pair in latest for currency in pair} - {source, target})
    for third in thirds:
        first, second = _pair(latest, source, third), _pair(latest, third, target)
        if first is not None and second is not None:
            return Rate(
                source=source,
                target=target,
                rate=(first.rate * second.rate).quantize(_STEP, rounding=ROUND_HALF_UP),
                day=min(first.day, second.day),
                origin=f"{first.origin} × {second.origin} ({third})",
            )
    return None


def _latest(book: Iterable[Rate], *, as_of: date) -> dict[tuple[str, str], Rate]:
    latest: dict[tuple[str, str], Rate] = {}
    for rate in book:
        key = (rate.source, rate.target)
        if rate.day <= as_of and (key not in latest or latest[key].day <= rate.day):
            latest[key] = rate
    return latest


def _pair(latest: Mapping[tuple[str, str], Rate], source: str, target: str) -> Rate | None:
    if (source, target) in latest:
        return latest[source, target]
    opposite = latest.get((target, source))
    if opposite is None:
        return None
    return Rate(
        source=source,
        target=target,
        rate=(1 / opposite.rate).quantize(_STEP, rounding=ROUND_HALF_UP),
        day=opposite.day,
        origin=f"1 ÷ {opposite.rate.normalize():f} {opposite.origin}".strip(),
    )
