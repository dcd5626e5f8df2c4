"""The library of plans: what is done in which order, by whom and until when, once a loss threatens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.core.kernel.policy_document import Node
    from tradecredit.core.kernel.reasons import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One step of a plan: whose it is and within how many days."""

    code: str
    title: Words
    role: str
    due_in_days: int = 0

    def due_date(self, started_on: date) -> date:
        """Return until when the step is done: day 0 is the day on which the plan was started."""
        return started_on + timedelta(days=self.due_in_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPlan:
    """A plan with its steps in order, and what it answers: alert levels and names of alert rules."""

    code: str
    title: Words
    steps: tuple[PlanStep, ...]
    answers: tuple[str, ...] = ()


def of_code(library: Sequence[ActionPlan], code: str) -> ActionPlan | None:
    """Return the plan with the code."""
    return next((plan for plan in library if plan.code == code), None)


def answering(library: Sequence[ActionPlan], *, level: str, rule: str) -> tuple[ActionPlan, ...]:
    """Return the plans that answer an alert of the level or of the rule."""
    return tuple(plan for plan in library if level in plan.answers or rule in plan.answers)


def read(nodes: Sequence[Node]) -> tuple[ActionPlan, ...]:
    """Read the plans of a policy; raises PolicyError for a code that stands twice or a plan without steps."""
    plans = tuple(_plan(node) for node in nodes)
    for node, plan in zip(nodes, plans, strict=True):
        if sum(other.code == plan.code for other in plans) > 1:
            raise node.error(f"the plan {plan.code!r} stands twice")
    return plans


def _plan(node: Node) -> ActionPlan:
    node.only("code", "title", "answers", "steps")
    steps = tuple(_step(part) for part in node.child("steps").items())
    if not steps:
        raise node.child("steps").error("a plan has at least one step")
    if len({step.code for step in steps}) != len(steps):
        raise node.child("steps").error("a step's code stands once in its plan")
    answers = node.optional("answers")
    return ActionPlan(
        code=node.child("code").text(),
        title=node.child("title").words(),
        steps=steps,
        answers=tuple(item.text() for item in answers.items()) if answers is not None else (),
    )


def _step(node: Node) -> PlanStep:
    node.only("code", "title", "role", "due_in_days")
    days = node.optional("due_in_days")
    return PlanStep(
        code=node.child("code").text(),
        title=node.child("title").words(),
        role=node.child("role").text(),
        due_in_days=days.count() if days is not None else 0,
    )
