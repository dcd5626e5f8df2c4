"""Numbers: decimals of 34 digits, as DMN asks; what does not fit is refused, never infinite."""

from __future__ import annotations

import decimal
from decimal import Decimal

PRECISION = 34
_LONGEST = 1_000
CONTEXT = decimal.Context(
    prec=PRECISION,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


def of(text: str) -> Decimal | None:
    """Read a number of the language, rounded to 34 digits; None when it is out of range."""
    if len(text) > _LONGEST:
        return None
    try:
        found = CONTEXT.create_decimal(text)
    except decimal.DecimalException:
        return None
    return found if found.is_finite() else None


def plain(number: Decimal) -> str:
    """Write a number without an exponent: 1E+3 is ``1000``."""
    return f"{number:f}"


def as_int(number: Decimal) -> int | None:
    """Return a whole number as an int, or None when it has a fraction."""
    return int(number) if number == number.to_integral_value() else None
