"""The inbox: what waits, what was answered, what I asked for, what I was told of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.analytics.approvals import inbox as requests_waiting
from tradecredit.analytics.dashboards import lists, work
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting, inbox, task_cards
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows.approvals import decide_together
from tradecredit.flows.processes import request_forms
from tradecredit.flows.watch import complete_task as completing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from tradecredit.apps.approvals.queries import RequestRecord

_SHOWN: Final = 25
_TABS: Final = (
    ("todo", Words(zh="待办", en="To do")),
    ("done", Words(zh="已办", en="Done")),
    ("mine", Words(zh="我发起", en="Asked by me")),
    ("told", Words(zh="抄送我", en="Told to me")),
)


@require_GET
@acting.page
def tasks(request: HttpRequest) -> HttpResponse:
    """Show one box of the inbox."""
    place, actor = acting.place_of(request), acting.actor_of(request)
    box = request.GET.get("box", "todo")
    waiting = requests_waiting.waiting(company_id=place.company_id, actor=actor, day=place.as_of)
    todo = work.tasks(company_id=place.company_id, actor=actor)
    counts = {"todo": len(waiting) + len(todo)}
    if box == "done":
        waiting = work.answered_requests(company_id=place.company_id, actor=actor)
        todo = work.tasks(company_id=place.company_id, actor=actor, is_open=False)
    elif box == "mine":
        waiting, todo = work.own_requests(company_id=place.company_id, actor=actor), []
    elif box == "told":
        waiting, todo = requests_waiting.told(company_id=place.company_id, actor=actor), []
    context = {
        "box": box,
        "tabs": [(key, words, counts.get(key)) for key, words in _TABS],
        "requests": _cards(request, waiting[:_SHOWN], box=box),
        "more": max(len(waiting) - _SHOWN, 0),
        "tasks": todo[:_SHOWN],
        "reject_reasons": inbox.REJECT_REASONS,
        "is_batch": box == "todo" and len(waiting) > 1,
    }
    return render(request, "web/tasks.html", context)


@require_POST
@acting.page
def decide_many(request: HttpRequest) -> HttpResponse:
    """Decide the chosen requests with one word; say for each refusal why."""
    back = acting.next_of(request, default=reverse("web:tasks"))
    acting.require(request, "decide")
    approves = request.POST.get("answer") == "approve"
    reason = request.POST.get("reason", "").strip()
    if approves and not reason:
        reason = inbox.APPROVE_REASON.in_language(language())
    if acting.is_first_press(request):
        done = decide_together.decide_together(
            company=acting.company_of(request),
            request_ids=[UUID(one) for one in request.POST.getlist("request")],
            approves=approves,
            reason=reason,
            actor=acting.actor_of(request),
        )
        for refusal in done.refusals.values():
            messages.error(request, refusal.words.in_language(language()))
        words = Words(zh="已处理 {n} / {all} 项。", en="{n} of {all} decided.").filled(
            n=len(done.standings), all=len(done.standings) + len(done.refusals)
        )
        messages.success(request, words.in_language(language()))
    return HttpResponseRedirect(back)


def _cards(request: HttpRequest, requests: Sequence[RequestRecord], *, box: str) -> list[dict[str, Any]]:
    place = acting.place_of(request)
    forms = request_forms.of_requests(requests, company=acting.company_of(request))
    known = lists.standings(place, codes=[one.customer_code for one in requests])
    asked = requests_waiting.with_all(requests)
    names = requests_waiting.names_of(asked)
    return [
        task_cards.card(
            one,
            known.get(one.request.customer_code, []),
            names=names,
            is_open=box == "todo",
            is_mine=box == "mine",
            form=forms.get(one.request.id),
        )
        for one in asked
    ]


@require_POST
@acting.page
def complete_task(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Record what came of a task."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    back = reverse("web:tasks")
    outcome = request.POST.get("outcome", "").strip()

    def effect() -> str:
        completing.complete_task(company=company, task_id=task_id, outcome=outcome, actor=actor)
        return back

    done = Words(zh="已办结。", en="Done.")
    return acting.act(request, action="complete_task", effect=effect, back=back, done=done)
