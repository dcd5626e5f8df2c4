"""What stands in a policy besides its figures: values for a time, whose it follows, what colleagues say, whom it concerns."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.apps.decisions import policies, remarks
from tradecredit.core.kernel import document_changes, overlays, told_changes
from tradecredit.core.kernel.document_changes import UnknownPathError
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.doors.web import acting, drafts_asked
from tradecredit.flows.policy import (
    change_overlays,
    change_report,
    follow_group,
    hear_colleagues,
    tell_values,
)
from tradecredit.flows.policy.publish_policy import FOLLOWS
from tradecredit.flows.policy.tell_values import Kind
from tradecredit.flows.ratings import affected_customers
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import people

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.core.kernel.overlays import Overlay

_ACTION = "draft_policy"
_KINDS = (
    (Kind.OVERLAY, Words(zh="阶段性调整", en="For a time")),
    (Kind.OWN, Words(zh="本公司", en="This company")),
    (Kind.GROUP, Words(zh="集团", en="The group")),
    (Kind.PACK, Words(zh="政策包", en="The pack")),
)
_STATES = {
    "ahead": Words(zh="未到", en="ahead"),
    "now": Words(zh="生效中", en="holds now"),
    "over": Words(zh="已结束", en="over"),
}


@require_GET
@acting.page
def values(request: HttpRequest) -> HttpResponse:
    """Show the values that hold on a day, each with where it comes from and since when."""
    company = acting.company_of(request)
    day = _day(request.GET.get("as_of", "")) or clock.today(company)
    kind = next((one for one, _ in _KINDS if one.value == request.GET.get("origin")), None)
    search = request.GET.get("q", "").strip()[:200]
    told = tell_values.tell_values(
        company=company, as_of=day, actor=acting.actor_of(request), search=search, kind=kind
    )
    context = {
        "told": told,
        "more": told.count - len(told.values),
        "day": day,
        "search": search,
        "kind": kind,
        "kinds": _KINDS,
        "follows": told.version.written["pack"].get(FOLLOWS),
    }
    return render(request, "web/policy_values.html", context)


def of_draft(draft: Draft, *, day: date, may_draft: bool) -> dict[str, Any]:
    """Return what a draft's page shows of values for a time, of whose policy it follows and of what colleagues say."""
    return {
        "overlays": overlays_of(draft.document, day),
        "overlay_figures": change_overlays.figures(draft.document) if may_draft else (),
        "follows": draft.document["pack"].get(FOLLOWS),
        "remarks": remarks.of_draft(draft.id),
        "objections": hear_colleagues.open_objections(draft),
        "stances": (
            ("agree", Words(zh="同意", en="I agree")),
            ("object", Words(zh="反对", en="I object")),
            ("remark", Words(zh="只提意见", en="A remark")),
        ),
    }


def of_versions(request: HttpRequest, in_force: policies.StoredPolicy, *, day: date) -> dict[str, Any]:
    """Return what the page of policies shows of values for a time and of the companies that can be followed."""
    company = acting.company_of(request)
    others = people.companies_of(acting.actor_of(request))
    return {
        "overlays": overlays_of(in_force.written, day),
        "follows": in_force.written["pack"].get(FOLLOWS),
        "follows_number": in_force.group_number,
        "groups": [one for one in others if one.pk != company.pk],
    }


def overlays_of(document: Mapping[str, Any], day: date) -> list[dict[str, Any]]:
    """Return the values for a time of a policy with what they stand before, and whether they hold on the day."""
    try:
        found = overlays.of_document(document)
    except PolicyError:
        return []
    return [
        {
            "overlay": one,
            "state": _STATES[_state(one, day)],
            "values": [
                (told_changes.place(path, document), _plain(document, path), told_changes.value(value))
                for path, value in one.values
            ],
        }
        for one in found
    ]


def _plain(document: Mapping[str, Any], path: str) -> Words:
    try:
        return told_changes.value(document_changes.value_at(document, path))
    except UnknownPathError:
        return told_changes.value(None)


def _state(one: Overlay, day: date) -> str:
    if one.validity.holds_on(day):
        return "now"
    return "ahead" if one.validity.valid_from > day else "over"


