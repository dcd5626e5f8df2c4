"""Functions on lists; a position counts from 1, or from the end when negative."""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel.builtins import declaring
from tradecredit.core.feel.builtins.declaring import takes, way
from tradecredit.core.feel.run import NullBecauseError, Run
from tradecredit.core.feel.values import comparison, decimals
from tradecredit.core.feel.values.kinds import BOOLEAN, FUNCTION, LIST, NUMBER

if TYPE_CHECKING:
    from tradecredit.core.feel.values.functions import Function

List = tuple[Any, ...]

_PAIR = 2


def same(left: Any, right: Any, run: Run) -> bool:
    """Return whether two items are equal; items of different kinds are not."""
    run.spend(1)
    return comparison.is_same(left, right, run)


def _contains(run: Run, items: List, element: Any) -> bool:
    return any(same(item, element, run) for item in items)


def _count(_run: Run, items: List) -> Decimal:
    return Decimal(len(items))


def _index(items: List, position: Decimal, function: str) -> int:
    number = decimals.as_int(position)
    if number is None or number == 0 or abs(number) > len(items):
        raise declaring.refused(function, position)
    return number - 1 if number > 0 else len(items) + number


def _sublist(_run: Run, items: List, start: Decimal, length: Decimal | None = None) -> List:
    first = _index(items, start, "sublist")
    if length is None:
        return items[first:]
    if length < 0 or first + int(length) > len(items):
        raise declaring.refused("sublist", length)
    return items[first : first + int(length)]


def _append(run: Run, values: List) -> List:
    if len(values) < 1:
        raise NullBecauseError("wrong_arguments", name="append", given="0")
    items = values[0] if isinstance(values[0], tuple) else (values[0],)
    run.check_size(len(items) + len(values))
    run.spend(len(items) // 8)
    return (*items, *values[1:])


def _append_named(run: Run, items: List, item: Any) -> List:
    return _append(run, (items, item))


def _concatenate(run: Run, values: List) -> List:
    found: list[Any] = []
    for value in values:
        if value is None:
            raise NullBecauseError(
                "wrong_argument_type", name="concatenate", parameter="list", expected="list", kind="null"
            )
        found.extend(value if isinstance(value, tuple) else (value,))
        run.check_size(len(found))
    run.spend(len(found) // 8)
    return tuple(found)


def _insert_before(run: Run, items: List, position: Decimal, new_item: Any) -> List:
    run.spend(len(items) // 8)
    at = _index(items, position, "insert before")
    return (*items[:at], new_item, *items[at:])


def _remove(run: Run, items: List, position: Decimal) -> List:
    run.spend(len(items) // 8)
    at = _index(items, position, "remove")
    return (*items[:at], *items[at + 1 :])


def _replace_at(run: Run, items: List, position: Decimal, new_item: Any) -> List:
    run.spend(len(items) // 8)
    at = _index(items, position, "list replace")
    return (*items[:at], new_item, *items[at + 1 :])


def _replace_matching(run: Run, items: List, match: Function, new_item: Any) -> List:
    if len(match.parameters) != _PAIR:
        raise declaring.refused("list replace", match)
    found = []
    for item in items:
        verdict = match.call(run, (item, new_item))
        if not isinstance(verdict, bool):
            raise declaring.refused("list replace", verdict)
        found.append(new_item if verdict else item)
    return tuple(found)


def _reverse(run: Run, items: List) -> List:
    run.spend(len(items) // 8)
    return items[::-1]


def _index_of(run: Run, items: List, match: Any) -> List:
    return tuple(Decimal(at) for at, item in enumerate(items, start=1) if same(item, match, run))


def _distinct(run: Run, items: List) -> List:
    found: list[Any] = []
    for item in items:
        if not any(same(item, other, run) for other in found):
            found.append(item)
    return tuple(found)


def _union(run: Run, values: List) -> List:
    return _distinct(run, _concatenate(run, values))


def _flatten(run: Run, items: List) -> List:
    found: list[Any] = []
    pending: list[Any] = list(reversed(items))
    while pending:
        run.spend(1)
        item = pending.pop()
        if isinstance(item, tuple):
            pending.extend(reversed(item))
        else:
            found.append(item)
        run.check_size(len(found) + len(pending))
    return tuple(found)


def _sort(run: Run, items: List, precedes: Function | None = None) -> List:
    if precedes is not None and len(precedes.parameters) != _PAIR:
        raise declaring.refused("sort", precedes)

    def order(left: Any, right: Any) -> int:
        run.spend(1)
        if precedes is None:
            return -1 if comparison.less(left, right) else 1 if comparison.less(right, left) else 0
        if precedes.call(run, (left, right)) is True:
            return -1
        return 1 if precedes.call(run, (right, left)) is True else 0

    return tuple(sorted(items, key=functools.cmp_to_key(order)))


def _extreme(run: Run, items: List, *, is_least: bool, function: str) -> Any:
    if not items:
        raise declaring.refused(function, items)
    best = items[0]
    comparison.less(best, best)  # a single item, too, must be something that has an order
    for item in items[1:]:
        run.spend(1)
        if comparison.less(item, best) if is_least else comparison.less(best, item):
            best = item
    return best


def _least(run: Run, values: List) -> Any:
    return _extreme(run, as_list(values, "min"), is_least=True, function="min")


def _greatest(run: Run, values: List) -> Any:
    return _extreme(run, as_list(values, "max"), is_least=False, function="max")


def as_list(values: List, function: str) -> List:
    """Return the items that a function was called with: one list, or the arguments themselves."""
    if not values:
        raise NullBecauseError("wrong_arguments", name=function, given="0")
    only = values[0]
    return only if len(values) == 1 and isinstance(only, tuple) else values


_LIST, _POSITION = takes("list", LIST), takes("position", NUMBER)
_ANY = takes("element")

_FUNCTIONS = {
    "list contains": (way(_contains, _LIST, _ANY),),
    "count": (way(_count, _LIST),),
    "min": (way(_least, _LIST, is_open=True),),
    "max": (way(_greatest, _LIST, is_open=True),),
    "sublist": (
        way(_sublist, _LIST, takes("start position", NUMBER), takes("length", NUMBER, optional=True)),
    ),
    "append": (
        way(_append, _LIST, takes("item"), is_open=True),
        way(_append_named, _LIST, takes("item")),
    ),
    "concatenate": (way(_concatenate, _LIST, is_open=True),),
    "insert before": (way(_insert_before, _LIST, _POSITION, takes("newItem")),),
    "remove": (way(_remove, _LIST, _POSITION),),
    "list replace": (
        way(_replace_at, _LIST, _POSITION, takes("newItem")),
        way(_replace_matching, _LIST, takes("match", FUNCTION), takes("newItem")),
    ),
    "reverse": (way(_reverse, _LIST),),
    "index of": (way(_index_of, _LIST, takes("match")),),
    "distinct values": (way(_distinct, _LIST),),
    "union": (way(_union, _LIST, is_open=True),),
    "flatten": (way(_flatten, _LIST),),
    "sort": (way(_sort, _LIST, takes("precedes", FUNCTION, optional=True)),),
}

FUNCTIONS = declaring.family(
    _FUNCTIONS,
    {name: LIST for name in _FUNCTIONS if name not in {"min", "max"}}
    | {"list contains": BOOLEAN, "count": NUMBER},
)
