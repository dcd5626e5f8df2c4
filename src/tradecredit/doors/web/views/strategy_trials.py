"""Trials of collection strategies: what each shows, and the form that puts one into a draft."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.core.collections import strategy, trial_measures
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.doors.web import acting, figures
from tradecredit.flows import permissions
from tradecredit.flows.collections import measure_trials
from tradecredit.flows.policy import change_trials
from tradecredit.flows.policy.draft_policy import UnableToDraftPolicyError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.core.collections.trial_measures import Measure, Sums
    from tradecredit.flows.collections.measure_trials import TrialResult

_ACTION: Final = "draft_policy"
_LENGTH: Final = timedelta(days=90)
_NOTHING: Final = Words(zh="–", en="–")


@require_GET
@acting.page
def trials(request: HttpRequest) -> HttpResponse:
    """Show every trial with what it shows, the latest first."""
    company, place, actor = acting.company_of(request), acting.place_of(request), acting.actor_of(request)
    found = measure_trials.measure_trials(company=company, as_of=place.as_of, actor=actor)
    context = {
        "results": [(result, _rows(result)) for result in found],
        "currency": company.base_currency,
        "fewest": trial_measures.FEWEST,
        "may_draft": permissions.may(actor, company.pk, _ACTION),
    }
    return render(request, "web/strategy_trials.html", context)


def _rows(result: TrialResult) -> list[tuple[Measure, Words, Words, Words, Words]]:
    """Return each measure with what it is on both sides, the difference, and the difference before the trial."""
    return [
        (
            measure,
            _rate(measure.champion, measure.unit),
            _rate(measure.challenger, measure.unit),
            _interval(measure),
            _interval(before),
        )
        for measure, before in zip(result.measures, result.before, strict=True)
    ]


def _rate(sums: Sums, unit: str) -> Words:
    if unit == "share":
        text = figures.percent(sums.y, sums.x)
        return Words(zh=text, en=text)
    return _NOTHING if sums.rate is None else _days_told(f"{sums.rate:.1f}")


def _interval(measure: Measure) -> Words:
    found = measure.difference
    if found is None:
        return _NOTHING
    if measure.unit == "days":
        return _days_told(f"{found.value:+.1f} ({found.low:+.1f} … {found.high:+.1f})")
    value, low, high = (each * 100 for each in (found.value, found.low, found.high))
    return Words(
        zh=f"{value:+.1f} 个百分点 ({low:+.1f} … {high:+.1f})",
        en=f"{value:+.1f} points ({low:+.1f} … {high:+.1f})",
    )


def _days_told(figure: str) -> Words:
    return Words(zh=f"{figure} 天", en=f"{figure} days")


def of_draft(draft: Draft) -> dict[str, Any]:
    """Return what a draft's page shows of its trials, and what the form of a new one needs."""
    section = draft.document.get("dunning", {})
    try:
        held = strategy.parse(section)
    except PolicyError:
        # The page of the draft names the mistake.
        return {}
    begins = draft.valid_from
    return {
        "strategy_trials": [
            (trial, trial.differs(held.steps, quiet_days=held.quiet_days)) for trial in held.trials
        ],
        "trial_stages": [step for step in held.steps if step.kind == "stage"],
        "trial_letters": sorted({key.rpartition("-")[0] for key in draft.document.get("letters", {})}),
        "trial_reminders": ", ".join(str(-step.from_days) for step in held.steps if step.kind == "reminder"),
        "trial_quiet_days": held.quiet_days,
        "trial_begins": begins,
        "trial_ends": begins + _LENGTH,
    }


@require_POST
@acting.page
def set_trial(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Put a trial into a draft."""
    back = _back(draft_id)

    def effect() -> str:
        change_trials.set_trial(
            draft_id=draft_id,
            asked=_asked(request),
            version=_version(request),
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="试验已写入草稿。", en="The trial is in the draft.")
    return acting.act(request, action=_ACTION, effect=effect, back=back, done=done)


@require_POST
@acting.page
def drop_trial(request: HttpRequest, draft_id: UUID, code: str) -> HttpResponse:
    """Take a trial out of a draft."""
    back = _back(draft_id)

    def effect() -> str:
        change_trials.drop_trial(
            draft_id=draft_id, code=code, version=_version(request), actor=acting.actor_of(request)
        )
        return back

    return acting.act(request, action=_ACTION, effect=effect, back=back)


def _asked(request: HttpRequest) -> change_trials.TrialAsked:
    typed = request.POST
    label = typed.get("label", "").strip()
    reminders = typed.get("reminders", "").strip()
    return change_trials.TrialAsked(
        label=Words(zh=label, en=typed.get("label_en", "").strip() or label),
        begins=_day(typed.get("begins", "")),
        ends=_day(typed.get("ends", "")),
        share=_count(typed.get("share", "")),
        paid_within_days=_count(typed.get("paid_within_days", "")),
        grades=[part for part in re.split(r"[,，、\s]+", typed.get("grades", "")) if part],
        reminder_days=None if not reminders else _days(reminders),
        quiet_days=_count(typed["quiet_days"]) if typed.get("quiet_days", "").strip() else None,
        letters=_by_stage(request, "letter."),
        workdays={code: _count(text) for code, text in _by_stage(request, "workdays.").items()},
    )


def _by_stage(request: HttpRequest, prefix: str) -> dict[str, str]:
    """Return what was typed or chosen for stages, by their codes."""
    typed = {name: request.POST.get(name, "").strip() for name in request.POST if name.startswith(prefix)}
    return {name.removeprefix(prefix): text for name, text in typed.items() if text}


def _days(text: str) -> list[int]:
    """Return the days before due; a dash or 0 is a side that is not reminded."""
    if text in {"-", "–", "0", "无", "none"}:
        return []
    return [_count(part) for part in re.split(r"[,，、\s]+", text) if part]


def _count(text: str) -> int:
    if not text.strip().isdecimal():
        raise UnableToDraftPolicyError(
            Words(zh=f"“{text}”不是整数，未保存。", en=f"{text!r} is not a whole number; not saved.")
        )
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnableToDraftPolicyError(
            Words(zh=f"“{text}”不是日期，未保存。", en=f"{text!r} is not a day; not saved.")
        ) from None


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdigit() else 0


def _back(draft_id: UUID) -> str:
    return f"{reverse('web:policy_draft', args=[draft_id])}#h-strategy-trials"
