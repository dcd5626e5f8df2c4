"""Applications with a form, forms of requests, many votes at once, and what the log of requests says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Router
from pydantic import Field, StringConstraints

from tradecredit.analytics.approvals import insight
from tradecredit.apps.approvals import queries as approvals
from tradecredit.core.approvals import forms, kinds
from tradecredit.core.kernel.money import Money
from tradecredit.doors.api import acting, questions
from tradecredit.doors.api.batches import CompanyRowIn
from tradecredit.doors.api.credit_checks import language
from tradecredit.flows.applications import make_application
from tradecredit.flows.applications.make_application import Application
from tradecredit.flows.approvals import decide_together
from tradecredit.flows.processes import request_forms
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from tradecredit.core.dossier.own_fields import OwnField

router = Router(tags=["approvals"])
Answers = dict[
    Annotated[str, StringConstraints(max_length=64)], Annotated[str, StringConstraints(max_length=2000)]
]
_MOST: Final = 500


class ApplicationIn(CompanyRowIn, extra="forbid"):
    """What is asked for: the answers by the names of the form's fields."""

    kind: Literal["admission", "payment_terms", "legal_action", "exception"]
    customer: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    amount: Annotated[str, StringConstraints(pattern=r"^\d{1,16}(\.\d{1,2})?$")] | None = None
    reason: questions.Reason
    answers: Answers = {}


class FormIn(CompanyRowIn, extra="forbid"):
    """What is written into a form."""

    answers: Answers


class TogetherIn(CompanyRowIn, extra="forbid"):
    """One word on many requests."""

    requests: Annotated[list[UUID], Field(min_length=1, max_length=_MOST)]
    approves: bool
    reason: questions.Reason


@router.post("/approvals/applications", summary="Ask for admission, terms, legal action or an exception")
def post_application(request: HttpRequest, body: ApplicationIn) -> HttpResponse:
    """Ask the people whom the kind's flow or the authority table names."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require(request, company.pk, "propose_limit")
        amount = None if body.amount is None else Money.of(body.amount, company.base_currency)
        made = make_application.make_application(
            company=company,
            application=Application(
                kind=body.kind,
                customer_code=body.customer,
                amount=amount,
                reason=body.reason,
                answers=body.answers,
            ),
            actor=acting.actor_of(request),
        )
        return questions.task(made)

    return acting.once(request, status=201, effect=effect)


@router.get("/approvals/forms/{kind}", summary="The form of a kind of request")
def get_form(request: HttpRequest, kind: str, company: str | None = None) -> dict[str, Any]:
    """Return the fields that policy has for a kind of request today."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        if kind not in kinds.KINDS:
            raise Http404
        document = request_forms.in_force(found, kind=kind, day=clock.today(found))
        fields = forms.fields_of(document)
        return {"kind": kind, "fields": [_field(one) for one in fields]}


@router.post("/approvals/tasks/{uuid:request_id}/form", summary="Fill in the form of a request")
def post_form(request: HttpRequest, request_id: UUID, body: FormIn) -> HttpResponse:
    """Fill in the form as who asked, or as somebody whom an open step asks; the latest counts."""

    def effect() -> dict[str, Any]:
        acting.require_anywhere(request, "complete_task")
        request_forms.fill(request_id=request_id, given=body.answers, actor=acting.actor_of(request))
        found = approvals.by_id(request_id)
        assert found is not None  # noqa: S101 - its form was filled in a moment ago
        form = request_forms.of_requests([found], company=acting.company_by_id(request, found.company_id))
        lacking = form[request_id].missing
        return {"missing": [one.in_language(language()) for one in lacking]}

    return acting.once(request, status=201, effect=effect)


@router.post("/approvals/tasks/decide-together", summary="Vote the same on many requests")
def post_together(request: HttpRequest, body: TogetherIn) -> HttpResponse:
    """Vote on each; one that is refused stays as it was. Asked again, those decided answer that they are."""
    with acting.reading(request):
        done = decide_together.decide_together(
            company=acting.company_of(request, body.company),
            request_ids=body.requests,
            approves=body.approves,
            reason=body.reason,
            actor=acting.actor_of(request),
        )
    refused = {
        str(key): {"code": one.code, "message": one.words.in_language(language())}
        for key, one in done.refusals.items()
    }
    standings = {str(key): one.value for key, one in done.standings.items()}
    return JsonResponse({"standings": standings, "refused": refused}, status=200)


@router.get("/approvals/insight", summary="Times, waiting, rework and dispersion of requests")
def get_insight(
    request: HttpRequest, company: str | None = None, days: Annotated[int, Field(ge=1, le=3650)] = 90
) -> dict[str, Any]:
    """Return what the log of requests says about the last days; durations are in seconds."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        day = clock.today(found)
        told = insight.of_company(
            company_id=found.pk,
            since=day - timedelta(days=days),
            until=day + timedelta(days=1),
            now=clock.now(),
        )
    return {
        "days": days,
        "kinds": [_plain(row) for row in told.kinds],
        "steps": [_plain(row) for row in told.steps],
        "waiting": [_plain(row) for row in told.stuck],
        "people": [_plain(row) for row in told.people],
        "dispersion": [_plain(row) for row in (*told.dispersion, *told.segments)],
        "shadows": [_plain(row) for row in told.shadows],
        "ways": [_plain(row) for row in told.ways],
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: _value(value) for key, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, list):
        return [_plain(one) if isinstance(one, dict) else _value(one) for one in value]
    return str(value) if isinstance(value, UUID) else value


def _field(field: OwnField) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label.in_language(language()),
        "kind": field.kind,
        "required": field.is_required,
        "choices": [
            {"value": value, "label": words.in_language(language())} for value, words in field.choices
        ],
    }
