"""The dunning strategy of a policy: reminders, stages and what each stage does, all as data."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from tradecredit.core.collections import case_policy, stage_table
from tradecredit.core.kernel.policy_document import Node

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from tradecredit.core.collections.disputes import PartialDispute
    from tradecredit.core.kernel.reasons import Words

Freeze = Literal["orders", "shipments", "limit"]
FREEZES: Final = get_args(Freeze)
LEVELS: Final = ("yellow", "orange", "red")
PRIORITIES: Final = ("low", "normal", "high")
_TOP: Final = (
    "source", "reason", "minimum_amounts", "quiet_days", "workdays_only", "partial_disputes",
    "promise_grace_days", "reminders", "stages", "thanks_letter", "mode", "most_letters",
    "bank_statement_max_age_days", "cases", "plans",
)  # fmt: skip


_SAID: Final = (
    "code", "label", "letter", "tone", "pay_within_workdays", "copy_roles", "ignores_quiet_days", "tasks",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAction:
    """A task that a stage opens for a role; ``grades`` empty means for every grade."""

    role: str
    title: Words
    priority: str = "normal"
    due_in_days: int = 1
    grades: tuple[str, ...] = ()

    def is_for(self, grade: str | None) -> bool:
        """Tell whether customers of the grade get the task; an unknown grade gets it too."""
        return not self.grades or grade is None or grade in self.grades


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeAction:
    """A freeze that lasts while items stand in the stage; ``grades`` empty means for every grade."""

    scope: str
    grades: tuple[str, ...] = ()

    def is_for(self, grade: str | None) -> bool:
        """Tell whether customers of the grade are frozen; an unknown grade is frozen too."""
        return not self.grades or grade is None or grade in self.grades


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAction:
    """A warning to everybody who is responsible."""

    level: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A reminder before the due day or a stage after it: days overdue from and to, both included."""

    code: str
    kind: Literal["reminder", "stage"]
    label: Words
    from_days: int
    to_days: int | None
    letter: str
    tone: str
    pay_within_workdays: int = 0
    copy_roles: tuple[str, ...] = ()
    ignores_quiet_days: bool = False
    tasks: tuple[TaskAction, ...] = ()
    freezes: tuple[FreezeAction, ...] = ()
    marks_high_risk: bool = False
    alert: AlertAction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """What is said and done, and when; steps are ordered from the earliest reminder to the last stage."""

    steps: tuple[Step, ...]
    minimum_amounts: Mapping[str, Decimal] = field(default_factory=dict)
    quiet_days: int = 0
    workdays_only: bool = False
    partial_disputes: PartialDispute = "hold_line"
    promise_grace_days: int = 0
    thanks_letter: str | None = None
    mode: case_policy.Mode = "automatic"
    most_letters: case_policy.MostLetters | None = None
    bank_statement_max_age_days: int | None = None
    cases: case_policy.CasePolicy = field(default_factory=case_policy.CasePolicy)

    def step_of(self, days_overdue: int) -> Step | None:
        """Return the step of an item: 30 days overdue is still stage 2 of 8–30, 31 days is stage 3."""
        return self.step(stage_table.code_for(self.ladder, days_overdue))

    @property
    def ladder(self) -> stage_table.Ladder:
        """Return the steps as rows of a table: codes with the days from and to which they last, both included."""
        return tuple((step.code, step.from_days, step.to_days) for step in self.steps)

    def step(self, code: str) -> Step | None:
        """Return the step with the code."""
        return next((step for step in self.steps if step.code == code), None)

    @property
    def earliest_days_overdue(self) -> int:
        """Return from which day on anything can be said: -7 with a reminder seven days before due."""
        return self.steps[0].from_days

    @property
    def letters(self) -> frozenset[str]:
        """Return the names of all letter templates that the strategy uses."""
        thanks = {self.thanks_letter} if self.thanks_letter else set()
        return frozenset(step.letter for step in self.steps) | thanks


def parse(section: Mapping[str, Any]) -> Strategy:
    """Read the ``dunning`` section of a policy; raises PolicyError naming the place of a bad value."""
    top = Node(section, "dunning").only(*_TOP)
    reminders = _reminders(top)
    stages = tuple(_stage(part) for part in listed(top, "stages"))
    _check_ladder(top, stages)
    _check_codes(top, (*reminders, *stages))
    return Strategy(
        steps=(*reminders, *stages),
        minimum_amounts=_minimum_amounts(top),
        quiet_days=_count(top, "quiet_days"),
        workdays_only=_flag(top, "workdays_only"),
        partial_disputes=_partial_disputes(top),
        promise_grace_days=_count(top, "promise_grace_days"),
        thanks_letter=top.child("thanks_letter").text() if top.has("thanks_letter") else None,
        mode=_mode(top),
        most_letters=case_policy.read_most_letters(top),
        bank_statement_max_age_days=_days_or_none(top, "bank_statement_max_age_days"),
        cases=case_policy.read(top),
    )


