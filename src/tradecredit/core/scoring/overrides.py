"""Grades set by people: with a reason, an end and a second person; the system's grade stays beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tradecredit.core.kernel.periods import Validity
    from tradecredit.core.scoring.rating import GradeScale


class UnableToOverrideGradeError(UnableToError):
    """A grade cannot be set by hand this way."""

    code = "unable_to_override_grade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A grade that a person proposed for a time; it counts once another person approved it."""

    grade: str
    reason: str
    validity: Validity
    proposed_by: str
    approved_by: str | None = None

    def counts_on(self, day: date) -> bool:
        """Tell whether the override is approved and the day lies in its time."""
        return self.approved_by is not None and self.validity.holds_on(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalGrade:
    """The grade that counts on a day, beside what the system says."""

    grade: str
    system_grade: str
    override: Override | None

    @property
    def is_overridden(self) -> bool:
        """Tell whether a person's grade stands in place of the system's."""
        return self.override is not None


def final(*, system_grade: str, overrides: Iterable[Override], as_of: date) -> FinalGrade:
    """Return the grade that counts: the approved override that began last and holds on the day, else the system's."""
    holding = [each for each in overrides if each.counts_on(as_of)]
    override = max(holding, key=lambda each: each.validity.valid_from, default=None)
    return FinalGrade(
        grade=override.grade if override else system_grade, system_grade=system_grade, override=override
    )


def check_proposal(override: Override, *, scale: GradeScale) -> None:
    """Raise UnableToOverrideGradeError unless the grade exists, a reason is given and the override ends."""
    if override.grade not in scale.grades:
        raise UnableToOverrideGradeError(
            Words(
                zh="没有 {grade} 这个等级，请从 {grades} 中选择。",
                en="There is no grade {grade}: choose one of {grades}.",
            ).filled(grade=override.grade, grades=", ".join(scale.grades))
        )
    if not override.reason.strip():
        raise UnableToOverrideGradeError(
            Words(zh="人工调整等级必须写明理由。", en="A grade set by hand needs a reason: say why.")
        )
    if override.validity.valid_to is None:
        raise UnableToOverrideGradeError(
            Words(zh="人工调整等级必须有到期日。", en="A grade set by hand must end: give its last day.")
        )


def approve(override: Override, *, approved_by: str) -> Override:
    """Return the override approved; raises UnableToOverrideGradeError where the proposer would approve."""
    if approved_by == override.proposed_by:
        raise UnableToOverrideGradeError(
            Words(
                zh="不能批准自己提出的等级调整，请由另一人批准。",
                en="Nobody approves a grade of their own proposing: ask another person.",
            )
        )
    return Override(
        grade=override.grade,
        reason=override.reason,
        validity=override.validity,
        proposed_by=override.proposed_by,
        approved_by=approved_by,
    )
