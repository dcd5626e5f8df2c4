"""Functions on numbers: rounding by its name, remainders, powers."""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel.builtins import declaring
from tradecredit.core.feel.builtins.declaring import Signature, takes, way
from tradecredit.core.feel.run import NullBecauseError, Run
from tradecredit.core.feel.values.decimals import CONTEXT
from tradecredit.core.feel.values.durations import DaysTime, YearsMonths
from tradecredit.core.feel.values.kinds import BOOLEAN, DAYS_TIME, NUMBER, YEARS_MONTHS

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDE = decimal.Context(prec=200, Emin=-9999, Emax=9999)
_LEAST_SCALE, _MOST_SCALE = -6111, 6176


def rounded(number: Decimal, scale: Decimal, mode: str, *, function: str) -> Decimal:
    """Round to so many digits after the point; ``rounded(2.5, 0, ROUND_HALF_EVEN)`` is 2."""
    places = int(scale)
    if not _LEAST_SCALE <= places <= _MOST_SCALE:
        raise declaring.refused(function, scale)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return number  # it has no more digits than that
    # Rounding away digits never needs more precision than the number has, but for a carry.
    wide = decimal.Context(prec=60, Emin=-9999, Emax=9999, rounding=mode, traps=[decimal.InvalidOperation])
    return CONTEXT.plus(number.quantize(Decimal((0, (1,), -places)), context=wide))


def _rounding(function: str, mode: str) -> tuple[Signature, ...]:
    def apply(_run: Run, number: Decimal, scale: Decimal | None = None) -> Decimal:
        return rounded(number, scale if scale is not None else Decimal(0), mode, function=function)

    return (way(apply, takes("n", NUMBER), takes("scale", NUMBER, optional=True)),)


def _strict_rounding(function: str, mode: str) -> tuple[Signature, ...]:
    def apply(_run: Run, number: Decimal, scale: Decimal) -> Decimal:
        return rounded(number, scale, mode, function=function)

    return (way(apply, takes("n", NUMBER), takes("scale", NUMBER)),)


def _guarded(operation: Callable[..., Decimal]) -> Callable[..., Any]:
    def apply(_run: Run, *numbers: Decimal) -> Decimal:
        try:
            return operation(*numbers)
        except decimal.DivisionByZero as error:
            raise NullBecauseError("division_by_zero") from error
        except decimal.DecimalException as error:
            raise NullBecauseError("number_out_of_range") from error

    return apply


def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Return the remainder with the divisor's sign: modulo(-12, 5) is 3."""
    if divisor == 0:
        raise NullBecauseError("division_by_zero")
    # The quotient of numbers of very different size needs many digits before its remainder is exact.
    digits = dividend.adjusted() - divisor.adjusted() + 2 * CONTEXT.prec
    wide = _WIDE if digits <= _WIDE.prec else decimal.Context(prec=digits, Emin=-9999, Emax=9999)
    rest = wide.remainder(dividend, divisor)
    if rest and (rest < 0) != (divisor < 0):
        rest = wide.add(rest, divisor)
    return CONTEXT.plus(rest)


def _is_odd(_run: Run, number: Decimal) -> bool:
    return _remainder_of_two(number) == 1


def _is_even(_run: Run, number: Decimal) -> bool:
    return _remainder_of_two(number) == 0


def _remainder_of_two(number: Decimal) -> Decimal | None:
    if number != number.to_integral_value():
        return None
    return abs(_modulo(number, Decimal(2)))


def _logarithm(number: Decimal) -> Decimal:
    if number <= 0:
        raise declaring.refused("log", number)
    return CONTEXT.ln(number)


def _root(number: Decimal) -> Decimal:
    if number < 0:
        raise declaring.refused("sqrt", number)
    return CONTEXT.sqrt(number)


_FUNCTIONS = {
    "decimal": _strict_rounding("decimal", decimal.ROUND_HALF_EVEN),
    "floor": _rounding("floor", decimal.ROUND_FLOOR),
    "ceiling": _rounding("ceiling", decimal.ROUND_CEILING),
    "round up": _strict_rounding("round up", decimal.ROUND_UP),
    "round down": _strict_rounding("round down", decimal.ROUND_DOWN),
    "round half up": _strict_rounding("round half up", decimal.ROUND_HALF_UP),
    "round half down": _strict_rounding("round half down", decimal.ROUND_HALF_DOWN),
    "abs": (
        way(lambda _run, number: number.copy_abs(), takes("n", NUMBER)),
        way(lambda _run, duration: YearsMonths(abs(duration.months)), takes("n", YEARS_MONTHS)),
        way(lambda _run, duration: DaysTime(abs(duration.nanos)), takes("n", DAYS_TIME)),
    ),
    "modulo": (way(_guarded(_modulo), takes("dividend", NUMBER), takes("divisor", NUMBER)),),
    "sqrt": (way(_guarded(_root), takes("number", NUMBER)),),
    "log": (way(_guarded(_logarithm), takes("number", NUMBER)),),
    "exp": (way(_guarded(CONTEXT.exp), takes("number", NUMBER)),),
    "odd": (way(_is_odd, takes("number", NUMBER)),),
    "even": (way(_is_even, takes("number", NUMBER)),),
}

FUNCTIONS = declaring.family(
    _FUNCTIONS, dict.fromkeys(_FUNCTIONS, NUMBER) | {"odd": BOOLEAN, "even": BOOLEAN}
)
