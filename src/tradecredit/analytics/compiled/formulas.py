"""Formulas and cells of the policy language as expressions over columns: the subset that means the same in a database.

Note [What is left out]: division and powers (databases divide decimals as binary floats), `if`, lists, functions and
everything else that this file does not name. What is compiled is exact, and agrees with `core/feel` on every row
whose facts are all there; a row with a missing fact goes to a person before any of it matters.
"""

from __future__ import annotations

import datetime as dt
import operator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import ibis

from tradecredit.core.feel import expression as feel
from tradecredit.core.feel import tree
from tradecredit.core.feel.parser.vocabulary import Vocabulary
from tradecredit.core.feel.run import Run, Scope, UnableToParseError
from tradecredit.core.feel.values.days import Date
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ibis.expr.types import BooleanValue, Value

    from tradecredit.core.feel.tree import Node

_ARITHMETIC: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


# The most digits of a decimal in DuckDB and Spark.
_WIDEST: Final = 38


class UnableToCompileError(UnableToError):
    """The text is not of the subset that a database evaluates with the same meaning."""

    code = "not_vectorisable"

    def __init__(self, text: str) -> None:
        super().__init__(
            Words(
                zh="“{text}”不能整表计算，只能逐行计算。只支持加减乘、比较、且或与常数。",
                en="“{text}” cannot be computed for whole tables, only row by row: use + - *, comparisons, and/or, constants.",
            ).filled(text=text),
            text=text,
        )


def formula(text: str, columns: Mapping[str, Value]) -> Value:
    """Return an expression over columns by name; raises UnableToCompileError."""
    try:
        node = feel.parse(text, vocabulary=Vocabulary(names=frozenset(columns)))
    except UnableToParseError as error:
        raise UnableToCompileError(text) from error
    return _value(node, columns)


def cell(text: str, value: Value, columns: Mapping[str, Value]) -> BooleanValue:
    """Return whether a value meets a cell, never null; raises UnableToCompileError."""
    try:
        node = feel.parse_cell(text, vocabulary=Vocabulary(names=frozenset(columns)))
    except UnableToParseError as error:
        raise UnableToCompileError(text) from error
    if node.is_any:
        return ibis.literal(value=True)
    found = _told(_test(node.tests[0], value, columns))
    for test in node.tests[1:]:
        found |= _told(_test(test, value, columns))
    return ~found if node.is_negated else found


def _told(test: Any) -> Any:
    """Make unknown mean no: a negation around it must not turn it into yes."""
    return ibis.coalesce(test, ibis.literal(value=False))


def _test(node: Node, value: Value, columns: Mapping[str, Value]) -> Any:
    match node:
        case tree.Comparison(sign=sign, operand=operand):
            return _compared(sign, value, _value(operand, columns), node)
        case tree.RangeOf(start=start, end=end, includes_start=is_from, includes_end=is_to):
            above = _compared(">=" if is_from else ">", value, _value(start, columns), node)
            below = _compared("<=" if is_to else "<", value, _value(end, columns), node)
            return above & below
        case tree.Literal(value=None):
            raise UnableToCompileError(node.place.piece)
        case _:
            return _compared("=", value, _value(node, columns), node)


def _value(node: Node, columns: Mapping[str, Value]) -> Any:
    match node:
        case tree.Literal(value=constant):
            return _constant(constant, node)
        case tree.Name(name=name) if name in columns:
            return columns[name]
        case tree.Negation(operand=operand):
            return -_value(operand, columns)
        case tree.Sign(sign=sign, left=left, right=right) if sign in _ARITHMETIC:
            return _numbers(sign, _value(left, columns), _value(right, columns), node)
        case tree.Call(function=tree.Name(name="date"), arguments=(tree.Literal(),)):
            return _constant(feel.compile_node(node, names=frozenset())(Scope({}, None, Run())), node)
        case _:
            return _condition(node, columns)


def _condition(node: Node, columns: Mapping[str, Value]) -> Any:
    match node:
        case tree.Sign(sign="and", left=left, right=right):
            return _truth(left, columns) & _truth(right, columns)
        case tree.Sign(sign="or", left=left, right=right):
            return _truth(left, columns) | _truth(right, columns)
        case tree.Sign(sign="=" | "!=" as sign, left=one, right=tree.Literal(value=None)):
            return _is_missing(sign, _value(one, columns))
        case tree.Sign(sign="=" | "!=" as sign, left=tree.Literal(value=None), right=one):
            return _is_missing(sign, _value(one, columns))
        case tree.Sign(sign=sign, left=left, right=right) if sign in _COMPARISONS:
            return _compared(sign, _value(left, columns), _value(right, columns), node)
        case tree.Between(value=value, low=low, high=high):
            found = _value(value, columns)
            above = _compared(">=", found, _value(low, columns), node)
            return above & _compared("<=", found, _value(high, columns), node)
        case _:
            raise UnableToCompileError(node.place.piece)


def _is_missing(sign: str, value: Any) -> Any:
    """Tell whether a value is not known: the one comparison with null, and always answered."""
    return value.isnull() if sign == "=" else value.notnull()


def _truth(node: Node, columns: Mapping[str, Value]) -> Any:
    found = _value(node, columns)
    if not found.type().is_boolean():
        raise UnableToCompileError(node.place.piece)
    return found


def _numbers(sign: str, left: Any, right: Any, node: Node) -> Any:
    if not (_is_exact(left) and _is_exact(right)):
        raise UnableToCompileError(node.place.piece)
    return _ARITHMETIC[sign](left, right)


def _is_exact(value: Any) -> bool:
    return bool(value.type().is_decimal() or value.type().is_integer())


def _compared(sign: str, left: Any, right: Any, node: Node) -> Any:
    """Compare values of one kind; others never compare in the language, and would be cast in a database."""
    if _kind(left) != _kind(right) or _kind(left) == "":
        raise UnableToCompileError(node.place.piece)
    return _COMPARISONS[sign](*_comparable(left, right))


def _comparable(left: Any, right: Any) -> tuple[Any, Any]:
    """Give two decimals of which neither holds the other a type that holds both: others do not compare."""
    kinds = [left.type(), right.type()]
    if not all(kind.is_decimal() and kind.precision is not None for kind in kinds):
        return left, right
    whole = max(kind.precision - kind.scale for kind in kinds)
    scale = max(kind.scale for kind in kinds)
    if whole + scale > _WIDEST or any(
        (kind.precision - kind.scale, kind.scale) == (whole, scale) for kind in kinds
    ):
        return left, right
    common = f"decimal({whole + scale}, {scale})"
    return left.cast(common), right.cast(common)


def _kind(value: Any) -> str:
    found = value.type()
    kinds = {
        "number": found.is_decimal() or found.is_integer(),
        "text": found.is_string(),
        "truth": found.is_boolean(),
        "day": found.is_date(),
    }
    return next((name for name, is_so in kinds.items() if is_so), "")


def _constant(value: Any, node: Node) -> Any:
    if isinstance(value, bool | str):
        return ibis.literal(value)
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, Date) and dt.MINYEAR <= value.year <= dt.MAXYEAR:
        return ibis.literal(dt.date(value.year, value.month, value.day))
    raise UnableToCompileError(node.place.piece)


def _number(value: Decimal) -> Any:
    """Return a decimal as narrow as its digits: wide ones would leave no room for products."""
    _, digits, exponent = value.as_tuple()
    scale = max(-exponent, 0) if isinstance(exponent, int) else 0
    precision = max(len(digits) + max(exponent, 0) if isinstance(exponent, int) else 0, scale + 1)
    return ibis.literal(value, type=f"decimal({precision}, {scale})")
