"""The verdict as a value: each check's result, the equation, the remedies, who decides; the worst check wins."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel import outcome as outcomes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradecredit.core.exposure.headroom import Headroom
    from tradecredit.core.kernel.limit import Limit
    from tradecredit.core.kernel.money import Money
    from tradecredit.core.kernel.outcome import Outcome
    from tradecredit.core.kernel.reasons import Words


class CheckState(StrEnum):
    """What became of one check."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found: a sentence by key, and ours, limit and gap as exact texts in a unit.

    ``unit`` is ``money``, ``days``, ``share`` or ``word``; an empty text means that there is nothing to compare.
    ``level`` and ``level_name`` say at which level above the account, whose ``currency`` the figures are in. A table
    says itself what it found: ``row`` by its code, ``reason`` as the row codes it, ``said`` the sentence, ``why`` the
    trace in sentences; ``asks`` is the outcome of the row.
    """

    state: CheckState
    sentence: str
    unit: str = "word"
    ours: str = ""
    limit: str = ""
    gap: str = ""
    level: str = ""
    level_name: str = ""
    currency: str = ""
    row: str = ""
    reason: str = ""
    said: Words | None = None
    why: tuple[Words, ...] = ()
    asks: Outcome | None = None

    def of_table(self) -> dict[str, Any]:
        """Return what a table said, for recording; nothing for other checks."""
        if self.said is None:
            return {}
        return {
            "row": self.row,
            "reason": self.reason,
            "said": self.said.as_dict(),
            "why": [words.as_dict() for words in self.why],
            **({} if self.asks is None else {"asks": self.asks.text}),
        }

    def of_level(self) -> dict[str, str]:
        """Return where above the account it was found, for recording; nothing for the account itself."""
        if not self.level:
            return {}
        return {"level": self.level, "level_name": self.level_name, "currency": self.currency}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One line of the verdict: the policy's check, what was found, and the outcome that it asks for."""

    code: str
    check: str
    label: Words
    finding: Finding
    outcome: Outcome

    @property
    def passed(self) -> bool:
        """Tell whether the check asks for nothing."""
        return self.finding.state in (CheckState.PASSED, CheckState.NOT_APPLICABLE)

    @property
    def applies(self) -> bool:
        """Tell whether the check had anything to look at."""
        return self.finding.state is not CheckState.NOT_APPLICABLE

    def as_dict(self) -> dict[str, Any]:
        """Return the result for recording."""
        finding = self.finding
        return {
            "code": self.code,
            "check": self.check,
            "label": self.label.as_dict(),
            "state": finding.state.value,
            "outcome": self.outcome.text,
            "sentence": finding.sentence,
            "unit": finding.unit,
            "ours": finding.ours,
            "limit": finding.limit,
            "gap": finding.gap,
            **finding.of_level(),
            **finding.of_table(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """Something that can be done about it, with the outcome that the check would then have."""

    code: str
    amount: Money | None = None
    prepaid: Money | None = None
    references: tuple[str, ...] = ()
    days: int | None = None
    outcome_after: Outcome

    @property
    def is_enough(self) -> bool:
        """Tell whether the remedy alone lets the document through."""
        return self.outcome_after.lets_through

    def as_dict(self) -> dict[str, Any]:
        """Return the remedy for recording."""
        return {
            "code": self.code,
            "amount": None if self.amount is None else self.amount.text(),
            "prepaid": None if self.prepaid is None else self.prepaid.text(),
            "references": list(self.references),
            "days": self.days,
            "outcome_after": self.outcome_after.text,
            # The limit of a level stands in its own currency, which may be another than the document's.
            **({"currency": self.amount.currency} if self.code == "raise_level" and self.amount else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """A role that may decide a held document, and why it is asked."""

    role: str
    mode: str
    rule: str
    why: Words

    def as_dict(self) -> dict[str, Any]:
        """Return the decider for recording."""
        return {"role": self.role, "mode": self.mode, "rule": self.rule, "why": self.why.as_dict()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The verdict on one request; a pure function of facts and policy."""

    outcome: Outcome
    results: tuple[CheckResult, ...]
    headroom: Headroom
    headroom_after: Limit
    reserves: Money | None
    remedies: tuple[Remedy, ...] = ()
    deciders: tuple[Decider, ...] = field(default=())

    @property
    def reasons(self) -> tuple[CheckResult, ...]:
        """Return the checks that did not pass, worst first, in the policy's order among equals."""
        return tuple(
            sorted((result for result in self.results if not result.passed), key=lambda one: -one.outcome)
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the whole verdict for recording and for comparing on replay."""
        return {
            "outcome": self.outcome.text,
            "results": [result.as_dict() for result in self.results],
            "equation": equation_dict(self.headroom),
            "headroom_before": limits.text(self.headroom.available),
            "headroom_after": limits.text(self.headroom_after),
            "reserves": None if self.reserves is None else self.reserves.text(),
            "remedies": [remedy.as_dict() for remedy in self.remedies],
            "deciders": [decider.as_dict() for decider in self.deciders],
        }


def combine(results: Iterable[CheckResult]) -> Outcome:
    """Return the worst outcome of the checks that apply; where none applies, a person looks."""
    return outcomes.worst(result.outcome for result in results if result.applies)


def equation_dict(headroom: Headroom) -> Mapping[str, Any]:
    """Return the equation of headroom as signed terms that sum to what is available."""
    return {
        "limit": limits.text(headroom.limit),
        "exposure": headroom.exposure.text(),
        "available": limits.text(headroom.available),
        "terms": [
            {"code": term.code, "label": term.label.as_dict(), "amount": term.amount.text()}
            for term in headroom.terms
        ],
    }
