"""Trying a policy: on recorded decisions, beside the live one, in another company; and what a version changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.apps.decisions import policies, shadows, simulations
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting, drafts_asked, policy_effects, policy_names
from tradecredit.doors.web.views import policy_contents
from tradecredit.flows import permissions
from tradecredit.flows.approvals import publish_draft
from tradecredit.flows.policy import (
    change_overlays,
    change_report,
    draft_policy,
    publish_policy,
    run_simulation,
    shadow_policy,
)
from tradecredit.flows.policy.simulate_policy import Slice
from tradecredit.flows.ratings import draft_model
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import people

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

_ACTION = "draft_policy"


@require_POST
@acting.page
def simulate(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Try a draft on the recorded decisions of a slice."""
    draft = drafts_asked.draft_of(draft_id)
    company = acting.company_of(request)
    back = reverse("web:policy_draft", args=[draft_id])

    def effect() -> str:
        run_simulation.ask_simulation(
            company=company,
            document=change_overlays.tried_of(draft),
            part=part_of(request),
            actor=acting.actor_of(request),
            draft_id=draft_id,
        )
        return f"{back}#h-effect"

    return acting.act(request, action=_ACTION, effect=effect, back=back)


@require_GET
@acting.page
def simulation(request: HttpRequest, simulation_id: UUID) -> HttpResponse:
    """Show how far a simulation has come, or what came out: a part of the page that asks for itself again."""
    found = simulations.by_id(simulation_id)
    if found is None:
        raise Http404
    context = {"effect": policy_effects.shown(found, document=found.document)}
    return render(request, "web/parts/policy_effect.html", context)


def part_of(request: HttpRequest) -> Slice:
    """Return the slice that a form names: three months back where it names no first day."""
    typed = {name: request.POST.get(name, "").strip() for name in ("grade", "region", "salesperson")}
    return Slice(
        since=_day(request.POST.get("since", ""))
        or clock.today(acting.company_of(request)) - timedelta(days=publish_policy.REPORTED_DAYS),
        until=_day(request.POST.get("until", "")),
        **{name: text or None for name, text in typed.items()},
    )


@require_POST
@acting.page
def submit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Put a draft before the people who may publish it: it appears among their tasks."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    back = reverse("web:policy_draft", args=[draft_id])

    def effect() -> str:
        publish_draft.submit_draft(draft_id=draft_id, company=company, actor=actor)
        return back

    done = Words(zh="已提交审批，已进入审批人的待办。", en="Submitted: it is among the deciders' tasks.")
    return acting.act(request, action=_ACTION, effect=effect, back=back, done=done)


@require_POST
@acting.page
def start_shadow(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Ask a draft beside the live policy, for a share of the customers."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    typed = request.POST.get("share", "").strip()

    def effect() -> str:
        share = int(typed) if typed.isdigit() else 0
        shadow_policy.shadow_draft(draft_id=draft_id, company=company, share=share, actor=actor)
        return reverse("web:policies")

    back = reverse("web:policy_draft", args=[draft_id])
    return acting.act(request, action=_ACTION, effect=effect, back=back)


@require_POST
@acting.page
def end_shadow(request: HttpRequest, shadow_id: UUID) -> HttpResponse:
    """Ask a shadow no more."""
    back = reverse("web:policies")

    def effect() -> str:
        shadow_policy.end_shadow(shadow_id=shadow_id, actor=acting.actor_of(request))
        return back

    return acting.act(request, action=_ACTION, effect=effect, back=back)


@require_GET
@acting.page
def shadow(request: HttpRequest, shadow_id: UUID) -> HttpResponse:
    """Show how a shadow agrees with the live policy, and where it does not."""
    found = shadows.by_id(shadow_id)
    if found is None:
        raise Http404
    labels = policy_effects.check_labels(found.document)
    flips = [
        {
            "said": one,
            "newly_against": policy_effects.named(one.newly_against, labels),
            "no_longer_against": policy_effects.named(one.no_longer_against, labels),
        }
        for one in shadows.flipped(shadow_id)
    ]
    context = {"shadow": found, "tally": shadows.tally(shadow_id), "flips": flips}
    return render(request, "web/policy_shadow.html", context)


@require_GET
@acting.page
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Show what a version changed, which customers it concerns, and who signed it."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    report = change_report.change_report(company=company, number=number, actor=actor)
    document = report.version.document
    latest = policies.versions(company_id=company.pk)[0]
    context: dict[str, Any] = {
        "report": report,
        "reason": policy_names.reason_of(report.version),
        "changes": policy_names.untold(report.changes, document),
        "model_changes": ()
        if report.before is None
        else draft_model.changes_in_words(report.before.document, document),
        "effect": None
        if report.effect is None
        else policy_effects.shown(report.effect, document=report.effect.document),
        "may_draft": permissions.may(actor, company.pk, _ACTION),
        "is_latest": latest.number == number,
        "overlays": policy_contents.overlays_of(report.version.written, clock.today(company)),
        "tomorrow": clock.today(company) + timedelta(days=1),
    }
    return render(request, "web/policy_version.html", context)


@require_POST
@acting.page
def go_back(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a draft that goes back to a former version."""
    company = acting.company_of(request)

    def effect() -> str:
        draft = draft_policy.draft_former(
            company=company,
            number=number,
            reason=request.POST.get("reason", ""),
            valid_from=_tomorrow(request),
            actor=acting.actor_of(request),
        )
        return reverse("web:policy_draft", args=[draft.id])

    back = reverse("web:policy_version", args=[number])
    return acting.act(request, action=_ACTION, effect=effect, back=back)


@require_POST
@acting.page
def take_over(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Begin a draft with the version that is on trial in another company."""
    company = acting.company_of(request)

    def effect() -> str:
        draft = draft_policy.draft_from_company(
            company=company,
            version_id=version_id,
            reason=request.POST.get("reason", ""),
            valid_from=_tomorrow(request),
            actor=acting.actor_of(request),
        )
        return reverse("web:policy_draft", args=[draft.id])

    return acting.act(request, action=_ACTION, effect=effect, back=reverse("web:policies"))


def pilots(request: HttpRequest, ours: str) -> list[dict[str, Any]]:
    """Return what the person's other companies have in force, where it is not what holds here."""
    company = acting.company_of(request)
    found = []
    for other in people.companies_of(acting.actor_of(request)):
        versions = [] if other.pk == company.pk else policies.versions(company_id=other.pk)
        if versions and versions[0].sha256 != ours:
            reason = policy_names.reason_of(versions[0])
            found.append({"company": other, "version": versions[0], "reason": reason})
    return found


def _tomorrow(request: HttpRequest) -> date:
    tomorrow = clock.today(acting.company_of(request)) + timedelta(days=1)
    return _day(request.POST.get("valid_from", "")) or tomorrow


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