@require_POST
@acting.page
def set_overlay(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Write a value that holds for a time into a draft."""
    label = request.POST.get("label", "").strip()
    paths, texts = request.POST.getlist("path"), request.POST.getlist("value")

    def effect() -> str:
        change_overlays.set_overlay(
            draft_id=draft_id,
            label=Words(zh=label, en=request.POST.get("label_en", "").strip() or label),
            reason=request.POST.get("overlay_reason", ""),
            begins=_day(request.POST.get("begins", "")) or clock.today(acting.company_of(request)),
            ends=_day(request.POST.get("ends", "")),
            values={path: text for path, text in zip(paths, texts, strict=False) if path.strip()},
            version=_version(request),
            actor=acting.actor_of(request),
        )
        return _back(draft_id, "overlays")

    done = Words(zh="已写入草稿。", en="It is in the draft.")
    return acting.act(request, action=_ACTION, effect=effect, back=_back(draft_id, "overlays"), done=done)


@require_POST
@acting.page
def drop_overlay(request: HttpRequest, draft_id: UUID, code: str) -> HttpResponse:
    """Take a value for a time out of a draft."""
    back = _back(draft_id, "overlays")

    def effect() -> str:
        change_overlays.drop_overlay(
            draft_id=draft_id, code=code, version=_version(request), actor=acting.actor_of(request)
        )
        return back

    return acting.act(request, action=_ACTION, effect=effect, back=back)


@require_POST
@acting.page
def remark(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Say what one thinks of a draft: anybody who may read policies may."""
    back = _back(draft_id, "remarks")

    def effect() -> str:
        hear_colleagues.remark(
            draft_id=draft_id,
            stance=request.POST.get("stance", ""),
            text=request.POST.get("text", ""),
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="意见已记录，发布人会看到。", en="Recorded; whoever publishes it reads it.")
    return acting.act(request, action="remark_policy", effect=effect, back=back, done=done)


@require_POST
@acting.page
def follow(request: HttpRequest) -> HttpResponse:
    """Begin a draft with which the company follows another's policy."""
    company = acting.company_of(request)

    def effect() -> str:
        draft = follow_group.draft_following(
            company=company,
            group_code=request.POST.get("group", ""),
            keeps_own=request.POST.get("keeps_own") == "yes",
            reason=request.POST.get("reason", ""),
            valid_from=_day(request.POST.get("valid_from", "")) or clock.today(company),
            actor=acting.actor_of(request),
        )
        return reverse("web:policy_draft", args=[draft.id])

    return acting.act(request, action=_ACTION, effect=effect, back=reverse("web:policies"))


@require_POST
@acting.page
def stop_following(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Change a draft so that nobody's policy is followed."""
    back = reverse("web:policy_draft", args=[draft_id])

    def effect() -> str:
        follow_group.stop_following(
            draft_id=draft_id, version=_version(request), actor=acting.actor_of(request)
        )
        return back

    return acting.act(request, action=_ACTION, effect=effect, back=back)


@require_GET
@acting.page
def affected_by_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show whom a draft would concern beyond orders: a part of its page that is asked for by itself."""
    draft = drafts_asked.draft_of(draft_id)
    before = policies.by_id(draft.base_id).document
    return _affected(request, before, change_overlays.tried_of(draft))


@require_GET
@acting.page
def affected_by_version(request: HttpRequest, number: int) -> HttpResponse:
    """Show whom a version concerns beyond orders."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    report = change_report.change_report(company=company, number=number, actor=actor)
    before = report.version if report.before is None else report.before
    return _affected(request, before.document, report.version.document)


def _affected(request: HttpRequest, before: Any, after: Any) -> HttpResponse:
    company, actor = acting.company_of(request), acting.actor_of(request)
    try:
        parts = affected_customers.affected_customers(
            company=company, before=before, after=after, actor=actor
        )
    except PolicyError as error:
        return render(request, "web/parts/policy_affected.html", {"problem": str(error)})
    return render(request, "web/parts/policy_affected.html", {"parts": parts})


def _back(draft_id: UUID, part: str) -> str:
    return f"{reverse('web:policy_draft', args=[draft_id])}#h-{part}"


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdigit() else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
