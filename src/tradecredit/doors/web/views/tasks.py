"""The inbox: what waits, what was answered, what I asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.analytics.dashboards import lists, work
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting, inbox, roles
from tradecredit.flows.watch import complete_task as completing

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from tradecredit.analytics.dashboards.books import Row
    from tradecredit.apps.approvals.queries import RequestRecord

_SHOWN: Final = 25
_TABS: Final = (
    ("todo", Words(zh="待办", en="To do")),
    ("done", Words(zh="已办", en="Done")),
    ("mine", Words(zh="我发起", en="Asked by me")),
)


@require_GET
@acting.page
def tasks(request: HttpRequest) -> HttpResponse:
    """Show one box of the inbox."""
    place, actor = acting.place_of(request), acting.actor_of(request)
    box = request.GET.get("box", "todo")
    waiting = work.waiting_requests(company_id=place.company_id, actor=actor)
    todo = work.tasks(company_id=place.company_id, actor=actor)
    counts = {"todo": len(waiting) + len(todo)}
    if box == "done":
        waiting = work.answered_requests(company_id=place.company_id, actor=actor)
        todo = work.tasks(company_id=place.company_id, actor=actor, is_open=False)
    elif box == "mine":
        waiting, todo = work.own_requests(company_id=place.company_id, actor=actor), []
    shown = waiting[:_SHOWN]
    known = lists.standings(place, codes=[one.customer_code for one in shown])
    context = {
        "box": box,
        "tabs": [(key, words, counts.get(key)) for key, words in _TABS],
        "requests": [_card(one, known.get(one.customer_code, []), is_open=box == "todo") for one in shown],
        "more": max(len(waiting) - _SHOWN, 0),
        "tasks": todo[:_SHOWN],
        "reject_reasons": inbox.REJECT_REASONS,
    }
    return render(request, "web/tasks.html", context)


def _card(asked: RequestRecord, standings: list[Row], *, is_open: bool) -> dict[str, Any]:
    names = [roles.name_of(role) for role in asked.roles]
    return {
        "id": asked.id,
        "title": inbox.KINDS.get(asked.kind, Words(zh=asked.kind, en=asked.kind)),
        "record": asked,
        "facts": _facts(asked),
        "standings": standings,
        "deciders": Words(zh="、".join(name.zh for name in names), en=", ".join(name.en for name in names)),
        "waits_for": _joined(asked.waits_for),
        "needs_all": asked.mode in {"all", "countersign"},
        "votes": [(vote, roles.name_of(vote.role)) for vote in asked.votes],
        "is_open": is_open,
        "url": _url(asked),
    }


def _url(asked: RequestRecord) -> str:
    if asked.decision_id:
        return reverse("web:decision", args=[asked.decision_id])
    if asked.kind == "policy":
        return reverse("web:policy_draft", args=[asked.subject_id])
    if asked.kind == "level_limit":
        return reverse("web:levels")
    if asked.kind == "freeze_lift":
        return reverse("web:customer", args=[asked.customer_code])
    return reverse("web:limit_journals" if asked.kind == "limit_journal" else "web:limits")


def _joined(codes: tuple[str, ...]) -> Words:
    names = [roles.name_of(code) for code in codes]
    return Words(zh="、".join(name.zh for name in names), en=", ".join(name.en for name in names))


def _facts(asked: RequestRecord) -> list[tuple[Words, str]]:
    """Return what the routing recorded that a decider wants to know."""
    found = []
    grade = asked.routing.get("grade")
    if grade:
        found.append((Words(zh="信用等级", en="Grade"), str(grade)))
    return found


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
