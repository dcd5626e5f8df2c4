"""Every value of a section of a draft to be typed; items copied under another code and taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tradecredit.core.decisions import section_lines
from tradecredit.core.kernel import told_changes
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting, drafts_asked
from tradecredit.flows import permissions
from tradecredit.flows.policy import change_section, check_policy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.core.kernel.refusal import PolicyError

_ACTION: Final = "draft_policy"
_PREFIX: Final = "line:"


@require_http_methods(["GET", "POST"])
@acting.page
def section(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    """Show every value of a section with what is wrong with it, and take typed ones."""
    draft = drafts_asked.draft_of(draft_id)
    if name not in section_lines.SECTIONS or name not in draft.document:
        raise Http404
    if request.method == "POST":
        return _take(request, draft_id, name)
    company, actor = acting.company_of(request), acting.actor_of(request)
    mistakes = check_policy.check_policy(document=draft.document)
    blocks = section_lines.blocks(draft.document, name)
    context: dict[str, Any] = {
        "draft": draft,
        "name": name,
        "title": told_changes.SECTIONS[name],
        "sections": links(draft),
        "blocks": [{"block": one, "mistakes": _of_block(mistakes, one.place)} for one in blocks],
        "mistakes": [one for one in mistakes if one.path.split(".")[0].split("[")[0] == name],
        "may_draft": draft.is_open and permissions.may(actor, company.pk, _ACTION),
        "line_prefix": _PREFIX,
    }
    return render(request, "web/policy_section.html", context)


def links(draft: Draft) -> list[tuple[str, Words]]:
    """Return the sections that can be typed, with what they are called."""
    return [(name, told_changes.SECTIONS[name]) for name in section_lines.SECTIONS if name in draft.document]


def _of_block(mistakes: Sequence[PolicyError], place: str) -> list[PolicyError]:
    return [one for one in mistakes if "[" in place and one.path.startswith(place)]


def _take(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    typed = {
        path.removeprefix(_PREFIX): request.POST[path] for path in request.POST if path.startswith(_PREFIX)
    }
    back = reverse("web:policy_section", args=[draft_id, name])

    def effect() -> str:
        change_section.change_lines(
            draft_id=draft_id,
            section=name,
            typed=typed,
            version=_version(request),
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="已保存到草稿。", en="Saved in the draft.")
    return acting.act(request, action=_ACTION, effect=effect, back=back, done=done)


@require_POST
@acting.page
def copy_item(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    """Put a copy of an item behind it, to be changed into a new one."""
    back = reverse("web:policy_section", args=[draft_id, name])

    def effect() -> str:
        change_section.copy_item(
            draft_id=draft_id,
            path=request.POST.get("path", ""),
            code=request.POST.get("code", ""),
            version=_version(request),
            actor=acting.actor_of(request),
        )
        return back

    return acting.act(request, action=_ACTION, effect=effect, back=back)


@require_POST
@acting.page
def remove_item(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    """Take an item out of its list."""
    back = reverse("web:policy_section", args=[draft_id, name])

    def effect() -> str:
        change_section.remove_item(
            draft_id=draft_id,
            path=request.POST.get("path", ""),
            version=_version(request),
            actor=acting.actor_of(request),
        )
        return back

    return acting.act(request, action=_ACTION, effect=effect, back=back)


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdigit() else 0
