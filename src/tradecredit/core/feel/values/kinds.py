"""Types of the language, and which of them a value is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel.values.days import Date
from tradecredit.core.feel.values.durations import DaysTime, YearsMonths
from tradecredit.core.feel.values.functions import Function
from tradecredit.core.feel.values.moments import DateTime, Time
from tradecredit.core.feel.values.ranges import Range

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Simple:
    """A type with a name only: number, string, boolean, date, …, Any, Null."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """``list<item>``."""

    item: Type


@dataclass(frozen=True, slots=True)
class ContextOf:
    """``context<name: type, …>``; a value may have more entries than the type names."""

    fields: tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class RangeOf:
    """``range<item>``."""

    item: Type


@dataclass(frozen=True, slots=True)
class FunctionOf:
    """``function<parameter, …> -> result``."""

    parameters: tuple[Type, ...]
    result: Type


Type = Simple | ListOf | ContextOf | RangeOf | FunctionOf

ANY, NULL, NUMBER, STRING, BOOLEAN = (Simple(name) for name in ("Any", "Null", "number", "string", "boolean"))
DATE, TIME, DATE_TIME = Simple("date"), Simple("time"), Simple("date and time")
YEARS_MONTHS, DAYS_TIME = Simple("years and months duration"), Simple("days and time duration")
LIST, CONTEXT, RANGE = ListOf(ANY), ContextOf(()), RangeOf(ANY)
FUNCTION = Simple("function")

BY_NAME: Mapping[str, Type] = {
    "Any": ANY, "any": ANY, "Null": NULL, "number": NUMBER, "string": STRING, "boolean": BOOLEAN, "date": DATE,
    "time": TIME, "date and time": DATE_TIME, "dateTime": DATE_TIME, "years and months duration": YEARS_MONTHS,
    "yearMonthDuration": YEARS_MONTHS, "days and time duration": DAYS_TIME, "dayTimeDuration": DAYS_TIME,
    "list": LIST, "context": CONTEXT, "range": RANGE, "function": FUNCTION,
}  # fmt: skip

_NAMES: dict[type, str] = {
    type(None): "null", bool: "boolean", Decimal: "number", str: "string", Date: "date", Time: "time",
    DateTime: "date and time", YearsMonths: "years and months duration", DaysTime: "days and time duration",
    tuple: "list", dict: "context", Range: "range", Function: "function",
}  # fmt: skip


def kind(value: Any) -> str:
    """Return the name of a value's type: ``number`` for 1.5."""
    return _NAMES.get(type(value), "Any")


def name_of(wanted: Type) -> str:
    """Write a type as FEEL does: ``list<number>``."""
    match wanted:
        case Simple(name):
            return name
        case ListOf(item):
            return "list" if item == ANY else f"list<{name_of(item)}>"
        case RangeOf(item):
            return "range" if item == ANY else f"range<{name_of(item)}>"
        case ContextOf(fields):
            inside = ", ".join(f"{name}: {name_of(field)}" for name, field in fields)
            return f"context<{inside}>" if fields else "context"
        case FunctionOf(parameters, result):
            return f"function<{', '.join(map(name_of, parameters))}> -> {name_of(result)}"


def is_instance(value: Any, wanted: Type) -> bool:
    """Return whether a value is of a type; null is of type Null only."""
    if value is None:
        return wanted == NULL
    match wanted:
        case Simple(name):
            return name == "Any" or kind(value) == name
        case ListOf(item):
            return isinstance(value, tuple) and all(_is_allowed(one, item) for one in value)
        case ContextOf(fields):
            return isinstance(value, dict) and all(
                name in value and _is_allowed(value[name], field) for name, field in fields
            )
        case RangeOf(item):
            ends = (value.start, value.end) if isinstance(value, Range) else ()
            known = [end for end in ends if end is not None]
            return bool(known) and all(is_instance(end, item) for end in known)
        case FunctionOf():
            return isinstance(value, Function) and conforms(function_type(value), wanted)


def _is_allowed(value: Any, wanted: Type) -> bool:
    return value is None or is_instance(value, wanted)


def function_type(function: Function) -> FunctionOf:
    """Return the type of a function; what it does not declare is Any."""
    declared = tuple(parameter.type or ANY for parameter in function.parameters)
    return FunctionOf(declared, function.result or ANY)


def conforms(given: Type, wanted: Type) -> bool:
    """Return whether every value of one type is of the other: parameters the other way round."""
    if wanted in (ANY, given) or given == NULL:
        return True
    match given, wanted:
        case (ListOf(left), ListOf(right)) | (RangeOf(left), RangeOf(right)):
            return conforms(left, right)
        case ContextOf(left_fields), ContextOf(right_fields):
            found = dict(left_fields)
            return all(name in found and conforms(found[name], field) for name, field in right_fields)
        case FunctionOf(), FunctionOf():
            return _functions_conform(given, wanted)
        case FunctionOf(), Simple("function"):
            return True
        case _:
            return False


def _functions_conform(given: FunctionOf, wanted: FunctionOf) -> bool:
    if len(given.parameters) != len(wanted.parameters) or not conforms(given.result, wanted.result):
        return False
    return all(
        conforms(theirs, ours) for ours, theirs in zip(given.parameters, wanted.parameters, strict=True)
    )
