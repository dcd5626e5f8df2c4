"""Write a tree as text again, in one canonical form: what is read from it is the same tree."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.feel import tree
from tradecredit.core.feel.values import decimals, kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.core.feel.tree import Node

# How tightly a piece binds: the parser's levels, 0 for what runs to the end of its text, 8 for what stands alone.
_OPEN, _OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER, _NEGATED, _ALONE = range(9)
_SIGNS: Final = {
    "or": _OR, "and": _AND, "=": _COMPARE, "!=": _COMPARE, "<": _COMPARE, "<=": _COMPARE, ">": _COMPARE,
    ">=": _COMPARE, "+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "**": _POWER,
}  # fmt: skip
# The escapes that the language knows; every other character stands for itself.
_ESCAPED: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def text(node: Node) -> str:
    """Return an expression or a cell as text: ``a  +b*2`` becomes ``a + b * 2``."""
    if isinstance(node, tree.Cell):
        return _cell(node)
    return _WRITERS[type(node)](node)[0]


def quoted(plain: str) -> str:
    """Return a text as a literal of the language, which knows fewer escapes than JSON."""
    return f'"{plain.translate(_ESCAPED)}"'


def _cell(node: tree.Cell) -> str:
    if node.is_any:
        return "-"
    tests = ", ".join(text(test) for test in node.tests)
    return f"not({tests})" if node.is_negated else tests


def _in(node: Node, weakest: int) -> str:
    """Return a piece as it stands inside another one: in parentheses where it would bind too weakly."""
    written, binding = _WRITERS[type(node)](node)
    return written if binding >= weakest else f"({written})"


def _literal(node: tree.Literal) -> tuple[str, int]:
    value: Any = node.value
    if isinstance(value, str):
        return quoted(value), _ALONE
    if value is None or isinstance(value, bool):
        return json.dumps(value), _ALONE
    if isinstance(value, Decimal):
        return decimals.plain(value), _ALONE
    return f'@"{value}"', _ALONE


def _sign(node: tree.Sign) -> tuple[str, int]:
    binding = _SIGNS[node.sign]
    return f"{_in(node.left, binding)} {node.sign} {_in(node.right, binding + 1)}", binding


def _between(node: tree.Between) -> tuple[str, int]:
    low, high = _in(node.low, _ADD), _in(node.high, _ADD)
    return f"{_in(node.value, _COMPARE)} between {low} and {high}", _COMPARE


def _within(node: tree.In) -> tuple[str, int]:
    tests = ", ".join(text(test) for test in node.tests)
    return f"{_in(node.value, _COMPARE)} in ({tests})", _COMPARE


def _if(node: tree.If) -> tuple[str, int]:
    return f"if {text(node.condition)} then {text(node.yes)} else {text(node.no)}", _OPEN


def _iterations(iterations: tuple[tree.Iteration, ...]) -> str:
    return ", ".join(
        f"{one.name} in {text(one.domain)}" + ("" if one.end is None else f"..{text(one.end)}")
        for one in iterations
    )


def _for(node: tree.For) -> tuple[str, int]:
    return f"for {_iterations(node.iterations)} return {text(node.body)}", _OPEN


def _quantified(node: tree.Quantified) -> tuple[str, int]:
    word = "every" if node.is_every else "some"
    return f"{word} {_iterations(node.iterations)} satisfies {text(node.body)}", _OPEN


def _context(node: tree.Context) -> tuple[str, int]:
    entries = (f"{quoted(name)}: {text(value)}" for name, value in node.entries)
    return "{" + ", ".join(entries) + "}", _ALONE


def _range(node: tree.RangeOf) -> tuple[str, int]:
    opening, closing = "[" if node.includes_start else "(", "]" if node.includes_end else ")"
    return f"{opening}{text(node.start)}..{text(node.end)}{closing}", _ALONE


def _definition(node: tree.FunctionDefinition) -> tuple[str, int]:
    parameters = ", ".join(
        name if wanted is None else f"{name}: {kinds.name_of(wanted)}" for name, wanted in node.parameters
    )
    body = "external null" if node.body is None else text(node.body)
    return f"function({parameters}) {body}", _OPEN


def _call(node: tree.Call) -> tuple[str, int]:
    arguments = [text(argument) for argument in node.arguments]
    if node.names:
        arguments = [f"{name}: {one}" for name, one in zip(node.names, arguments, strict=True)]
    return f"{_in(node.function, _ALONE)}({', '.join(arguments)})", _ALONE


_WRITERS: Final[Mapping[type, Callable[[Any], tuple[str, int]]]] = {
    tree.Literal: _literal,
    tree.Name: lambda node: (node.name, _ALONE),
    tree.Sign: _sign,
    tree.Negation: lambda node: (f"-{_in(node.operand, _NEGATED)}", _NEGATED),
    tree.Between: _between,
    tree.In: _within,
    tree.InstanceOf: lambda node: (
        f"{_in(node.value, _ALONE)} instance of {kinds.name_of(node.type)}",
        _NEGATED,
    ),
    tree.If: _if,
    tree.For: _for,
    tree.Quantified: _quantified,
    tree.List: lambda node: (f"[{', '.join(text(item) for item in node.items)}]", _ALONE),
    tree.Context: _context,
    tree.RangeOf: _range,
    tree.Comparison: lambda node: (f"{node.sign} {_in(node.operand, _ADD)}", _OPEN),
    tree.FunctionDefinition: _definition,
    tree.Call: _call,
    tree.Path: lambda node: (f"{_in(node.source, _ALONE)}.{node.name}", _ALONE),
    tree.Filter: lambda node: (f"{_in(node.source, _ALONE)}[{text(node.condition)}]", _ALONE),
}
