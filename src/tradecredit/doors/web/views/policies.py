"""Policies: the one in force, the versions before it, and drafts of the next one with their effect on real orders."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tradecredit.analytics.dashboards import lists
from tradecredit.apps.decisions import drafts, policies, shadows, simulations
from tradecredit.core.decisions import policy_figures, table_grid
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting, drafts_asked, letter_sheets, policy_effects, policy_names, roles
from tradecredit.doors.web.views import policy_contents, policy_sections, policy_trials, strategy_trials
from tradecredit.flows import permissions, ports
from tradecredit.flows.approvals import publish_draft as publish
from tradecredit.flows.policy import (
    change_overlays,
    change_report,
    check_policy,
    draft_policy,
    draft_requests,
    publish_policy,
    run_simulation,
)
from tradecredit.flows.ratings import draft_model
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from tradecredit.analytics.dashboards.books import Place
    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.apps.decisions.policies import StoredPolicy
    from tradecredit.core.decisions.order_examples import Tried
    from tradecredit.core.kernel.reasons import Words

_PREFIX: Final = "figure:"


@require_http_methods(["GET", "POST"])
@acting.page
def policies_page(request: HttpRequest) -> HttpResponse:
    """Show the versions and the drafts, and begin a draft."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    context: dict[str, Any] = {"may_draft": permissions.may(actor, company.pk, "draft_policy")}
    today = clock.today(company)
    if request.method == "POST":
        try:
            acting.require(request, "draft_policy")
            return redirect(acting.once(request, lambda: _start(request)))
        except UnableToError as refusal:
            context["problem"] = refusal.words
    versions = policies.versions(company_id=company.pk)
    in_force = policies.in_force(company_id=company.pk, as_of=today)
    context |= policy_contents.of_versions(request, in_force, day=today)
    context |= {
        "versions": [_version(versions, place) for place in range(len(versions))],
        "in_force": in_force,
        "drafts": drafts.listed(company_id=company.pk),
        "shadows": [(one, shadows.tally(one.id)) for one in shadows.listed(company_id=company.pk)],
        "pilots": policy_trials.pilots(request, versions[0].sha256 if versions else ""),
        "tomorrow": today + timedelta(days=1),
    }
    return render(request, "web/policies.html", context)


def _version(versions: Any, place: int) -> dict[str, Any]:
    """Return a version with what it changed of the one before it."""
    stored: StoredPolicy = versions[place]
    changes = change_report.changes_of(stored, change_report.before_of(stored, versions[place + 1 :]))
    return {
        "stored": stored,
        "changes": policy_names.named(changes, stored.document),
        "reason": policy_names.reason_of(stored),
    }


def _start(request: HttpRequest) -> str:
    company = acting.company_of(request)
    draft = draft_policy.start_draft(
        company=company,
        title=request.POST.get("title", ""),
        reason=request.POST.get("reason", ""),
        valid_from=_day(request, otherwise=clock.today(company) + timedelta(days=1)),
        actor=acting.actor_of(request),
    )
    return reverse("web:policy_draft", args=[draft.id])


