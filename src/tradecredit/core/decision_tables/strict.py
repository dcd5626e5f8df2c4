"""Verdicts that may not be silent: null, no row, several rows, a missing or wrong fact go to a person, with the reason.

FEEL forgives: a missing fact makes a comparison unknown, and `not("C")` of nothing is true. A verdict must not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.core.decision_tables.model import Decision, InputData
from tradecredit.core.feel import messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.decision_tables.engine import Model
    from tradecredit.core.decision_tables.model import Key
    from tradecredit.core.decision_tables.tracing import Trace
    from tradecredit.core.kernel.reasons import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class StrictVerdict:
    """A value that rests on complete facts, or None with every reason why a person has to look."""

    value: Any
    reasons: tuple[Words, ...]
    trace: tuple[Trace, ...] = ()

    @property
    def needs_person(self) -> bool:
        """Tell whether the machine must not decide this."""
        return bool(self.reasons)


def decide(
    model: Model, name: str, facts: Mapping[str, Any], *, now: Any = None, is_traced: bool = False
) -> StrictVerdict:
    """Make a decision that counts only when all the facts it needs are there and nothing went wrong on the way.

    With the grade missing, ``not("C") → approve`` gives no verdict but the reason “grade has no value”. Raises
    UnableToDecideError for an unknown decision, UnableToEvaluateError beyond the limits.
    """
    missing = [one for one in needed_facts(model, name) if facts.get(one) is None]
    verdict = model.decide(name, facts, now=now, is_traced=is_traced)
    reasons = [messages.words("missing_value", name=one) for one in missing]
    if not missing:
        reasons += [diagnostic.words for diagnostic in verdict.diagnostics]
    if verdict.value is None and not reasons:
        reasons.append(messages.words("no_answer", name=name))
    return StrictVerdict(
        value=None if reasons else verdict.value, reasons=tuple(_once(reasons)), trace=verdict.trace
    )


def needed_facts(model: Model, name: str) -> tuple[str, ...]:
    """Return the names of the facts that a decision rests on, directly or through others, in reading order.

    Raises UnableToDecideError when there is no such decision.
    """
    elements = {one.key: one for one in model.definitions.elements}
    found: dict[str, None] = {}
    seen: set[Key] = set()
    pending = [model.named(name)]
    while pending:
        element = pending.pop(0)
        if element.key in seen:
            continue
        seen.add(element.key)
        if isinstance(element, InputData):
            found[element.name] = None
        elif isinstance(element, Decision):
            pending += [elements[key] for key in element.requires if key in elements]
    return tuple(found)


def _once(reasons: list[Words]) -> list[Words]:
    return list(dict.fromkeys(reasons))
