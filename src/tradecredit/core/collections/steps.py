"""The steps of a dunning strategy: reminders before the due day, stages after it, and what each does."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from tradecredit.core.kernel.policy_document import Node
    from tradecredit.core.kernel.reasons import Words

Freeze = Literal["orders", "shipments", "limit"]
FREEZES: Final = get_args(Freeze)
LEVELS: Final = ("yellow", "orange", "red")
PRIORITIES: Final = ("low", "normal", "high")
# What a step says and to whom; the days of a stage, its freezes, marks and alerts stand beside it.
SAID: Final = (
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


def read(top: Node) -> tuple[Step, ...]:
    """Read reminders and stages, the earliest first; raises PolicyError naming the place of a bad value."""
    reminders = _reminders(top)
    stages = tuple(_stage(part) for part in listed(top, "stages"))
    _check_ladder(top, stages)
    _check_codes(top, (*reminders, *stages))
    return (*reminders, *stages)


def listed(node: Node, key: str) -> tuple[Node, ...]:
    """Return the items of a list that may be absent."""
    place = node.optional(key)
    return place.items() if place is not None else ()


def texts(node: Node, key: str) -> tuple[str, ...]:
    """Return the texts of a list that may be absent."""
    return tuple(item.text() for item in listed(node, key))


def count(node: Node, key: str, *, default: int = 0) -> int:
    place = node.optional(key)
    return place.count() if place is not None else default


def flag(node: Node, key: str) -> bool:
    place = node.optional(key)
    return place is not None and place.flag()


def _reminders(top: Node) -> tuple[Step, ...]:
    parts = listed(top, "reminders")
    offsets = [part.child("days_before").count(least=1) for part in parts]
    if offsets != sorted(set(offsets), reverse=True):
        raise top.child("reminders").error("days_before falls from one reminder to the next")
    # A reminder lasts until the next one begins, so that a day on which nobody closed the books is made up for.
    until = [*(-(later + 1) for later in offsets[1:]), 0][: len(offsets)]
    return tuple(
        _step(part.only(*SAID, "days_before"), kind="reminder", from_days=-offset, to_days=to_days)
        for part, offset, to_days in zip(parts, offsets, until, strict=True)
    )


def _stage(part: Node) -> Step:
    part.only(*SAID, "from_days", "to_days", "freezes", "marks_high_risk", "alert")
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
        pay_within_workdays=count(part, "pay_within_workdays"),
        copy_roles=texts(part, "copy_roles"),
        ignores_quiet_days=flag(part, "ignores_quiet_days"),
        tasks=tuple(read_task(task) for task in listed(part, "tasks")),
        freezes=tuple(_freeze(freeze) for freeze in listed(part, "freezes")),
        marks_high_risk=flag(part, "marks_high_risk"),
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
        due_in_days=count(node, "due_in_days", default=1),
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
