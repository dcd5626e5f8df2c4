"""What ``+ - * / **`` mean for every pair of kinds that they mean anything for."""

from __future__ import annotations

import decimal
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tradecredit.core.feel.run import NullBecauseError, Run
from tradecredit.core.feel.values import days, durations, kinds, moments
from tradecredit.core.feel.values.days import Date
from tradecredit.core.feel.values.decimals import CONTEXT
from tradecredit.core.feel.values.durations import DaysTime, YearsMonths
from tradecredit.core.feel.values.moments import DateTime, Time

_Rule = Callable[[Any, Any], Any]


def _date_plus_nanos(day: Date, duration: DaysTime) -> Date | None:
    found = moments.add_nanos(DateTime(day, Time(0, 0, 0)), duration.nanos)
    return found.date if found is not None else None


def _moment_plus_months(moment: DateTime, duration: YearsMonths) -> DateTime | None:
    day = days.add_months(moment.date, duration.months)
    return DateTime(day, moment.time) if day is not None else None


def _moment_difference(left: DateTime, right: DateTime) -> DaysTime | None:
    if left.time.is_local != right.time.is_local:
        return None
    return DaysTime(moments.epoch_nano(left) - moments.epoch_nano(right))


def _date_difference(left: Any, right: Any) -> DaysTime | None:
    """Subtract days from moments and the other way round: a day is its midnight in UTC."""
    utc = Time(0, 0, 0, offset=0)
    first = DateTime(left, utc) if isinstance(left, Date) else left
    second = DateTime(right, utc) if isinstance(right, Date) else right
    return _moment_difference(first, second)


def _time_difference(left: Time, right: Time) -> DaysTime | None:
    if left.is_local != right.is_local:
        return None
    shift = (moments.time_offset(left) or 0) - (moments.time_offset(right) or 0)
    return DaysTime(left.nano_of_day - right.nano_of_day - shift * moments.NANOS)


def _scaled(amount: int, factor: Decimal) -> int:
    """Multiply towards zero, so that half a month is none."""
    return int(CONTEXT.multiply(Decimal(amount), factor).to_integral_value(decimal.ROUND_DOWN))


def _divided(amount: int, divisor: Decimal) -> int:
    return int(CONTEXT.divide(Decimal(amount), divisor).to_integral_value(decimal.ROUND_DOWN))


_PLUS: dict[tuple[type, type], _Rule] = {
    (Decimal, Decimal): CONTEXT.add,
    (YearsMonths, YearsMonths): lambda a, b: YearsMonths(a.months + b.months),
    (DaysTime, DaysTime): lambda a, b: DaysTime(a.nanos + b.nanos),
    (Date, YearsMonths): lambda a, b: days.add_months(a, b.months),
    (Date, DaysTime): _date_plus_nanos,
    (DateTime, YearsMonths): _moment_plus_months,
    (DateTime, DaysTime): lambda a, b: moments.add_nanos(a, b.nanos),
    (Time, DaysTime): lambda a, b: moments.from_nano_of_day(a.nano_of_day + b.nanos, like=a),
}


def _turned(rule: _Rule) -> _Rule:
    return lambda left, right: rule(right, left)


_PLUS |= {(right, left): _turned(rule) for (left, right), rule in tuple(_PLUS.items()) if left is not right}

_MINUS: dict[tuple[type, type], _Rule] = {
    (Decimal, Decimal): CONTEXT.subtract,
    (YearsMonths, YearsMonths): lambda a, b: YearsMonths(a.months - b.months),
    (DaysTime, DaysTime): lambda a, b: DaysTime(a.nanos - b.nanos),
    (Date, YearsMonths): lambda a, b: days.add_months(a, -b.months),
    (Date, DaysTime): lambda a, b: _date_plus_nanos(a, DaysTime(-b.nanos)),
    (DateTime, YearsMonths): lambda a, b: _moment_plus_months(a, YearsMonths(-b.months)),
    (DateTime, DaysTime): lambda a, b: moments.add_nanos(a, -b.nanos),
    (Time, DaysTime): lambda a, b: moments.from_nano_of_day(a.nano_of_day - b.nanos, like=a),
    (Date, Date): _date_difference,
    (DateTime, DateTime): _moment_difference,
    (Date, DateTime): _date_difference,
    (DateTime, Date): _date_difference,
    (Time, Time): _time_difference,
}

