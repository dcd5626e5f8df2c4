"""Look a whole model over: texts that cannot be read, names and types that do not fit, tables with gaps and overlaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.core.decision_tables import analysis, boxes
from tradecredit.core.decision_tables.model import Decision, KnowledgeModel
from tradecredit.core.feel import expression, linting, typing_of
from tradecredit.core.feel.parser.vocabulary import Vocabulary
from tradecredit.core.feel.run import UnableToParseError
from tradecredit.core.feel.values import kinds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tradecredit.core.decision_tables.analysis import Where
    from tradecredit.core.decision_tables.boxes import Box
    from tradecredit.core.decision_tables.engine import Model
    from tradecredit.core.feel.linting import Note
    from tradecredit.core.feel.values.kinds import Type
    from tradecredit.core.kernel.reasons import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFinding:
    """One thing to mend in a model: in which decision, rows (from 1) and column, the text, and the sentence."""

    decision: str
    code: str
    rows: tuple[int, ...] = ()
    column: str = ""
    text: str = ""
    where: Where = ()
    words: Words

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain values."""
        return {
            "decision": self.decision,
            "trouble": self.code,
            "rows": list(self.rows),
            "column": self.column,
            "text": self.text,
            "where": dict(self.where),
            "words": self.words.as_dict(),
        }


def look_over(model: Model) -> tuple[ModelFinding, ...]:
    """Return everything that is wrong with a model's own decisions; nothing when it is sound."""
    return tuple(
        finding
        for element in model.definitions.elements
        if isinstance(element, Decision | KnowledgeModel)
        for finding in _Desk(model, element).findings()
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    """One decision or knowledge model being looked over."""

    model: Model
    element: Decision | KnowledgeModel

    def findings(self) -> Iterator[ModelFinding]:
        """Yield what is wrong with its logic."""
        names = self.model.names_in(self.element)
        if isinstance(self.element, Decision):
            yield from self._box(self.element.logic, names)
        elif self.element.function is not None:
            parameters = {
                name: self.model.type_of(self.element, type_ref)
                for name, type_ref in self.element.function.parameters
            }
            yield from self._box(self.element.function.body, {**names, **parameters})

    def _box(self, box: Box | None, names: Mapping[str, Type]) -> Iterator[ModelFinding]:
        match box:
            case boxes.Literal(text=text):
                yield from self._noted(linting.lint(text, names=names), text)
            case boxes.Table():
                yield from self._table(box, names)
            case boxes.Context(entries=entries):
                known = dict(names)
                for entry in entries:
                    yield from self._box(entry.box, known)
                    known[entry.name] = self.model.type_of(self.element, entry.type_ref)
            case _:
                return

    def _table(self, table: boxes.Table, names: Mapping[str, Type]) -> Iterator[ModelFinding]:
        for place, clause in enumerate(table.inputs):
            yield from self._noted(
                linting.lint(clause.expression, names=names), clause.expression, column=clause.label
            )
            value = self._value_type(clause, names)
            for row, rule in enumerate(table.rules, start=1):
                text = rule.tests[place]
                notes = linting.lint_cell(text, value=value, names=names)
                yield from self._noted(notes, text, rows=(row,), column=clause.label)
        yield from self._outputs(table, names)
        yield from (
            ModelFinding(
                decision=self.element.name,
                code=found.trouble.value,
                rows=found.rows,
                column=found.column,
                text=found.value,
                where=found.where,
                words=found.words,
            )
            for found in analysis.analyse(table)
        )

    def _outputs(self, table: boxes.Table, names: Mapping[str, Type]) -> Iterator[ModelFinding]:
        for row, rule in enumerate(table.rules, start=1):
            for output, text in zip(table.outputs, rule.outputs, strict=True):
                notes = linting.lint(text, names=names)
                yield from self._noted(notes, text, rows=(row,), column=output.name)

    def _value_type(self, clause: boxes.InputClause, names: Mapping[str, Type]) -> Type:
        """Return the type of a column's value: declared, or that of its expression."""
        declared = self.model.type_of(self.element, clause.type_ref)
        if declared != kinds.ANY:
            return declared
        try:
            node = expression.parse(clause.expression, vocabulary=Vocabulary(names=frozenset(names)))
        except UnableToParseError:
            return kinds.ANY
        return typing_of.of(node, names)

    def _noted(
        self, notes: tuple[Note, ...], text: str, *, rows: tuple[int, ...] = (), column: str = ""
    ) -> Iterator[ModelFinding]:
        for note in notes:
            yield ModelFinding(
                decision=self.element.name,
                code=note.code,
                rows=rows,
                column=column,
                text=text[note.start : note.end] or text,
                words=note.words,
            )
