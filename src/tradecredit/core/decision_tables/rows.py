"""Tables written as rows of a policy file: readable lines that are compiled to the same table as DMN's.

    hit: first
    inputs: [grade, overdue_days]
    rows:
      - code: second_stage
        when: {grade: [A, B], overdue_days: "[8..30]"}
        outcome: hold
        words: {zh: …, en: …}
    otherwise: {outcome: pass}

A cell is a test of the policy language. In a column of texts a bare word is that text and a list is any of them; in a
column of yes and no, yes and no are themselves. What a row does not name may be anything. The last row, ``otherwise``,
is asked for always: nothing falls through a table in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decision_tables import boxes, named_table
from tradecredit.core.feel import expression, writing
from tradecredit.core.feel.run import UnableToParseError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.decision_tables.named_table import NamedTable
    from tradecredit.core.kernel.policy_document import Node
    from tradecredit.core.kernel.reasons import Words

OTHERWISE: Final = "otherwise"
ANYTHING: Final = "-"
HITS: Final = {"first": "FIRST", "unique": "UNIQUE"}
_ABOUT: Final = ("code", "when", "words", "source", "reason")
_IS_TEST: Final = ('"', "not(", "-", "?")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTable:
    """A table with what its rows say beside their outputs: codes and sentences, the catch-all last."""

    table: NamedTable
    words: tuple[Words | None, ...]


def parse(node: Node, *, name: str, types: Mapping[str, str], outputs: Mapping[str, str]) -> WrittenTable:
    """Read a table; ``types`` are the facts it may ask for, ``outputs`` what its rows give, each with its type.

    Raises PolicyError naming the place of the first cell that cannot be read.
    """
    node.only("hit", "inputs", "rows", OTHERWISE)
    hit = node.optional("hit")
    inputs = [each.one_of(*types) for each in node.child("inputs").items()]
    if not inputs:
        raise node.child("inputs").error("name at least one fact to look at")
    rows = node.child("rows").items()
    codes = [row.child("code").text() for row in rows]
    for code in codes:
        if codes.count(code) > 1 or code == OTHERWISE:
            raise node.child("rows").error(f"the code {code} is used more than once")
    last = node.child(OTHERWISE).only("words", "source", "reason", *outputs)
    rules = [_rule(row, inputs, types, outputs) for row in rows]
    policy = "FIRST" if hit is None else HITS[hit.one_of(*HITS)]
    rest = _given(last, outputs)
    if policy == "FIRST":
        rules.append(boxes.Rule(tests=(ANYTHING,) * len(inputs), outputs=rest, annotations=(OTHERWISE,)))
    table = boxes.Table(
        inputs=tuple(boxes.InputClause(label=one, expression=one, type_ref=types[one]) for one in inputs),
        outputs=tuple(
            # Beside rows of which only one may match, the rest is the output when none does.
            boxes.OutputClause(name=one, default=given if policy == "UNIQUE" else "")
            for one, given in zip(outputs, rest, strict=True)
        ),
        rules=tuple(rules),
        hit_policy=policy,
    )
    return WrittenTable(
        table=named_table.of_table(table, name=name, types=types, codes=(*codes, OTHERWISE)),
        words=tuple(_words(row) for row in (*rows, last)),
    )


def cell(value: Any, *, type_ref: str) -> str:
    """Return what stands in a cell as a test of the language: ``[A, B]`` in a column of texts is ``"A", "B"``."""
    match value:
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return ", ".join(cell(item, type_ref=type_ref) for item in value) or ANYTHING
        case str() if type_ref == "boolean" and value in {"yes", "no"}:
            return "true" if value == "yes" else "false"
        case str() if type_ref == "string" and not value.lstrip().startswith(_IS_TEST):
            return writing.quoted(value)
        case _:
            return str(value)


def _rule(node: Node, inputs: list[str], types: Mapping[str, str], outputs: Mapping[str, str]) -> boxes.Rule:
    node.only(*_ABOUT, *outputs)
    when = node.child("when")
    when.only(*inputs)
    if not when.mapping():
        raise when.error("a row without a condition is what 'otherwise' is for")
    tests = tuple(_test(when, one, types[one]) for one in inputs)
    return boxes.Rule(tests=tests, outputs=_given(node, outputs), annotations=(node.child("code").text(),))


def _test(when: Node, name: str, type_ref: str) -> str:
    place = when.optional(name)
    if place is None:
        return ANYTHING
    text = cell(place.value, type_ref=type_ref)
    try:
        expression.parse_cell(text)
    except UnableToParseError as error:
        raise place.error(f"{text!r}: {error.words.en}") from error
    return text


def _given(node: Node, outputs: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_output(node, name, type_ref) for name, type_ref in outputs.items())


def _output(node: Node, name: str, type_ref: str) -> str:
    """Return an output as a constant; one that is not said is nothing at all, or an empty text."""
    place = node.optional(name)
    if type_ref == "string":
        return writing.quoted("" if place is None else place.text())
    if type_ref == "boolean":
        return "true" if place is not None and place.flag() else "false"
    return f"{node.child(name).number():f}"


def _words(node: Node) -> Words | None:
    place = node.optional("words")
    return None if place is None else place.words()
