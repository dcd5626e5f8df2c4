"""Response plans as data: what is done about an alert, step by step, by whom and until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.core.collections import steps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from tradecredit.core.kernel.policy_document import Node
    from tradecredit.core.kernel.reasons import Words

# What the house does by itself when a plan starts; everything else is a task for people.
FREEZES: Final[Mapping[str, str]] = {
    "freeze_orders": "orders",
    "freeze_shipments": "shipments",
    "freeze_limit": "limit",
}
RERATE: Final = "rate_again"
LOWER_LINE: Final = "propose_lower_line"
INSURER: Final = "claim_insurance"
CASE: Final = "open_case"
FOLLOW: Final = "follow_plan"
TASK: Final = "task"
KINDS: Final = (*FREEZES, RERATE, LOWER_LINE, INSURER, CASE, FOLLOW, TASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One step: what is done (``do``), and for a task whose it is, what it says and until when.

    ``checklist`` names what is gone through in that task; ``share`` is what is left of the line; ``follows`` is the
    code of a plan of collections (stop the loss, preserve assets, go to court) that begins with this one.
    """

    code: str
    do: str
    label: Words
    role: str = ""
    priority: str = "normal"
    due_in_days: int = 1
    checklist: tuple[Words, ...] = ()
    share: Decimal | None = None
    follows: str = ""

    @property
    def is_task(self) -> bool:
        """Tell whether people do it."""
        return bool(self.role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan of the library: its name, what it is for, and its steps in order."""

    code: str
    label: Words
    steps: tuple[PlanStep, ...]
    levels: tuple[str, ...] = ()

    @property
    def freezes(self) -> tuple[str, ...]:
        """Return what it freezes: ``orders``, ``shipments``, ``limit``."""
        return tuple(FREEZES[step.do] for step in self.steps if step.do in FREEZES)

    @property
    def tasks(self) -> tuple[PlanStep, ...]:
        """Return the steps that people do."""
        return tuple(step for step in self.steps if step.is_task)

    def does(self, what: str) -> PlanStep | None:
        """Return the first step that does this, or None."""
        return next((step for step in self.steps if step.do == what), None)


def read(nodes: Sequence[Node]) -> tuple[Plan, ...]:
    """Read the plans of a policy; raises PolicyError naming the place of a bad value."""
    found: list[Plan] = []
    levels: set[str] = set()
    for node in nodes:
        one = _plan(node)
        if one.code in {other.code for other in found}:
            raise node.child("code").error(f"{one.code!r} stands twice")
        if levels & set(one.levels):
            raise node.child("levels").error("another plan answers alerts of this level already")
        levels |= set(one.levels)
        found.append(one)
    return tuple(found)


def _plan(node: Node) -> Plan:
    node.only("code", "label", "levels", "steps", "source", "reason")
    course = tuple(_step(part) for part in node.child("steps").items())
    if not course:
        raise node.child("steps").error("a plan has one step at least")
    codes = [step.code for step in course]
    for index, code in enumerate(codes):
        if code in codes[:index]:
            raise node.child("steps").items()[index].child("code").error(f"{code!r} stands twice")
    return Plan(
        code=node.child("code").text(),
        label=node.child("label").words(),
        levels=tuple(part.one_of(*steps.LEVELS) for part in steps.listed(node, "levels")),
        steps=course,
    )


def _step(node: Node) -> PlanStep:
    node.only("code", "do", "label", "role", "priority", "due_in_days", "checklist", "share", "plan")
    do = node.child("do").one_of(*KINDS)
    role, priority, due = node.optional("role"), node.optional("priority"), node.optional("due_in_days")
    if do == TASK and role is None:
        raise node.child("do").error("a task has a role: say whose it is")
    share = node.child("share").number(least="0", most="1") if do == LOWER_LINE else None
    return PlanStep(
        code=node.child("code").text(),
        do=do,
        label=node.child("label").words(),
        role=role.text() if role else "",
        priority=priority.one_of(*steps.PRIORITIES) if priority else "normal",
        due_in_days=due.count() if due else 1,
        checklist=tuple(part.words() for part in steps.listed(node, "checklist")),
        share=share,
        follows=node.child("plan").text() if do == FOLLOW else "",
    )
