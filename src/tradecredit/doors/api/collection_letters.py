"""Letters before and after they leave: the preview, the paper, proof, opt-outs; files for an agency."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router

from tradecredit.analytics.collections import letter_papers
from tradecredit.apps.collections import queries
from tradecredit.doors.api import acting, collections_json
from tradecredit.doors.api.collection_bodies import OptOutIn, PreviewOf, ProofIn, Whose, WithholdIn
from tradecredit.doors.api.collections import COLLECT, HAND_OVER, customer_id, may
from tradecredit.flows.collections import agency_files, keep_letters, measure_trials, record_promise
from tradecredit.flows.watch import preview_dunning
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from tradecredit.plumbing.access.models import Company

router = Router(tags=["collections"])


@router.get("/collections/preview", summary="Who gets what on a day, word for word, and who does not and why")
def get_preview(request: HttpRequest, asked: Query[PreviewOf]) -> HttpResponse:
    """Answer what a run on the day (default: tomorrow) would write, as the books stand now."""
    company = may(request, asked.company, COLLECT)
    found = preview_dunning.preview_dunning(
        company=company,
        as_of=asked.as_of or clock.today(company) + timedelta(days=1),
        actor=acting.actor_of(request),
    )
    return _json(collections_json.preview(found))


@router.get(
    "/collections/trials", summary="Trials of strategies: what each side achieved, and whether it shows"
)
def get_trials(request: HttpRequest, asked: Query[PreviewOf]) -> HttpResponse:
    """List every trial of the company's policies, the latest first, as known on a day (default: today)."""
    company = acting.company_of(request, asked.company)
    found = measure_trials.measure_trials(
        company=company, as_of=asked.as_of or clock.today(company), actor=acting.actor_of(request)
    )
    return _json({"items": [one.as_dict() for one in found]})


@router.get("/collections/letters/{letter_id}/pdf", summary="The letter as a page of paper")
def get_pdf(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Answer the letter as a PDF in its language."""
    with acting.reading(request):
        found = queries.letters(ids=[letter_id], limit=1)
        company = acting.company_by_id(request, found[0].company_id) if found else None
    if not found or company is None:
        raise Http404
    sender = company.name if found[0].language.startswith("zh") else company.name_en or company.name
    return HttpResponse(letter_papers.as_pdf(found[0], sender=sender), content_type="application/pdf")


@router.post("/collections/letters/{letter_id}/proofs", summary="Record proof that a letter left or arrived")
def post_proof(request: HttpRequest, letter_id: UUID, body: ProofIn) -> HttpResponse:
    """Record the proof; a signed one starts the limitation anew."""

    def effect(company: Company) -> None:
        keep_letters.prove(
            company=company,
            letter_id=letter_id,
            kind=body.kind,
            way=body.way,
            reference=body.reference,
            day=body.day,
            text=body.text,
            actor=acting.actor_of(request),
        )

    return _about_letter(request, letter_id, body.company, effect, status=201)


@router.post("/collections/letters/{letter_id}/release", summary="Let a drafted letter go")
def post_release(request: HttpRequest, letter_id: UUID, body: Whose) -> HttpResponse:
    """Let it go; it is checked once more when it leaves."""

    def effect(company: Company) -> None:
        keep_letters.release(company=company, letter_id=letter_id, actor=acting.actor_of(request))

    return _about_letter(request, letter_id, body.company, effect)


@router.post("/collections/letters/{letter_id}/withhold", summary="Keep a drafted letter for good")
def post_withhold(request: HttpRequest, letter_id: UUID, body: WithholdIn) -> HttpResponse:
    """Keep it, with the reason."""

    def effect(company: Company) -> None:
        keep_letters.withhold(
            company=company, letter_id=letter_id, because=body.because, actor=acting.actor_of(request)
        )

    return _about_letter(request, letter_id, body.company, effect)


@router.post("/collections/opt-outs", summary="Stop writing to a customer or about an instalment")
def post_opt_out(request: HttpRequest, body: OptOutIn) -> HttpResponse:
    """No channel writes any more until the day given, or until somebody ends it."""

    def effect() -> dict[str, Any]:
        company = may(request, body.company, COLLECT)
        opt_out_id = keep_letters.opt_out(
            company=company,
            customer_id=customer_id(body.customer),
            instalment_id=body.instalment,
            reason=body.reason,
            ends_on=body.ends_on,
            actor=acting.actor_of(request),
        )
        return {"id": str(opt_out_id)}

    return acting.once(request, status=201, effect=effect)


@router.post("/collections/opt-outs/{opt_out_id}/end", summary="Write again to whom nobody wrote")
def post_end_opt_out(request: HttpRequest, opt_out_id: UUID, body: Whose) -> HttpResponse:
    """Letters go out again from the next run."""

    def effect() -> dict[str, Any]:
        company = may(request, body.company, COLLECT)
        keep_letters.end_opt_out(company=company, opt_out_id=opt_out_id, actor=acting.actor_of(request))
        return {"id": str(opt_out_id)}

    return acting.once(request, status=200, effect=effect)


@router.post("/collections/promises/{promise_id}/withdraw", summary="Take a promise back, with the reason")
def post_withdraw_promise(request: HttpRequest, promise_id: UUID, body: WithholdIn) -> HttpResponse:
    """What it covered is dunned again from the next run."""

    def effect() -> dict[str, Any]:
        record_promise.withdraw_promise(
            company=may(request, body.company, COLLECT),
            promise_id=promise_id,
            reason=body.because,
            actor=acting.actor_of(request),
        )
        return {"id": str(promise_id)}

    return acting.once(request, status=200, effect=effect)


@router.get("/collections/agency", summary="What stands with the agency, as CSV")
def get_agency(request: HttpRequest, whose: Query[Whose]) -> HttpResponse:
    """Answer one row an overdue item."""
    company = may(request, whose.company, HAND_OVER)
    with acting.reading(request):
        content = agency_files.export_cases(company=company, language="en")
    return HttpResponse(content, content_type="text/csv; charset=utf-8")


@router.post("/collections/agency", summary="Take the agency's report (CSV)")
def post_agency(request: HttpRequest, whose: Query[Whose]) -> HttpResponse:
    """Take the rows; each reference once, a bad row is told and does not stop the others."""
    company = may(request, whose.company, HAND_OVER)
    found = agency_files.import_report(company=company, content=request.body, actor=acting.actor_of(request))
    return _json(
        {
            "taken": found.taken,
            "problems": [{"row": one.row, **one.words.as_dict()} for one in found.problems],
        }
    )


def _about_letter(
    request: HttpRequest, letter_id: UUID, code: str | None, act: Any, *, status: int = 200
) -> HttpResponse:
    def effect() -> dict[str, Any]:
        act(may(request, code, COLLECT))
        return {"letter": str(letter_id)}

    return acting.once(request, status=status, effect=effect)


def _json(value: dict[str, Any]) -> HttpResponse:
    return JsonResponse(value, json_dumps_params={"ensure_ascii": False})
