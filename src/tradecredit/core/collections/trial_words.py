"""What is different on the other side of a trial, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.core.collections.steps import Step


def differences(
    champion: Sequence[Step], challenger: Sequence[Step], *, quiet_days: tuple[int, int]
) -> tuple[Words, ...]:
    """Return what the challenger hears otherwise than the champion, a sentence each; days before due in reminders."""
    found = list(_of_reminders(champion, challenger))
    usual = {step.code: step for step in champion if step.kind == "stage"}
    for step in challenger:
        if step.kind == "stage":
            found += _of_stage(usual[step.code], step)
    if quiet_days[0] != quiet_days[1]:
        found.append(
            _told(Words(zh="两封函件至少间隔天数", en="Days between two letters"), *map(str, quiet_days))
        )
    return tuple(found)


def _of_reminders(champion: Sequence[Step], challenger: Sequence[Step]) -> list[Words]:
    usual, other = _reminders(champion), _reminders(challenger)
    if usual == other:
        return []
    if [days for days, _ in usual] == [days for days, _ in other]:
        # The days are the same, so what they say is not.
        return [_told(Words(zh="到期前提醒的内容", en="What reminders say"), _names(usual), _names(other))]
    return [_told(Words(zh="到期前几天提醒", en="Reminded, days before due"), _days(usual), _days(other))]


def _reminders(steps: Sequence[Step]) -> list[tuple[int, Step]]:
    return [(-step.from_days, step) for step in steps if step.kind == "reminder"]


def _days(reminders: Sequence[tuple[int, Step]]) -> str:
    return ", ".join(str(days) for days, _ in reminders) or "–"


def _names(reminders: Sequence[tuple[int, Step]]) -> str:
    return ", ".join(step.letter for _, step in reminders)


def _of_stage(usual: Step, other: Step) -> list[Words]:
    pairs = (
        (Words(zh="函件", en="letter"), usual.letter, other.letter),
        (Words(zh="语气", en="tone"), usual.tone, other.tone),
        (Words(zh="限几个工作日付清", en="workdays to pay"), str(usual.pay_within_workdays), str(other.pay_within_workdays)),
        (Words(zh="抄送", en="copies to"), _listed(usual.copy_roles), _listed(other.copy_roles)),
        (
            Words(zh="任务", en="tasks for"),
            _listed([f"{task.role} (+{task.due_in_days})" for task in usual.tasks]),
            _listed([f"{task.role} (+{task.due_in_days})" for task in other.tasks]),
        ),
        (
            Words(zh="不受间隔天数限制", en="ignores the days between letters"),
            _flag(usual.ignores_quiet_days),
            _flag(other.ignores_quiet_days),
        ),
    )  # fmt: skip
    return [
        _told(Words(zh=f"{usual.label.zh}：{what.zh}", en=f"{usual.label.en}: {what.en}"), before, after)
        for what, before, after in pairs
        if before != after
    ]


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(parts) or "–"


def _flag(value: bool) -> str:  # noqa: FBT001 - a value to be shown
    return "✓" if value else "–"


def _told(what: Words, before: str, after: str) -> Words:
    return Words(zh=f"{what.zh}：{before} → {after}", en=f"{what.en}: {before} → {after}")