@require_http_methods(["GET", "POST"])
@acting.page
def policy_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show a draft with its figures, its mistakes, its changes and (when asked) its effect; take changed figures."""
    problem: Words | None = None
    if request.method == "POST":
        try:
            acting.require(request, "draft_policy")
            return redirect(acting.once(request, lambda: _change(request, draft_id)))
        except UnableToError as refusal:
            problem = refusal.words
    draft = drafts_asked.draft_of(draft_id)
    company, actor = acting.company_of(request), acting.actor_of(request)
    company_day = clock.today(company)
    asked = draft_requests.open_of(draft.id)
    tried = simulations.latest(draft_id=draft.id)
    mistakes = check_policy.check_policy(document=draft.document)
    context = {
        "draft": draft,
        "problem": problem,
        "groups": policy_figures.groups(draft.document),
        **_changed(draft),
        "mistakes": mistakes,
        "examples": [] if mistakes else _examples(draft, as_of=company_day),
        "why_not": draft_policy.why_not(draft, company=company, actor=actor) if draft.is_open else None,
        "may_draft": draft.is_open and permissions.may(actor, company.pk, "draft_policy"),
        "effect": None
        if tried is None
        else policy_effects.shown(tried, document=change_overlays.tried_of(draft)),
        "since": company_day - timedelta(days=publish_policy.REPORTED_DAYS),
        "asked": asked,
        "asked_roles": [] if asked is None else [roles.name_of(role) for role in asked.waits_for],
        "is_author": actor.user_id == draft.author_id,
        "tables": table_grid.grids(draft.document),
        "models": policy_names.of_checks(draft.document, table_grid.models(draft.document)),
        "slices": _slices(acting.place_of(request)),
        "figure_prefix": _PREFIX,
        "sections": policy_sections.links(draft),
    }
    context |= policy_contents.of_draft(draft, day=company_day, may_draft=bool(context["may_draft"]))
    context |= strategy_trials.of_draft(draft)
    return render(request, "web/policy_draft.html", context, status=200 if problem is None else 409)


def _changed(draft: Draft) -> dict[str, Any]:
    """Return what a draft changes: letters word by word, the rating model in sentences, all else by its names."""
    return {
        "changes": policy_names.untold(draft_policy.changes_of(draft), draft.document),
        "letter_changes": letter_sheets.changed(policies.by_id(draft.base_id).written, draft.document),
        "model_changes": draft_model.changes_of(draft),
    }


def _examples(draft: Draft, *, as_of: date) -> Sequence[Tried]:
    """Return the examples of the draft's pack, those first that come out otherwise than it promises."""
    packs = ports.find(ports.PolicyPacks)
    found = check_policy.check_examples(document=draft.document, packs=packs, as_of=as_of)
    return sorted(found, key=lambda one: one.is_as_promised)


def _slices(place: Place) -> list[tuple[str, str, str, list[str]]]:
    """Return what a trial can be narrowed to, with the names of each."""
    known = lists.choices(place)
    return [
        ("grade", "等级", "Grade", known["grade"]),
        ("region", "区域", "Region", known["region"]),
        ("salesperson", "业务员", "Salesperson", known["salesperson"]),
    ]


def _change(request: HttpRequest, draft_id: UUID) -> str:
    draft = drafts_asked.draft_of(draft_id)
    typed = {
        name.removeprefix(_PREFIX): request.POST[name] for name in request.POST if name.startswith(_PREFIX)
    }
    current = {
        figure.path: figure.value
        for group in policy_figures.groups(draft.document)
        for figure in group.figures
    }
    draft_policy.change_draft(
        draft_id=draft_id,
        figures={path: text for path, text in typed.items() if text.strip() != current.get(path)},
        valid_from=_day(request, otherwise=draft.valid_from),
        reason=request.POST.get("reason", draft.reason),
        version=int(request.POST.get("version", "0") or 0),
        actor=acting.actor_of(request),
    )
    changed = drafts_asked.draft_of(draft_id)
    if not check_policy.check_policy(document=changed.document):
        run_simulation.ask_simulation(
            company=acting.company_of(request),
            document=change_overlays.tried_of(changed),
            part=policy_trials.part_of(request),
            actor=acting.actor_of(request),
            draft_id=draft_id,
        )
    return reverse("web:policy_draft", args=[draft_id])


@require_POST
@acting.page
def publish_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Publish a draft as the second person."""
    company, actor = acting.company_of(request), acting.actor_of(request)

    def effect() -> str:
        stored = publish.publish(
            draft_id=draft_id, company=company, actor=actor, reason=request.POST.get("reason", "")
        )
        if stored is None:
            return reverse("web:policy_draft", args=[draft_id])
        publish.report_effect(version_id=stored.id, actor=actor)
        return reverse("web:policies")

    return redirect(acting.once(request, effect))


@require_POST
@acting.page
def withdraw_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """End a draft without publishing it."""
    acting.require(request, "draft_policy")

    def effect() -> str:
        draft_policy.withdraw_draft(draft_id=draft_id, actor=acting.actor_of(request))
        return reverse("web:policies")

    return redirect(acting.once(request, effect))


def _day(request: HttpRequest, *, otherwise: date) -> date:
    try:
        return date.fromisoformat(request.POST.get("valid_from", ""))
    except ValueError:
        return otherwise
