"""Put a trial of collection strategies into a draft, and take one out, from what a form says in few words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradecredit.core.collections import strategy
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.flows.policy import draft_policy
from tradecredit.flows.policy.draft_policy import UnableToDraftPolicyError
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialAsked:
    """A trial as a form asks for it; what is None or not named stays as usual on the other side too.

    ``reminder_days``: days before due on which the other side is reminded; an empty list: never. ``letters`` and
    ``workdays``: by the code of a stage.
    """

    label: Words
    begins: date
    ends: date
    share: int
    paid_within_days: int
    grades: Sequence[str] = ()
    reminder_days: Sequence[int] | None = None
    quiet_days: int | None = None
    letters: Mapping[str, str] = field(default_factory=dict)
    workdays: Mapping[str, int] = field(default_factory=dict)


def set_trial(*, draft_id: UUID, asked: TrialAsked, version: int, actor: Actor) -> Draft:
    """Put a trial into a draft still at ``version``; raises UnableToDraftPolicyError naming what is not right."""
    with db.unit_of_work(actor):
        draft = draft_policy.draft_at(draft_id, version, actor)
        section = draft.document["dunning"]
        present = list(section.get("trials", ()))
        code = _free_code({str(one.get("code")) for one in present}, asked.begins)
        trial = {
            "code": code,
            "label": {"zh": asked.label.zh, "en": asked.label.en},
            "share": asked.share,
            "from_date": asked.begins.isoformat(),
            "to_date": asked.ends.isoformat(),
            "paid_within_days": asked.paid_within_days,
            **({"grades": list(asked.grades)} if asked.grades else {}),
            "changes": _changes(asked, section),
        }
        return _rewritten(draft, [*present, trial], actor=actor)


def drop_trial(*, draft_id: UUID, code: str, version: int, actor: Actor) -> Draft:
    """Take a trial out of a draft still at ``version``; raises UnableToDraftPolicyError."""
    with db.unit_of_work(actor):
        draft = draft_policy.draft_at(draft_id, version, actor)
        present = list(draft.document["dunning"].get("trials", ()))
        rest = [one for one in present if one.get("code") != code]
        if len(rest) == len(present):
            raise UnableToDraftPolicyError(
                Words(zh=f"草稿中没有试验 {code}。", en=f"The draft holds no trial {code}.")
            )
        return _rewritten(draft, rest, actor=actor)


def _rewritten(draft: Draft, trials: list[Any], *, actor: Actor) -> Draft:
    section = {key: value for key, value in draft.document["dunning"].items() if key != "trials"}
    if trials:
        section["trials"] = trials
    try:
        strategy.parse(section)
    except PolicyError as error:
        words = Words(zh="试验设置有误，未保存：{place}", en="This trial is not right; not saved: {place}")
        raise UnableToDraftPolicyError(words.filled(place=str(error))) from error
    return draft_policy.rewrite(
        draft,
        document={**draft.document, "dunning": section},
        valid_from=draft.valid_from,
        reason=draft.reason,
        actor=actor,
    )


def _changes(asked: TrialAsked, section: Mapping[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if asked.reminder_days is not None:
        changes["reminders"] = _reminders(asked.reminder_days, section)
    if asked.quiet_days is not None:
        changes["quiet_days"] = asked.quiet_days
    stages: dict[str, dict[str, Any]] = {}
    for key, values in (("letter", asked.letters), ("pay_within_workdays", asked.workdays)):
        for code, value in values.items():
            stages.setdefault(code, {})[key] = value
    if stages:
        changes["stages"] = stages
    return changes


def _reminders(days: Sequence[int], section: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the reminders of the days: a usual one where there is one, else one with the words of the first."""
    usual = {int(one["days_before"]): one for one in section.get("reminders", ())}
    like = next(iter(usual.values()), section["stages"][0])
    return [usual.get(day) or _reminder(day, like, usual.values()) for day in sorted(set(days), reverse=True)]


def _reminder(day: int, like: Mapping[str, Any], usual: Any) -> dict[str, Any]:
    taken = {one["code"] for one in usual}
    code = f"due-{day}" if f"due-{day}" not in taken else f"due-{day}-b"
    return {
        "code": code,
        "days_before": day,
        "label": {"zh": f"到期前{day}天提醒", "en": f"Reminder {day} days before due"},
        **{key: like[key] for key in ("letter", "tone", "copy_roles") if key in like},
    }


def _free_code(taken: set[str], begins: date) -> str:
    codes = (f"trial-{begins.isoformat()}-{number}" for number in range(1, len(taken) + 2))
    return next(code for code in codes if code not in taken)