_TIMES: dict[tuple[type, type], _Rule] = {
    (Decimal, Decimal): CONTEXT.multiply,
    (YearsMonths, Decimal): lambda a, b: YearsMonths(_scaled(a.months, b)),
    (Decimal, YearsMonths): lambda a, b: YearsMonths(_scaled(b.months, a)),
    (DaysTime, Decimal): lambda a, b: DaysTime(_scaled(a.nanos, b)),
    (Decimal, DaysTime): lambda a, b: DaysTime(_scaled(b.nanos, a)),
}

_DIVIDED: dict[tuple[type, type], _Rule] = {
    (Decimal, Decimal): CONTEXT.divide,
    (YearsMonths, Decimal): lambda a, b: YearsMonths(_divided(a.months, b)),
    (DaysTime, Decimal): lambda a, b: DaysTime(_divided(a.nanos, b)),
    (YearsMonths, YearsMonths): lambda a, b: CONTEXT.divide(Decimal(a.months), Decimal(b.months)),
    (DaysTime, DaysTime): lambda a, b: CONTEXT.divide(Decimal(a.nanos), Decimal(b.nanos)),
}


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    return CONTEXT.power(base, exponent) if exponent else Decimal(1)  # of 0 ** 0, too, as formulas expect


_POWER: dict[tuple[type, type], _Rule] = {(Decimal, Decimal): _power}

_SIGNS = {"+": _PLUS, "-": _MINUS, "*": _TIMES, "/": _DIVIDED, "**": _POWER}


def compute(sign: str, left: Any, right: Any, run: Run) -> Any:
    """Return ``left sign right``; raises NullBecauseError when it means nothing or cannot be represented.

    ``compute("+", Decimal("0.1"), Decimal("0.2"), run)`` is exactly 0.3.
    """
    if sign == "+" and type(left) is str and type(right) is str:
        run.check_size(len(left) + len(right))
        return left + right
    rule = _SIGNS[sign].get((type(left), type(right)))
    if rule is None:
        raise NullBecauseError("not_computable", left=kinds.kind(left), sign=sign, right=kinds.kind(right))
    try:
        found = rule(left, right)
    except decimal.DivisionByZero as error:
        raise NullBecauseError("division_by_zero") from error
    except decimal.InvalidOperation as error:
        is_zero = sign == "/" and not operator.truth(getattr(right, "months", getattr(right, "nanos", right)))
        raise NullBecauseError("division_by_zero" if is_zero else "number_out_of_range") from error
    except decimal.Overflow as error:
        raise NullBecauseError("number_out_of_range") from error
    if found is None:
        raise NullBecauseError("not_computable", left=kinds.kind(left), sign=sign, right=kinds.kind(right))
    return _bounded(found)


_MAX_NANOS = days.MAX_YEAR * 366 * moments.DAY_NANOS


def _bounded(found: Any) -> Any:
    """Keep durations within the years that exist here."""
    if isinstance(found, YearsMonths) and abs(found.months) > days.MAX_YEAR * 12:
        raise NullBecauseError("number_out_of_range")
    if isinstance(found, DaysTime) and abs(found.nanos) > _MAX_NANOS:
        raise NullBecauseError("number_out_of_range")
    return found


def negate(value: Any) -> Any:
    """Return ``-value`` of a number or a duration; raises NullBecauseError for anything else."""
    match value:
        case Decimal():
            return value.copy_negate() if value else value
        case durations.YearsMonths(months):
            return YearsMonths(-months)
        case durations.DaysTime(nanos):
            return DaysTime(-nanos)
        case _:
            raise NullBecauseError("not_negatable", kind=kinds.kind(value))
