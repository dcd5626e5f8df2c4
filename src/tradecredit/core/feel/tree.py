"""The tree of an expression: frozen nodes, each with the place of its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradecredit.core.feel.run import Place
    from tradecredit.core.feel.values.kinds import Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Any piece of an expression."""

    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal(Node):
    """A value written out: number, text, true, null, ``@"2026-03-02"``."""

    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Node):
    """A name to be looked up."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign(Node):
    """``left sign right`` with one of ``+ - * / ** = != < <= > >= and or``."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Negation(Node):
    """``-operand``."""

    operand: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Between(Node):
    """``value between low and high``."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class In(Node):
    """``value in (test, test)``."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceOf(Node):
    """``value instance of type``."""

    value: Node
    type: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class If(Node):
    """``if condition then yes else no``."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Iteration(Node):
    """``name in domain``, or ``name in domain..end``."""

    name: str
    domain: Node
    end: Node | None


@dataclass(frozen=True, slots=True, kw_only=True)
class For(Node):
    """``for a in x, b in y return body``."""

    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantified(Node):
    """``some|every a in x satisfies body``."""

    is_every: bool
    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class List(Node):
    """``[a, b]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Node):
    """``{a: 1, b: a + 1}``."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeOf(Node):
    """``[start..end)``."""

    start: Node
    end: Node
    includes_start: bool
    includes_end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Node):
    """``< 10`` standing alone, as in a cell or in ``(< 10)``."""

    sign: str
    operand: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDefinition(Node):
    """``function(a: number, b) body``; ``body`` is None for an external one."""

    parameters: tuple[tuple[str, Type | None], ...]
    body: Node | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Node):
    """``function(arguments)``; names are all given or none."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Path(Node):
    """``source.name``."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(Node):
    """``source[condition]``."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell(Node):
    """The tests of a decision table's cell: ``-``, ``a, < 5, [1..3]`` or ``not(a, b)``."""

    tests: tuple[Node, ...]
    is_negated: bool
    is_any: bool


def walk(root: Any) -> Iterator[Node]:
    """Yield every node of a tree."""
    pending = [root]
    while pending:
        found = pending.pop()
        if isinstance(found, tuple):
            pending.extend(found)
        elif isinstance(found, Node):
            yield found
            pending.extend(getattr(found, name) for name in found.__dataclass_fields__ if name != "place")
