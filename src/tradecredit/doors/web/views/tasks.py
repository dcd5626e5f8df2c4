"""The inbox: what waits, what was answered, what I asked for, what I was told of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.analytics.approvals import inbox as requests_waiting
from tradecredit.analytics.dashboards import lists, work
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting, inbox, task_cards
from tradecredit.flows.watch import complete_task as completing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from tradecredit.analytics.dashboards.books import Place
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
        "requests": _cards(place, waiting[:_SHOWN], box=box),
        "more": max(len(waiting) - _SHOWN, 0),
        "tasks": todo[:_SHOWN],
        "reject_reasons": inbox.REJECT_REASONS,
    }
    return render(request, "web/tasks.html", context)


def _cards(place: Place, requests: Sequence[RequestRecord], *, box: str) -> list[dict[str, Any]]:
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
