"""Decision tables as checks of order control: written as rows in the policy, or as a model of the standard beside it."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tradecredit.core.decision_tables import boxes, looking_over, named_table, reading, rows
from tradecredit.core.decision_tables.engine import Model
from tradecredit.core.decision_tables.model import UnableToDecideError, UnableToReadModelError
from tradecredit.core.decisions import declared_facts
from tradecredit.core.feel import expression, tree
from tradecredit.core.feel.run import UnableToParseError
from tradecredit.core.kernel import outcome as outcomes
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.decision_tables.boxes import Table
    from tradecredit.core.decision_tables.named_table import NamedTable
    from tradecredit.core.kernel.policy_document import Node

OUTCOME: Final = "outcome"
REASON: Final = "reason"
# What a row may ask for, in the words of policies: pass is approve, refuse is reject.
ASKED: Final = {
    "pass": Outcome.APPROVE,
    "refuse": Outcome.REJECT,
    **{outcome.text: outcome for outcome in Outcome},
}
_OF_THE_LINE: Final = frozenset({"line", "limit", "available", "over", "utilisation", "share_of_available"})
_OUTPUTS: Final = {OUTCOME: "string", REASON: "string"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTable:
    """A compiled table of a check: the outcome and the sentence of each row, and of what is left last of all."""

    table: NamedTable
    words: tuple[Words | None, ...] = field(repr=False)
    outcomes: tuple[str, ...]

    @property
    def worst(self) -> Outcome:
        """Return the worst that any row asks for."""
        return outcomes.worst(ASKED[word] for word in self.outcomes)

    @property
    def looks_at_line(self) -> bool:
        """Tell whether it compares with the account's own line."""
        return any(name in _OF_THE_LINE for name in self.names)

    @property
    def names(self) -> frozenset[str]:
        """Return the facts that it asks for, by their own names."""
        return frozenset(declared_facts.BY_NAME[name].name for name in self.table.needs)

    @property
    def asks_outlook(self) -> bool:
        """Tell whether it asks for facts that have to be gathered first."""
        return any(declared_facts.BY_NAME[name].asks_outlook for name in self.table.needs)

    def words_of(self, row: int) -> Words | None:
        """Return the sentence written for a row, counted from 1."""
        return self.words[row - 1] if row <= len(self.words) else None


def parse(node: Node, *, code: str, models: Mapping[str, str]) -> CheckTable:
    """Read the table of a check; ``models`` are the pack's DMN files by name.

    Raises PolicyError naming the place of the first mistake: a fact that is not declared, a cell that cannot be read.
    """
    if node.has("model"):
        return _of_model(node.only("model", "decision"), models=models)
    written = rows.parse(node, name=code, types=declared_facts.TYPES, outputs=_OUTPUTS)
    return _checked(node, written.table, written.words)


def _of_model(node: Node, *, models: Mapping[str, str]) -> CheckTable:
    name = node.child("model").text()
    if name not in models:
        known = ", ".join(sorted(models)) or "none"
        raise node.child("model").error(
            f"there is no model {name!r} in the folder tables; there are: {known}"
        )
    try:
        model = Model(reading.read(models[name]))
        table = named_table.of_model(model, node.child("decision").text())
    except (UnableToReadModelError, UnableToDecideError) as error:
        raise node.error(error.words.en) from error
    except ValueError as error:
        raise node.child("decision").error(str(error)) from error
    unreadable = [*model.findings]
    if unreadable:
        raise node.error(f"{unreadable[0].text!r}: {unreadable[0].words.en}")
    for fact in table.needs:
        if fact not in declared_facts.BY_NAME:
            raise node.child("decision").error(_unknown_fact(fact))
    return _checked(node, table, tuple(_annotated(rule) for rule in table.table.rules))


def _checked(node: Node, table: NamedTable, words: tuple[Words | None, ...]) -> CheckTable:
    for row, each in enumerate(words, start=1):
        _check_words(node, each, known=table.needs, row=table.code_of(row))
    return CheckTable(table=table, words=words, outcomes=_outcomes(node, table.table))


def findings(table: CheckTable) -> tuple[looking_over.ModelFinding, ...]:
    """Return what is wrong with a table beyond what keeps it from being read: gaps, overlaps, rows that never fire."""
    return looking_over.look_over(table.table.model)


def _unknown_fact(name: str) -> str:
    known = ", ".join(fact.name for fact in declared_facts.FACTS)
    return f"{name!r} is no fact of an order check; there are {known}"


def _check_words(node: Node, words: Words | None, *, known: tuple[str, ...], row: str) -> None:
    """Refuse a sentence with a place that nothing fills."""
    for text in () if words is None else (words.zh, words.en):
        for _, place, _, _ in string.Formatter().parse(text):
            if place is not None and place not in known:
                raise node.error(f"the words of row {row} name {place!r}, which the table does not look at")


def _outcomes(node: Node, table: Table) -> tuple[str, ...]:
    """Return the outcome of each row, and of the rest; every one is a constant of the known words."""
    place = next((at for at, output in enumerate(table.outputs) if output.name == OUTCOME), None)
    if place is None:
        raise node.error(f"a table of a check gives an output named {OUTCOME}")
    default = table.outputs[place].default
    texts = [*(rule.outputs[place] for rule in table.rules), *([default] if default else [])]
    found = []
    for text in texts:
        word = _constant(text)
        if word is None or word not in ASKED:
            raise node.error(f"{text} is no outcome; there are {', '.join(ASKED)}")
        found.append(word)
    return tuple(found)


def _constant(text: str) -> str | None:
    try:
        node = expression.parse(text)
    except UnableToParseError:
        return None
    return node.value if isinstance(node, tree.Literal) and isinstance(node.value, str) else None


def _annotated(rule: boxes.Rule) -> Words | None:
    """Return the sentence of a row of a model: its two first annotations, Chinese and English."""
    if len(rule.annotations) < 2 or not all(rule.annotations[:2]):  # noqa: PLR2004 -- two languages
        return None
    return Words(zh=rule.annotations[0], en=rule.annotations[1])
