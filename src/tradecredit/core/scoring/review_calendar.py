"""When a rating is looked at again by a person: by its grade, and by whether the customer is large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.core.kernel import periods
from tradecredit.core.kernel.policy_document import Node

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCalendar:
    """Months between two looks by grade, for large customers and for others; who looks, in how many days."""

    large_from: Decimal
    months: Mapping[str, tuple[int, int]]
    role: str
    due_days: int

    def is_large(self, line: Decimal | None) -> bool:
        """Tell whether a customer with this base line is a large one; one without a line is not."""
        return line is not None and line >= self.large_from

    def due_on(self, *, last: date, grade: str, line: Decimal | None) -> date | None:
        """Return the day of the next look; None for a grade of another scale.

        A large A, looked at on 31 January, is due on 30 April where A is looked at every three months.
        """
        pair = self.months.get(grade)
        if pair is None:
            return None
        return periods.add_months(last, pair[0] if self.is_large(line) else pair[1])


def parse(section: Mapping[str, Any] | None, *, grades: tuple[str, ...]) -> ReviewCalendar | None:
    """Return the calendar of ``grades.reviews``, None where the policy has none; raises PolicyError."""
    if section is None:
        return None
    node = Node(section, "grades.reviews").only(
        "source", "reason", "large_from", "months", "role", "due_days"
    )
    months = node.child("months").only(*grades)
    return ReviewCalendar(
        large_from=node.child("large_from").number(least="0"),
        months={grade: _pair(months.child(grade)) for grade in grades},
        role=node.child("role").text(),
        due_days=node.child("due_days").count(least=1),
    )


def _pair(node: Node) -> tuple[int, int]:
    node.only("large", "other")
    return (node.child("large").count(least=1), node.child("other").count(least=1))
