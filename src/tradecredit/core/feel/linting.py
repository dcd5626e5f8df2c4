"""Look an expression over before it is used: unknown names, types that do not fit, calls with wrong arguments.

Types are followed as far as they are known; where they are not (`Any`), nothing is claimed.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.core.feel import expression, messages, tree, typing_of
from tradecredit.core.feel.parser.vocabulary import Vocabulary
from tradecredit.core.feel.run import UnableToParseError
from tradecredit.core.feel.values import kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tradecredit.core.feel.run import Place
    from tradecredit.core.feel.tree import Node
    from tradecredit.core.feel.typing_of import Known
    from tradecredit.core.feel.values.kinds import Type
    from tradecredit.core.kernel.reasons import Words

_VALUE: Final = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing to mend: its code, the piece of text (offsets, half open), and the sentence."""

    code: str
    start: int
    end: int
    words: Words


def lint(text: str, *, names: Mapping[str, Type]) -> tuple[Note, ...]:
    """Return what is wrong with an expression whose names have these types; nothing when it is sound.

    ``逾期天数 > "30"`` with 逾期天数 a number: a number cannot be compared with a text.
    """
    return _linted(lambda: expression.parse(text, vocabulary=_vocabulary(names)), names)


def lint_cell(text: str, *, value: Type, names: Mapping[str, Type]) -> tuple[Note, ...]:
    """Return what is wrong with a cell that tests a value of this type."""
    return _linted(
        lambda: expression.parse_cell(text, vocabulary=_vocabulary(names)), {**names, _VALUE: value}
    )


def _vocabulary(names: Mapping[str, Type]) -> Vocabulary:
    return Vocabulary(names=frozenset(names))


def _linted(parse: Callable[[], Node], names: Mapping[str, Type]) -> tuple[Note, ...]:
    try:
        node = parse()
    except UnableToParseError as error:
        return (Note(code=error.finding, start=error.start, end=error.end, words=error.words),)
    return tuple(_visited(node, names))


def _visited(node: Node, known: Known) -> Iterator[Note]:
    """Yield what is wrong with a piece and with those inside it, names being known from outside in."""
    found = _OWN.get(type(node))
    if found is not None:
        yield from found(node, known)
    for inner, inner_known in typing_of.children(node, known):
        yield from _visited(inner, inner_known)


def _name(node: Node, known: Known) -> Iterator[Note]:
    assert isinstance(node, tree.Name)  # noqa: S101 -- dispatched by type
    if node.name in known or node.name in expression.BUILTINS or typing_of.ANYTHING in known:
        return
    close = difflib.get_close_matches(node.name[:60], [*known, *expression.BUILTINS], n=1)
    yield _note("unknown_name", node.place, name=node.name, hint=f"（{close[0]}?）" if close else "")


def _sign(node: Node, known: Known) -> Iterator[Note]:
    assert isinstance(node, tree.Sign)  # noqa: S101 -- dispatched by type
    left, right = typing_of.of(node.left, known), typing_of.of(node.right, known)
    if node.sign in {"and", "or"}:
        for side, operand in ((left, node.left), (right, node.right)):
            yield from _condition(side, operand.place)
    elif node.sign in {"=", "!=", "<", "<=", ">", ">="}:
        yield from _compared(left, right, node.place)
    elif typing_of.result(node.sign, left, right) is None:
        yield _note(
            "not_computable", node.place, left=kinds.name_of(left), sign=node.sign, right=kinds.name_of(right)
        )


def _compared(left: Type, right: Type, place: Place) -> Iterator[Note]:
    if not typing_of.may_compare(left, right):
        yield _note("not_comparable", place, left=kinds.name_of(left), right=kinds.name_of(right))


def _condition(found: Type, place: Place) -> Iterator[Note]:
    if found not in {kinds.ANY, kinds.NULL, kinds.BOOLEAN}:
        yield _note("wrong_condition", place, kind=kinds.name_of(found))


def _if(node: Node, known: Known) -> Iterator[Note]:
    assert isinstance(node, tree.If)  # noqa: S101 -- dispatched by type
    yield from _condition(typing_of.of(node.condition, known), node.condition.place)


def _between(node: Node, known: Known) -> Iterator[Note]:
    assert isinstance(node, tree.Between)  # noqa: S101 -- dispatched by type
    value = typing_of.of(node.value, known)
    for end in (node.low, node.high):
        yield from _compared(value, typing_of.of(end, known), end.place)


def _within(node: Node, known: Known) -> Iterator[Note]:
    assert isinstance(node, tree.In)  # noqa: S101 -- dispatched by type
    yield from _tested(node.tests, typing_of.of(node.value, known), known)


def _cell(node: Node, known: Known) -> Iterator[Note]:
    assert isinstance(node, tree.Cell)  # noqa: S101 -- dispatched by type
    yield from _tested(node.tests, known.get(_VALUE, kinds.ANY), known)


def _tested(tests: tuple[Node, ...], value: Type, known: Known) -> Iterator[Note]:
    """Yield the tests that compare a value with something that it can never be."""
    for test in tests:
        match test:
            case tree.Comparison(operand=operand):
                yield from _compared(value, typing_of.of(operand, known), operand.place)
            case tree.RangeOf(start=start, end=end):
                yield from _compared(value, typing_of.of(start, known), start.place)
                yield from _compared(value, typing_of.of(end, known), end.place)
            case tree.Literal():
                yield from _compared(value, typing_of.of(test, known), test.place)
            case _:
                pass


def _call(node: Node, known: Known) -> Iterator[Note]:
    assert isinstance(node, tree.Call)  # noqa: S101 -- dispatched by type
    if not isinstance(node.function, tree.Name) or node.function.name in known:
        return
    function = expression.BUILTINS.get(node.function.name)
    if function is None or function.takes is None:
        return
    if not function.takes(len(node.arguments), set(node.names)):
        given = ", ".join(node.names) or str(len(node.arguments))
        yield _note("wrong_arguments", node.place, name=node.function.name, given=given)


def _note(code: str, place: Place, **facts: str) -> Note:
    return Note(code=code, start=place.start, end=place.end, words=messages.words(code, **facts))


_OWN: Final = {
    tree.Name: _name,
    tree.Sign: _sign,
    tree.If: _if,
    tree.Between: _between,
    tree.In: _within,
    tree.Cell: _cell,
    tree.Call: _call,
}
