"""Sums, means and their kin, exact as decimals are; and ``all`` and ``any`` of a list."""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel.builtins import declaring, lists
from tradecredit.core.feel.builtins.declaring import Signature, takes, way
from tradecredit.core.feel.run import NullBecauseError, Run
from tradecredit.core.feel.values import arithmetic, kinds
from tradecredit.core.feel.values.decimals import CONTEXT
from tradecredit.core.feel.values.kinds import BOOLEAN, LIST, NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable

List = tuple[Any, ...]

_LEAST_SAMPLE = 2  # one number does not deviate


def _sum(run: Run, items: List) -> Any:
    if not items:
        raise declaring.refused("sum", items)
    total = items[0]
    if kinds.kind(total) not in {"number", "years and months duration", "days and time duration"}:
        raise declaring.refused("sum", total)
    for item in items[1:]:
        run.spend(1)
        total = arithmetic.compute("+", total, item, run)
    return total


def _mean(run: Run, items: List) -> Any:
    return arithmetic.compute("/", _sum(run, items), Decimal(len(items)), run)


def _numbers(run: Run, items: List, function: str) -> list[Decimal]:
    run.spend(len(items))
    for item in items:
        if not isinstance(item, Decimal):
            raise declaring.refused(function, item)
    return list(items)


def _product(run: Run, items: List) -> Decimal:
    numbers = _numbers(run, items, "product")
    if not numbers:
        raise declaring.refused("product", items)
    total = Decimal(1)
    for number in numbers:
        total = CONTEXT.multiply(total, number)
    return total


def _median(run: Run, items: List) -> Decimal:
    numbers = sorted(_numbers(run, items, "median"))
    if not numbers:
        raise declaring.refused("median", items)
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return CONTEXT.divide(CONTEXT.add(numbers[middle - 1], numbers[middle]), Decimal(2))


def _deviation(run: Run, items: List) -> Decimal:
    """Return the standard deviation of a sample: of 2, 4, 7, 5 it is the root of 13/3."""
    numbers = _numbers(run, items, "stddev")
    if len(numbers) < _LEAST_SAMPLE:
        raise declaring.refused("stddev", items)
    wide = decimal.Context(prec=2 * CONTEXT.prec, Emin=-99_999, Emax=99_999)
    count = Decimal(len(numbers))
    total = Decimal(0)
    for number in numbers:
        total = wide.add(total, number)
    mean = wide.divide(total, count)
    squares = Decimal(0)
    for number in numbers:
        difference = wide.subtract(number, mean)
        squares = wide.add(squares, wide.multiply(difference, difference))
    return CONTEXT.plus(wide.sqrt(wide.divide(squares, count - 1)))


def _mode(run: Run, items: List) -> List:
    counts: dict[Decimal, int] = {}
    for number in _numbers(run, items, "mode"):
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return tuple(sorted(number for number, count in counts.items() if count == most))


def _truths(run: Run, items: List, function: str) -> List:
    run.spend(len(items))
    for item in items:
        if item is not None and not isinstance(item, bool):
            raise declaring.refused(function, item)
    return items


def _all(run: Run, items: List) -> bool | None:
    truths = _truths(run, items, "all")
    return False if False in truths else None if None in truths else True


def _any(run: Run, items: List) -> bool | None:
    truths = _truths(run, items, "any")
    return True if True in truths else None if None in truths else False


def _open(name: str, implementation: Callable[[Run, List], Any]) -> tuple[Signature, ...]:
    """Declare a function of one list or of many arguments."""

    def apply(run: Run, values: List) -> Any:
        items = lists.as_list(values, name)
        if len(values) == 1 and values[0] is None:
            raise NullBecauseError(
                "wrong_argument_type", name=name, parameter="list", expected="list", kind="null"
            )
        try:
            return implementation(run, items)
        except decimal.DecimalException as error:
            raise NullBecauseError("number_out_of_range") from error

    return (way(apply, takes("list", LIST), is_open=True),)


FUNCTIONS = declaring.family(
    {
        "sum": _open("sum", _sum),
        "mean": _open("mean", _mean),
        "product": _open("product", _product),
        "median": _open("median", _median),
        "stddev": _open("stddev", _deviation),
        "mode": _open("mode", _mode),
        "all": _open("all", _all),
        "any": _open("any", _any),
    },
    {
        "sum": NUMBER, "mean": NUMBER, "product": NUMBER, "median": NUMBER, "stddev": NUMBER,
        "mode": kinds.ListOf(NUMBER), "all": BOOLEAN, "any": BOOLEAN,
    },
)  # fmt: skip
