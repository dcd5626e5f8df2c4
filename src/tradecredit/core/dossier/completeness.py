"""How complete a dossier is: a prioritised checklist by type of customer, and the share of it that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    rows = section.get("checklist")
    if not isinstance(rows, list) or not rows:
        raise PolicyError("dossier.checklist", "a list of items is needed")
    items = tuple(_item(row, f"dossier.checklist[{index}]") for index, row in enumerate(rows))
    names = [item.name for item in items]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise PolicyError(f"dossier.checklist[{index}].name", f"{name} is listed twice")
    return items


def _item(row: Any, path: str) -> ChecklistItem:
    if not isinstance(row, dict):
        raise PolicyError(path, "an item has a name, a label, a priority and a weight")
    label = row.get("label")
    if not isinstance(label, dict) or not {"zh", "en"} <= label.keys():
        raise PolicyError(f"{path}.label", "a label has the texts zh and en")
    if not isinstance(row.get("name"), str):
        raise PolicyError(f"{path}.name", "a name is needed")
    return ChecklistItem(
        name=row["name"],
        label=Words(zh=str(label["zh"]), en=str(label["en"])),
        priority=_whole(row.get("priority"), f"{path}.priority"),
        weight=_whole(row.get("weight"), f"{path}.weight"),
        customer_types=frozenset(str(kind) for kind in row.get("customer_types", ())),
    )


def _whole(value: Any, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise PolicyError(path, "a whole number from 1 up is needed")
    return value
