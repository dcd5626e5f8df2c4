"""Equality, order and membership, with null where two values cannot be compared."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tradecredit.core.feel.run import NullBecauseError, Run
from tradecredit.core.feel.values import kinds, moments
from tradecredit.core.feel.values.days import Date
from tradecredit.core.feel.values.durations import DaysTime, YearsMonths
from tradecredit.core.feel.values.moments import DateTime, Time
from tradecredit.core.feel.values.ranges import Range

_ORDERED = (Decimal, str, Date, YearsMonths, DaysTime)


def _time_key(time: Time) -> int:
    return time.second_of_day - (moments.time_offset(time) or 0)


def _moment_key(moment: DateTime) -> int:
    return moments.epoch_nano(moment) // moments.NANOS


def equal(left: Any, right: Any, run: Run) -> bool:
    """Return whether two values are equal; raises NullBecauseError when their kinds differ.

    Times and moments are compared by the second, as the conformance suite asks.
    """
    if left is None or right is None:
        return left is right
    if type(left) is not type(right):
        return _equal_kinds(left, right)
    match left:
        case Time() | DateTime():
            return _equal_moments(left, right)
        case tuple():
            return len(left) == len(right) and all(
                _equal_inside(one, other, run) for one, other in zip(left, right, strict=True)
            )
        case dict():
            return left.keys() == right.keys() and all(
                _equal_inside(left[key], right[key], run) for key in left
            )
        case Range():
            return _equal_ranges(left, right, run)
        case _:
            return bool(left == right)  # functions are equal to themselves only


def _equal_moments(left: Any, right: Any) -> bool:
    if isinstance(left, Time):
        return left.is_local == right.is_local and _time_key(left) == _time_key(right)
    return left.time.is_local == right.time.is_local and _moment_key(left) == _moment_key(right)


def _equal_kinds(left: Any, right: Any) -> bool:
    """Compare values of two kinds: only a duration of nothing is the same in both kinds of duration."""
    match left, right:
        case (YearsMonths(0), DaysTime(0)) | (DaysTime(0), YearsMonths(0)):
            return True
        case _:
            raise NullBecauseError("not_comparable", left=kinds.kind(left), right=kinds.kind(right))


def _equal_inside(left: Any, right: Any, run: Run) -> bool:
    """Compare parts of two values: parts of different kinds simply differ."""
    run.spend(1)
    if left is not None and right is not None and type(left) is not type(right):
        return False
    return equal(left, right, run)


def _equal_ranges(left: Range, right: Range, run: Run) -> bool:
    same_shape = (left.sign, left.includes_start, left.includes_end) == (
        right.sign,
        right.includes_start,
        right.includes_end,
    )
    return (
        same_shape and _equal_inside(left.start, right.start, run) and _equal_inside(left.end, right.end, run)
    )


def less(left: Any, right: Any) -> bool:
    """Return whether one value is before the other; raises NullBecauseError when they have no order."""
    if type(left) is type(right):
        if isinstance(left, _ORDERED):
            return bool(left < right)
        if isinstance(left, Time) and left.is_local == right.is_local:
            return _time_key(left) < _time_key(right)
        if isinstance(left, DateTime) and left.time.is_local == right.time.is_local:
            return _moment_key(left) < _moment_key(right)
    raise NullBecauseError("not_comparable", left=kinds.kind(left), right=kinds.kind(right))


def less_or_equal(left: Any, right: Any) -> bool:
    """Return whether one value is not after the other; raises NullBecauseError when they have no order."""
    return not less(right, left)


def in_range(value: Any, wanted: Range, run: Run) -> bool:
    """Return whether a value is inside a range; raises NullBecauseError when it cannot be compared with an end."""
    if wanted.sign == "=":
        return equal(value, wanted.start, run)
    if wanted.sign == "!=":
        return not equal(value, wanted.start, run)
    if not wanted.sign and (wanted.start is None or wanted.end is None):
        raise NullBecauseError("not_comparable", left=kinds.kind(value), right="null")
    above = wanted.start is None or (
        less_or_equal(wanted.start, value) if wanted.includes_start else less(wanted.start, value)
    )
    below = wanted.end is None or (
        less_or_equal(value, wanted.end) if wanted.includes_end else less(value, wanted.end)
    )
    return above and below


def is_in(value: Any, wanted: Any, run: Run) -> bool:
    """Return whether a value is one of ``wanted``: in a range, in a list, in a range of a list, or equal.

    Raises NullBecauseError when they cannot be compared.
    """
    if isinstance(wanted, Range) and not isinstance(value, Range):
        return in_range(value, wanted, run)
    if isinstance(wanted, tuple):
        if isinstance(value, tuple) and _equal_inside(value, wanted, run):
            return True
        return any(_is_one(value, item, run) for item in wanted)
    return equal(value, wanted, run)


def _is_one(value: Any, item: Any, run: Run) -> bool:
    run.spend(1)
    try:
        if isinstance(item, Range) and not isinstance(value, Range):
            return in_range(value, item, run)
        return equal(value, item, run)
    except NullBecauseError:
        return False


def is_same(left: Any, right: Any, run: Run) -> bool:
    """Return whether two values are equal; values of different kinds are not."""
    try:
        return equal(left, right, run)
    except NullBecauseError:
        return False
