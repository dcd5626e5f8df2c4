"""What people do with a request beside deciding it: material, sending back, handing over, signers, words, files."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tradecredit.apps.approvals import attachments, delegations
from tradecredit.apps.approvals import queries as approvals
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting
from tradecredit.flows.approvals import keep_delegations, keep_files
from tradecredit.flows.limits import set_limit
from tradecredit.flows.processes import act_on_request

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest

    from tradecredit.plumbing.access import Actor

_DONE: Final[Mapping[str, Words]] = {
    "material": Words(zh="已请申请人补充材料。", en="The requester is asked for it."),
    "give": Words(zh="已提交。", en="Given."),
    "back": Words(zh="已退回。", en="Sent back."),
    "hand": Words(zh="已转审。", en="Handed over."),
    "sign": Words(zh="已加签。", en="Signer added."),
    "urge": Words(zh="已催办。", en="Urged."),
    "comment": Words(zh="已留言。", en="Said."),
    "withdraw": Words(zh="已撤回。", en="Withdrawn."),
}


@require_POST
@acting.page
def act(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Do one of the things that stand on a card."""
    asked = approvals.by_id(request_id)
    todo = request.POST.get("do", "")
    if asked is None or asked.company_id != acting.company_of(request).pk or todo not in _DONE:
        raise Http404
    back = acting.next_of(request, default=reverse("web:tasks"))
    actor = acting.actor_of(request)

    def effect() -> str:
        if todo == "withdraw":
            company = acting.company_of(request)
            set_limit.withdraw_limit(company=company, proposal_id=asked.subject_id, actor=actor)
        else:
            act_on_request.ACTIONS[todo](request_id, _said(request.POST), actor)
        return back

    return acting.act(request, action="complete_task", effect=effect, back=back, done=_DONE[todo])


@require_POST
@acting.page
def attach(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Keep a file with a request."""
    back = acting.next_of(request, default=reverse("web:tasks"))
    given = request.FILES.get("file")

    def effect() -> str:
        name, content = ("", b"") if given is None else (str(given.name), given.read())
        keep_files.keep_file(
            request_id=request_id, name=name, content=content, actor=acting.actor_of(request)
        )
        return back

    done = Words(zh="已附上。", en="Attached.")
    return acting.act(request, action="complete_task", effect=effect, back=back, done=done)


@require_GET
@acting.page
def attachment(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Hand out a file to whoever sees its request; never shown inside a page of ours."""
    found = attachments.file_with_content(file_id)
    asked = None if found is None else approvals.by_id(found[0].request_id)
    if found is None or asked is None or asked.company_id != acting.company_of(request).pk:
        raise Http404
    answer = HttpResponse(found[1], content_type=found[0].media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{found[0].sha256[:12]}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["GET", "POST"])
@acting.page
def delegation(request: HttpRequest) -> HttpResponse:
    """Show who decides for whom, and let somebody decide for the person for some days."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    here = reverse("web:delegations")
    if request.method == "POST":

        def effect() -> str:
            _delegate(request.POST, company=company, actor=actor)
            return here

        done = Words(zh="委托已更新。", en="The delegation is kept.")
        return acting.act(request, action="complete_task", effect=effect, back=here, done=done)
    known = delegations.of_person(company_id=company.pk, user_id=actor.user_id)
    context = {"delegations": known, "me": actor.user_id, "today": acting.place_of(request).as_of}
    return render(request, "web/delegations.html", context)


def _delegate(said: Any, *, company: Any, actor: Actor) -> None:
    if said.get("revoke"):
        keep_delegations.revoke(delegation_id=said["revoke"], actor=actor)
        return
    keep_delegations.delegate(
        company=company,
        to_email=said.get("to", ""),
        valid_from=_day(said.get("from", "")),
        valid_to=_day(said.get("until", "")),
        reason=said.get("reason", ""),
        actor=actor,
    )


def _said(posted: Any) -> act_on_request.Said:
    return act_on_request.Said(
        text=posted.get("text", ""),
        email=posted.get("email", ""),
        node=posted.get("node", ""),
        place=act_on_request.PLACES.get(posted.get("place", ""), "parallel"),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
