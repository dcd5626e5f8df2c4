"""What one letter says, before it is put into words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from tradecredit.analytics.collections import letter_interest
from tradecredit.core.collections import letters as templates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.collections.customer_books import Line
    from tradecredit.core.collections.letter_interest import Told
    from tradecredit.core.collections.steps import Step
    from tradecredit.core.collections.strategy_trials import Assignment
    from tradecredit.core.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one letter says: its step, its lines, what it asks for and until when."""

    step: Step
    lines: Sequence[Line]
    total: Money
    pay_by_date: date
    earlier: Sequence[templates.EarlierLetter] = ()
    interest: Told | None = None
    assignment: Assignment | None = None


class Spoken(Protocol):
    """A step and the lines that a letter speaks of in it."""

    @property
    def step(self) -> Step:
        """The step."""

    @property
    def lines(self) -> Sequence[Line]:
        """The lines."""


def interest_of(
    said: Sequence[Spoken], *, company_id: UUID, texts: Mapping[str, str], as_of: date
) -> letter_interest.Interest:
    """Return the interest of the lines of all letters whose words speak of it; it is not read for the others."""
    speaking = {
        letter
        for letter in {one.step.letter for one in said}
        if any(
            templates.speaks_of_interest(text)
            for key, text in texts.items()
            if key.rpartition("-")[0] == letter
        )
    }
    lines = [line for one in said if one.step.letter in speaking for line in one.lines]
    return letter_interest.of_lines(company_id=company_id, lines=lines, as_of=as_of)


def with_interest(content: Content, *, company_id: UUID, texts: Mapping[str, str], as_of: date) -> Content:
    """Return the content of one letter with the interest of its lines, where its words speak of it."""
    found = interest_of([content], company_id=company_id, texts=texts, as_of=as_of)
    return replace(content, interest=found.told(content.lines))
