"""Money: an exact amount with its currency.

Rounding happens only where it is called by name, and splitting keeps the sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# ISO 4217 minor units that differ from two.
_MINOR_DIGITS: Final = {
    "JPY": 0,
    "KRW": 0,
    "VND": 0,
    "CLP": 0,
    "BHD": 3,
    "KWD": 3,
    "OMR": 3,
    "JOD": 3,
    "TND": 3,
}
_CURRENCY_CODE_LENGTH: Final = 3
_STORAGE_MOST: Final = Decimal(10) ** 16
# Exact for whatever can be stored; made once, since every amount that comes in is measured.
_WIDE: Final = Context(prec=60)
_MINOR_UNITS: Final = {digits: Decimal(1).scaleb(-digits) for digits in (0, 2, 3)}


class CurrencyMismatchError(ValueError):
    """Two amounts of different currencies met where only one currency makes sense."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"cannot combine {left} with {right}: convert at a dated rate first")
        self.left = left
        self.right = right


class InvalidMoneyError(ValueError):
    """A text is not an amount, or an amount does not fit its currency."""


def minor_digits(currency: str) -> int:
    """Return how many decimals the currency has (CNY 2, JPY 0)."""
    return _MINOR_DIGITS.get(currency, 2)


def parse_currency(text: str) -> str:
    """Return an ISO 4217 code in capitals; raises InvalidMoneyError."""
    code = text.strip().upper()
    if len(code) != _CURRENCY_CODE_LENGTH or not code.isascii() or not code.isalpha():
        raise InvalidMoneyError(f"{text!r} is not a three-letter currency code such as CNY")
    return code


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency, for example ``Money.of("120000.00", "CNY")``."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise InvalidMoneyError(f"an amount is a Decimal, not {type(self.amount).__name__}")
        if not self.amount.is_finite():
            raise InvalidMoneyError("an amount is a finite number")

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Money:
        """Build from a plain decimal text, a whole number or a Decimal; never from a float."""
        if isinstance(amount, bool) or not isinstance(amount, str | int | Decimal):
            raise InvalidMoneyError(f"an amount comes as text or Decimal, not {type(amount).__name__}")
        try:
            value = Decimal(amount)
        except ArithmeticError as error:
            raise InvalidMoneyError(f"{amount!r} is not an amount such as 120000.00") from error
        return cls(value, parse_currency(currency))

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Return 0 in the currency."""
        return cls(Decimal(0), currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatchError(self.currency, other.currency)

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __gt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount > other.amount

    def __ge__(self, other: Money) -> bool:
        self._same(other)
        return self.amount >= other.amount

    def times(self, factor: Decimal | int) -> Money:
        """Multiply exactly; round afterwards by name where the step asks for it."""
        return Money(self.amount * factor, self.currency)

    @property
    def is_zero(self) -> bool:
        """Tell whether nothing is left."""
        return self.amount == 0

    @property
    def is_positive(self) -> bool:
        """Tell whether the amount is above zero."""
        return self.amount > 0

    def rounded(self) -> Money:
        """Round half up to the currency's minor unit (0.005 CNY becomes 0.01)."""
        return Money(_quantize(self.amount, self.currency, ROUND_HALF_UP), self.currency)

    def rounded_down(self) -> Money:
        """Cut to the currency's minor unit, towards zero: never promise a cent too much."""
        return Money(_quantize(self.amount, self.currency, ROUND_DOWN), self.currency)

    def rounded_up(self) -> Money:
        """Round away from zero to the currency's minor unit: never ask a cent too little."""
        return Money(_quantize(self.amount, self.currency, ROUND_UP), self.currency)

    def text(self) -> str:
        """Return the plain decimal text used in JSON and files, for example ``"120000.00"``."""
        return plain(self.amount, self.currency)


def plain(amount: Decimal, currency: str) -> str:
    """Return the amount as plain text with at least the currency's minor digits."""
    digits = minor_digits(currency)
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= digits:
        amount = amount.quantize(_MINOR_UNITS[digits], context=_WIDE)
    else:
        amount = amount.normalize()
        exponent = amount.as_tuple().exponent
        if isinstance(exponent, int) and -exponent < digits:
            amount = amount.quantize(_MINOR_UNITS[digits])
    text = f"{amount:f}"
    return text.lstrip("-") if amount == 0 else text


def parse(amount: str, currency: str) -> Money:
    """Read a plain amount, refusing more decimals than the currency has or more digits than are stored."""
    return stored(Money.of(amount.strip(), currency))


def stored(amount: Money) -> Money:
    """Return an amount with its currency's decimals, refusing what has more of them or more digits than are stored."""
    if abs(amount.amount) >= _STORAGE_MOST:
        raise InvalidMoneyError(f"{amount.amount:f} is larger than any amount that can be stored")
    exact = _quantize(amount.amount, amount.currency, ROUND_DOWN)
    if exact != amount.amount:
        raise InvalidMoneyError(
            f"{amount.amount:f} has more than the {minor_digits(amount.currency)} decimals {amount.currency} has"
        )
    return Money(exact, amount.currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Sum amounts of one currency; an empty sum is zero of that currency."""
    result = Decimal(0)
    for amount in amounts:
        if amount.currency != currency:
            raise CurrencyMismatchError(currency, amount.currency)
        result += amount.amount
    return Money(result, currency)


def split(amount: Money, weights: Sequence[Decimal]) -> tuple[Money, ...]:
    """Split by weights to the minor unit; the parts sum to the amount, the last part takes the remainder.

    ``split(100.00, (1, 1, 1))`` is 33.33, 33.33, 33.34.
    """
    if not weights or sum(weights) <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights are not negative and sum to more than zero")
    whole = sum(weights, Decimal(0))
    parts = [Money(amount.amount * weight / whole, amount.currency).rounded_down() for weight in weights[:-1]]
    parts.append(amount - total(parts, amount.currency))
    return tuple(parts)


def _quantize(amount: Decimal, currency: str, rounding: str) -> Decimal:
    return amount.quantize(_MINOR_UNITS[minor_digits(currency)], rounding=rounding, context=_WIDE)
