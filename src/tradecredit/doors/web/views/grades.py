"""Grades that people ask for beside the system's, and the calendar by which they look at ratings again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting
from tradecredit.flows import permissions
from tradecredit.flows.ratings import propose_grade, review_grades
from tradecredit.flows.ratings.propose_grade import UnableToProposeGradeError
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


_REVIEW: Final = "propose_grade"
_SHOWN: Final = 300


@require_POST
@acting.page
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a customer's grade until a day; other people decide."""
    back = f"{reverse('web:customer', args=[code])}?tab=rating"

    def effect() -> str:
        propose_grade.propose_grade(
            company=acting.company_of(request),
            customer_code=code,
            grade=request.POST.get("grade", ""),
            reason=request.POST.get("reason", ""),
            until=_day(request.POST),
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="已提交审批，在审批人的待办里。", en="Submitted: it is among the deciders' tasks.")
    return acting.act(request, action="propose_grade", effect=effect, back=back, done=done)


@require_GET
@acting.page
def reviews(request: HttpRequest) -> HttpResponse:
    """Show whose rating is to be looked at again, the first due first."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    today = clock.today(company)
    found = review_grades.calendar(company=company, actor=actor)
    only_due = request.GET.get("state") != "all"
    rows = [each for each in found if each.due_on <= today] if only_due else list(found)
    context = {
        "rows": rows[:_SHOWN],
        "more": max(len(rows) - _SHOWN, 0),
        "due": sum(each.due_on <= today for each in found),
        "total": len(found),
        "only_due": only_due,
        "today": today,
        "may_review": permissions.may(actor, company.pk, _REVIEW),
    }
    return render(request, "web/rating_reviews.html", context)


@require_POST
@acting.page
def review(request: HttpRequest, code: str) -> HttpResponse:
    """Record that a person looked at a customer's rating."""
    back = reverse("web:rating_reviews")

    def effect() -> str:
        review_grades.record_review(
            company=acting.company_of(request),
            customer_code=code,
            note=request.POST.get("note", ""),
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="已记录复查。", en="The review is on record.")
    return acting.act(request, action=_REVIEW, effect=effect, back=back, done=done)


def _day(posted: Any) -> date:
    try:
        return date.fromisoformat(posted.get("until", ""))
    except ValueError as error:
        raise UnableToProposeGradeError(
            Words(zh="请填写到期日。", en="Give the last day on which the grade holds.")
        ) from error