def listed(node: Node, key: str) -> tuple[Node, ...]:
    """Return the items of a list that may be absent."""
    place = node.optional(key)
    return place.items() if place is not None else ()


def texts(node: Node, key: str) -> tuple[str, ...]:
    """Return the texts of a list that may be absent."""
    return tuple(item.text() for item in listed(node, key))


def _count(node: Node, key: str, *, default: int = 0) -> int:
    place = node.optional(key)
    return place.count() if place is not None else default


def _flag(node: Node, key: str) -> bool:
    place = node.optional(key)
    return place is not None and place.flag()


def _days_or_none(node: Node, key: str) -> int | None:
    place = node.optional(key)
    return place.count() if place is not None else None


def _mode(top: Node) -> case_policy.Mode:
    place = top.optional("mode")
    if place is not None and place.one_of("automatic", "guided") == "guided":
        return "guided"
    return "automatic"


def _partial_disputes(top: Node) -> PartialDispute:
    place = top.optional("partial_disputes")
    if place is not None and place.one_of("hold_line", "ask_rest") == "ask_rest":
        return "ask_rest"
    return "hold_line"


def _minimum_amounts(top: Node) -> dict[str, Decimal]:
    place = top.optional("minimum_amounts")
    if place is None:
        return {}
    return {currency: amount.number(least="0") for currency, amount in place.entries()}


def _reminders(top: Node) -> tuple[Step, ...]:
    parts = listed(top, "reminders")
    offsets = [part.child("days_before").count(least=1) for part in parts]
    if offsets != sorted(set(offsets), reverse=True):
        raise top.child("reminders").error("days_before falls from one reminder to the next")
    # A reminder lasts until the next one begins, so that a day on which nobody closed the books is made up for.
    until = [*(-(later + 1) for later in offsets[1:]), 0][: len(offsets)]
    return tuple(
        _step(part.only(*_SAID, "days_before"), kind="reminder", from_days=-offset, to_days=to_days)
        for part, offset, to_days in zip(parts, offsets, until, strict=True)
    )


def _stage(part: Node) -> Step:
    part.only(*_SAID, "from_days", "to_days", "freezes", "marks_high_risk", "alert")
    return _step(
        part,
        kind="stage",
        from_days=part.child("from_days").count(least=1),
        to_days=part.child("to_days").count(least=1) if part.has("to_days") else None,
    )


def _step(part: Node, *, kind: Literal["reminder", "stage"], from_days: int, to_days: int | None) -> Step:
    alert = part.optional("alert")
    return Step(
        code=part.child("code").text(),
        kind=kind,
        label=part.child("label").words(),
        from_days=from_days,
        to_days=to_days,
        letter=part.child("letter").text(),
        tone=part.child("tone").text(),
        pay_within_workdays=_count(part, "pay_within_workdays"),
        copy_roles=texts(part, "copy_roles"),
        ignores_quiet_days=_flag(part, "ignores_quiet_days"),
        tasks=tuple(read_task(task) for task in listed(part, "tasks")),
        freezes=tuple(_freeze(freeze) for freeze in listed(part, "freezes")),
        marks_high_risk=_flag(part, "marks_high_risk"),
        alert=_alert(alert) if alert is not None else None,
    )


def read_task(node: Node) -> TaskAction:
    """Read a task as strategies and alert rules write it."""
    node.only("role", "title", "priority", "due_in_days", "grades")
    priority = node.optional("priority")
    return TaskAction(
        role=node.child("role").text(),
        title=node.child("title").words(),
        priority=priority.one_of(*PRIORITIES) if priority is not None else "normal",
        due_in_days=_count(node, "due_in_days", default=1),
        grades=texts(node, "grades"),
    )


def _freeze(node: Node) -> FreezeAction:
    node.only("scope", "grades")
    return FreezeAction(scope=node.child("scope").one_of(*FREEZES), grades=texts(node, "grades"))


def _alert(node: Node) -> AlertAction:
    node.only("level", "roles")
    return AlertAction(level=node.child("level").one_of(*LEVELS), roles=texts(node, "roles"))


def _check_ladder(top: Node, stages: tuple[Step, ...]) -> None:
    if not stages or stages[0].from_days != 1:
        raise top.child("stages").error("the first stage begins on day 1 overdue")
    for index, (stage, later) in enumerate(itertools.pairwise(stages), start=1):
        if stage.to_days is None or later.from_days != stage.to_days + 1:
            place = top.child("stages").items()[index].child("from_days")
            raise place.error("a stage begins on the day after the stage before it ends")
    if stages[-1].to_days is not None:
        raise (
            top.child("stages").items()[-1].child("to_days").error("the last stage has no end: leave it out")
        )


def _check_codes(top: Node, steps: tuple[Step, ...]) -> None:
    codes = [step.code for step in steps]
    for code in codes:
        if codes.count(code) > 1:
            raise top.error(f"the code {code!r} stands twice")
