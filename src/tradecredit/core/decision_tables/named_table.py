"""A table of a policy, ready to be asked: by its rows alone when the answer is wanted, with its trace when the reasons are.

Every table of a policy is one of these, whether it was written as rows of YAML, as a DMN file, or stands behind a
list of rules (authority, dunning stages): one engine, one strict meaning, one explanation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decision_tables import boxes, quick, strict, telling
from tradecredit.core.decision_tables.engine import Model
from tradecredit.core.decision_tables.model import Decision, Definitions, InputData, Key
from tradecredit.core.decision_tables.tracing import TableTrace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tradecredit.core.decision_tables.quick import QuickTable
    from tradecredit.core.decision_tables.telling import Speaker, Told
    from tradecredit.core.kernel.reasons import Words

NAMESPACE: Final = "tradecredit/policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The row that answered (from 1) and its outputs by name; or no row, and why a person has to look."""

    row: int | None
    outputs: Mapping[str, Any]
    reasons: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTable:
    """A compiled table with the facts that it asks for; immutable, safe to share, equal when written equally."""

    name: str
    definitions: Definitions = field(repr=False)
    model: Model = field(compare=False, repr=False)
    decision: str
    table: boxes.Table = field(repr=False)
    needs: tuple[str, ...]
    codes: tuple[str, ...]
    quick: QuickTable | None = field(compare=False, repr=False)

    def answer(self, facts: Mapping[str, Any]) -> Answer:
        """Return what the table says of the facts, strictly: a missing fact, no row or two rows need a person.

        Raises UnableToEvaluateError beyond the limits of the language.
        """
        hit = None if self.quick is None else self.quick.decide(facts)
        if hit is not None:
            return Answer(row=hit.row, outputs=self._by_name(hit.value))
        verdict = strict.decide(self.model, self.decision, facts, is_traced=True)
        trace = self._own_trace(verdict.trace)
        if verdict.needs_person or trace is None:
            return Answer(row=None, outputs={}, reasons=verdict.reasons)
        # Where no row of a unique table matched, what it gives otherwise counts as the row after the last.
        row = trace.chosen[0] if trace.chosen else trace.row_count + 1
        return Answer(row=row, outputs=self._by_name(verdict.value))

    def tell(
        self, facts: Mapping[str, Any], *, speaker: Speaker, may_change: Collection[str] | None = None
    ) -> Told | None:
        """Return why the table answers as it does, in sentences; None when it cannot be evaluated at all.

        ``may_change`` are the facts that somebody can do something about: only they appear in what would change it.
        """
        verdict = self.model.decide(self.decision, facts, is_traced=True)
        trace = self._own_trace(verdict.trace)
        if trace is None:
            return None
        return telling.tell(trace, self.table, speaker=speaker, may_change=may_change)

    def code_of(self, row: int) -> str:
        """Return the code of a row, counted from 1; its number where rows have no codes."""
        return self.codes[row - 1] if row <= len(self.codes) else str(row)

    def _own_trace(self, traces: tuple[Any, ...]) -> TableTrace | None:
        own = (one for one in traces if isinstance(one, TableTrace) and one.element == self.decision)
        return next(own, None)

    def _by_name(self, value: Any) -> Mapping[str, Any]:
        names = [output.name for output in self.table.outputs]
        return {names[0]: value} if len(names) == 1 else value


def of_table(
    table: boxes.Table, *, name: str, types: Mapping[str, str], codes: tuple[str, ...] = ()
) -> NamedTable:
    """Compile a table whose columns ask for facts by name; ``types`` are DMN's words for their types."""
    asked = dict.fromkeys(clause.expression for clause in table.inputs)
    inputs = [InputData(key=Key(NAMESPACE, one), name=one, type_ref=types.get(one, "")) for one in asked]
    decision = Decision(
        key=Key(NAMESPACE, f"decision_{name}"),
        name=name,
        requires=tuple(one.key for one in inputs),
        logic=table,
    )
    definitions = Definitions(name=name, namespace=NAMESPACE, elements=(*inputs, decision))
    return of_model(Model(definitions), name, codes=codes)


def of_model(model: Model, decision: str, *, codes: tuple[str, ...] = ()) -> NamedTable:
    """Return a decision of a model as a table to be asked; raises UnableToDecideError, ValueError when it is no table."""
    element = model.named(decision)
    logic = element.logic if isinstance(element, Decision) else None
    if not isinstance(logic, boxes.Table):
        raise ValueError(f"the decision {decision!r} is not a table")  # noqa: TRY004 -- about the text, not a type
    return NamedTable(
        name=decision,
        definitions=model.definitions,
        model=model,
        decision=decision,
        table=logic,
        needs=strict.needed_facts(model, decision),
        codes=codes,
        quick=quick.prepared(model, decision),
    )
