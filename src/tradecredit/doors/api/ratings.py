"""Ratings out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from tradecredit.apps.decisions.policies import UnableToFindPolicyError
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.scoring import queries as scoring
from tradecredit.apps.scoring.queries import RatingRecord
from tradecredit.core.scoring import causes
from tradecredit.doors.api import acting
from tradecredit.doors.api.batches import Text
from tradecredit.flows.ratings import group_rating, propose_grade, rating_policy, review_grades
from tradecredit.plumbing import clock

router = Router(tags=["ratings"])
_HISTORY = 20


@router.get("/reviews", summary="Whose rating is to be looked at again, the first due first")
def reviews(
    request: HttpRequest,
    company: Annotated[str | None, Query()] = None,
    due_by: Annotated[date | None, Query()] = None,
) -> dict[str, Any]:
    """Return the customers due by a day (today without one) with the day, grade, size and who looked last."""
    found = acting.company_of(request, company)
    until = due_by or clock.today(found)
    return {
        "company": found.code,
        "reviews": [
            {
                "customer": each.customer.code,
                "grade": each.customer.grade,
                "is_large": each.is_large,
                "last": each.customer.last.isoformat(),
                "reviewer": each.customer.reviewer,
                "due_on": each.due_on.isoformat(),
            }
            for each in review_grades.calendar(company=found, actor=acting.actor_of(request))
            if each.due_on <= until
        ],
    }


@router.get("/{customer}", summary="A customer's rating on a day, with its parts and history")
def rating(
    request: HttpRequest,
    customer: str,
    company: Annotated[str | None, Query()] = None,
    as_of: Annotated[date | None, Query()] = None,
    known_at: Annotated[datetime | None, Query()] = None,
) -> dict[str, Any]:
    """Return score, suggested and final grade, interval, completeness, parts with sentences, and what changed."""
    found = acting.company_of(request, company)
    with acting.reading(request):
        record = dossier.customer_by_code(customer)
        if record is None or found.pk not in record.company_ids:
            raise Http404
        day = as_of or clock.today(found)
        latest = scoring.latest(
            company_id=found.pk, customer_ids=[record.id], as_of=day, known_at=known_at
        ).get(record.id)
        group = None if latest is None else _with_group(latest, record.code, found.pk, day, known_at)
        history = scoring.history(company_id=found.pk, customer_id=record.id, most=_HISTORY)
    return {
        "customer": customer,
        "company": found.code,
        "as_of": day.isoformat(),
        "rating": None if latest is None else _rating(latest),
        "group_supported": group,
        "history": [_step(each) for each in history],
    }


class GradeIn(Schema, extra="forbid"):
    """A grade that is asked for, until and including a day."""

    company: str | None = None
    grade: Text
    reason: Text
    until: date


@router.post(
    "/{customer}/grade-proposals", summary="Ask for a grade beside the system's; other people decide"
)
def propose(request: HttpRequest, customer: str, body: GradeIn) -> HttpResponse:
    """Return the request with the roles that it asks; the system's grade stays beside an approved one."""
    company = acting.company_of(request, body.company)
    acting.require(request, company.pk, "propose_grade")

    def effect() -> dict[str, Any]:
        asked = propose_grade.propose_grade(
            company=company,
            customer_code=customer,
            grade=body.grade,
            reason=body.reason,
            until=body.until,
            actor=acting.actor_of(request),
        )
        return {"request": str(asked.id), "roles": list(asked.roles), "why": asked.why.as_dict()}

    return acting.once(request, status=201, effect=effect)


def _rating(record: RatingRecord) -> dict[str, Any]:
    return {
        "id": str(record.id),
        "as_of": record.as_of.isoformat(),
        "is_high_risk": record.is_high_risk,
        "old_grade": record.old_grade or None,
        "old_score": None if record.old_score is None else f"{record.old_score:f}",
        "cause": record.cause,
        "cause_words": causes.words_of(record.cause).as_dict(),
        "recorded_at": record.recorded_at.isoformat(),
        "recorded_by": record.recorded_by,
        "policy_version": str(record.policy_version_id),
        **record.result,
    }


def _with_group(
    latest: RatingRecord, code: str, company_id: UUID, day: date, known_at: datetime | None
) -> dict[str, Any] | None:
    """Return the second number, beside the stand-alone one; None where no policy or no supporter makes one."""
    try:
        policy = rating_policy.in_force(company_id=company_id, as_of=day)
    except UnableToFindPolicyError:
        return None
    told = group_rating.tell(
        latest, code=code, policy=policy, company_id=company_id, as_of=day, known_at=known_at
    )
    if told is None:
        return None
    supporter = told.supporter
    return {
        "score": f"{told.score:f}",
        "grade": told.grade,
        "supporter": {"customer": supporter.code, "tie": supporter.kind, "grade": supporter.rating.grade},
        "words": told.words.as_dict(),
    }


def _step(record: RatingRecord) -> dict[str, Any]:
    return {
        "as_of": record.as_of.isoformat(),
        "grade": record.grade,
        "suggested_grade": record.suggested_grade,
        "score": None if record.score is None else f"{record.score:f}",
        "old_grade": record.old_grade or None,
        "cause": record.cause,
        "recorded_at": record.recorded_at.isoformat(),
    }
