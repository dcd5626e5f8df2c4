"""Playbooks: what is done for customers of a grade again and again, whether or not anything is wrong (S-110 to S-112)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tradecredit.core.collections import steps

if TYPE_CHECKING:
    from tradecredit.core.kernel.policy_document import Node
    from tradecredit.core.kernel.reasons import Words

_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """A task for customers of some grades, made anew every so many days; without grades one for the whole house."""

    code: str
    grades: tuple[str, ...]
    every_days: int
    role: str
    title: Words
    priority: str = "normal"
    due_in_days: int = 7

    def round_of(self, *, customer: str, as_of: date) -> int:
        """Return the number of the customer's round on the day.

        Customers are spread over the days, so that not everybody is visited on the first of the month: with rounds of
        90 days a customer's number goes up on one day in 90.
        """
        return (as_of.toordinal() + self._offset(customer)) // self.every_days

    def is_due(self, *, customer: str, since: date, as_of: date) -> bool:
        """Tell whether a round of the customer began after ``since`` and by the day."""
        return self.round_of(customer=customer, as_of=as_of) != self.round_of(customer=customer, as_of=since)

    def next_on(self, *, customer: str, as_of: date) -> date:
        """Return the first day after this one on which the task is made again."""
        later = (self.round_of(customer=customer, as_of=as_of) + 1) * self.every_days
        return date.fromordinal(later - self._offset(customer))

    def _offset(self, customer: str) -> int:
        digest = hashlib.sha256(f"{self.code}:{customer}".encode()).digest()
        return int.from_bytes(digest[:_BYTES], "big") % self.every_days


def read(node: Node) -> Habit:
    """Read one habit of a playbook; raises PolicyError naming the place of a bad value."""
    node.only("code", "grades", "every_days", "role", "title", "priority", "due_in_days", "source", "reason")
    priority, due = node.optional("priority"), node.optional("due_in_days")
    return Habit(
        code=node.child("code").text(),
        grades=steps.texts(node, "grades"),
        every_days=node.child("every_days").count(least=1),
        role=node.child("role").text(),
        title=node.child("title").words(),
        priority=priority.one_of(*steps.PRIORITIES) if priority else "normal",
        due_in_days=due.count() if due else 7,
    )
