"""The form of a kind of request: in force, and written field by field in a draft of the next policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tradecredit.apps.decisions import drafts, policies
from tradecredit.core.approvals import forms, kinds
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting, drafts_asked, request_forms
from tradecredit.flows import permissions
from tradecredit.flows.approvals import draft_form
from tradecredit.flows.approvals.draft_form import FieldLine

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from tradecredit.apps.decisions.drafts import Draft

_ACTION: Final = "draft_policy"
# How many empty lines the editor offers below the fields that are there.
_SPARE: Final = 3
_MOST: Final = 60


@require_http_methods(["GET", "POST"])
@acting.page
def form(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the form of a kind of request, in force or in a draft; in a draft, take its fields."""
    if kind not in kinds.KINDS:
        raise Http404
    company, actor = acting.company_of(request), acting.actor_of(request)
    draft = drafts_asked.draft_in_query(request)
    if request.method == "POST":
        if draft is None:
            raise Http404
        return _take(request, draft, kind)
    stored = policies.in_force(company_id=company.pk, as_of=acting.place_of(request).as_of)
    document = stored.document if draft is None else draft.document
    found = document.get(forms.SECTION, {}).get(kind)
    lines = draft_form.lines_of(found)
    context = {
        "kind": kind,
        "words": kinds.KINDS[kind],
        "draft": draft,
        "drafts": [one for one in drafts.listed(company_id=company.pk) if one.is_open],
        "lines": [*lines, *(_EMPTY for _ in range(_SPARE))],
        "fields": request_forms.with_values(forms.fields_of(found), {}),
        "types": draft_form.TYPES.items(),
        "may_write": draft is not None and draft.is_open and permissions.may(actor, company.pk, _ACTION),
    }
    return render(request, "web/flow_form.html", context)


def _take(request: HttpRequest, draft: Draft, kind: str) -> HttpResponse:
    back = f"{reverse('web:flow_form', args=[kind])}?draft={draft.id}"
    version = request.POST.get("version", "")

    def effect() -> str:
        draft_form.change_form(
            draft_id=draft.id,
            kind=kind,
            lines=_lines(request.POST),
            version=int(version) if version.isdigit() else 0,
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="表单已保存到草稿。", en="The form is kept in the draft.")
    return acting.act(request, action=_ACTION, effect=effect, back=back, done=done)


def _lines(posted: Any) -> list[FieldLine]:
    return [
        FieldLine(
            key=posted[f"key_{number}"],
            label_zh=posted.get(f"zh_{number}", ""),
            label_en=posted.get(f"en_{number}", ""),
            type=posted.get(f"type_{number}", "textfield"),
            is_required=posted.get(f"required_{number}") == "on",
            choices=posted.get(f"choices_{number}", ""),
        )
        for number in range(1, _MOST + 1)
        if posted.get(f"key_{number}", "").strip()
    ]


_EMPTY: Final = FieldLine(key="", label_zh="", label_en="", type="textfield", is_required=False)
