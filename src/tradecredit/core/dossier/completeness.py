"""How complete a dossier is: a prioritised checklist by type of customer, and the share of it that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel.policy_document import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.kernel.reasons import Words

_PERCENT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One thing to know about a customer; priority 1 comes first, weight is its share of the percentage."""

    name: str
    label: Words
    priority: int
    weight: int
    customer_types: frozenset[str] = frozenset()

    def applies_to(self, customer_type: str) -> bool:
        """Tell whether the item is asked of the type; an item without types is asked of everyone."""
        return not self.customer_types or customer_type in self.customer_types


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """What is known and what is missing, the most important first."""

    percent: int
    known: tuple[ChecklistItem, ...]
    missing: tuple[ChecklistItem, ...]


def measure(
    *, checklist: tuple[ChecklistItem, ...], customer_type: str, known: frozenset[str]
) -> Completeness:
    """Return the weighted share known, cut to a whole percent, so that 100 means everything.

    Weights 40, 30, 30 with the first two known: 70. A checklist that asks nothing is complete.
    """
    asked = sorted(
        (item for item in checklist if item.applies_to(customer_type)),
        key=lambda item: (item.priority, -item.weight, item.name),
    )
    present = tuple(item for item in asked if item.name in known)
    whole = sum(item.weight for item in asked)
    have = sum(item.weight for item in present)
    return Completeness(
        percent=have * _PERCENT // whole if whole else _PERCENT,
        known=present,
        missing=tuple(item for item in asked if item.name not in known),
    )


def parse(section: Mapping[str, Any]) -> tuple[ChecklistItem, ...]:
    """Read the policy section ``dossier``; raises PolicyError naming the place of the bad value."""
    rows = (
        Node(section, "dossier")
        .only("source", "reason", "checklist", "bureaus", "duplicates", "retention", "verification", "news")
        .child("checklist")
        .items()
    )
    items = tuple(_item(row) for row in rows)
    for index, item in enumerate(items):
        if item.name in {earlier.name for earlier in items[:index]}:
            raise rows[index].error(f"{item.name} is listed twice")
    return items


def _item(row: Node) -> ChecklistItem:
    row.only("name", "label", "priority", "weight", "customer_types")
    types = row.optional("customer_types")
    return ChecklistItem(
        name=row.child("name").text(),
        label=row.child("label").words(),
        priority=row.child("priority").count(least=1),
        weight=row.child("weight").count(least=1),
        customer_types=frozenset(str(kind.value) for kind in types.items()) if types else frozenset(),
    )
