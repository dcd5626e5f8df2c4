"""A house's own fields: their forms, and what is written into them about a customer."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from tradecredit.analytics.dossier import credit_report, own_values
from tradecredit.apps.dossier import field_forms
from tradecredit.doors.api import acting, batches, customer_json, known_customer
from tradecredit.flows.customers import keep_form
from tradecredit.flows.imports import record_facts
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.plumbing import clock, printing
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from tradecredit.analytics.dossier.own_values import Filled

router = Router(tags=["customers"])
_KEEPERS = (Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.FINANCE_MANAGER, Role.ADMIN)
_EVERY_TYPE = "all"
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Text = Annotated[str, StringConstraints(max_length=500)]


class FormIn(Schema, extra="forbid"):
    """A form-js schema: components with key, type, label and rules."""

    company: str | None = None
    document: dict[str, Any]
    reason: Text = ""


class FieldsIn(Schema, extra="forbid"):
    """Values by the names of the fields."""

    company: str | None = None
    values: Annotated[
        dict[str, Annotated[str, StringConstraints(max_length=2000)]], Field(min_length=1, max_length=60)
    ]
    valid_from: date | None = None
    source: Annotated[str, StringConstraints(max_length=100)] = ""
    evidence: Text = ""


@router.get("/customer-forms", summary="The forms of the house's own fields")
def forms(request: HttpRequest, company: str | None = None) -> dict[str, Any]:
    """Answer the form of each type of customer that counts now; ``all`` is asked of everybody."""
    found = acting.company_of(request, company)
    with acting.reading(request):
        records = field_forms.latest(company_id=found.pk)
    return {
        "forms": [
            {
                "customer_type": one.customer_type or _EVERY_TYPE,
                "document": one.document,
                "reason": one.reason,
                "recorded_at": one.recorded_at.isoformat(),
                "recorded_by": one.recorded_by,
            }
            for one in records
        ]
    }


@router.put(
    "/customer-forms/{customer_type}", summary="Keep the form of a type of customer (all: of everybody)"
)
def keep(request: HttpRequest, customer_type: str, body: FormIn) -> HttpResponse:
    """Let the form count from now on; everything that is wrong with it is said with its place."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        keep_form.keep_form(
            document=body.document,
            customer_type="" if customer_type == _EVERY_TYPE else customer_type,
            reason=body.reason,
            company=found,
            actor=acting.actor_of(request),
        )
        return forms(request, found.code)

    return acting.once(request, status=200, effect=effect, is_key_required=False)


@router.get("/customers/{code}/fields", summary="What is written into the own fields of a customer")
def values(
    request: HttpRequest,
    code: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
    company: str | None = None,
) -> dict[str, Any]:
    """Answer each field that is asked of the customer's type with its value on the day, as known at the moment."""
    found = acting.company_of(request, company)
    with acting.reading(request):
        customer = known_customer.of(found, code)
        filled = own_values.of_customer(
            customer=customer, company_id=found.pk, as_of=as_of or clock.today(found), known_at=known_at
        )
    return {"customer": customer.code, "fields": [_written(one) for one in filled]}


@router.post(
    "/customers/{code}/fields",
    summary="Write into own fields of a customer",
    response={201: batches.BatchOut},
)
def write(request: HttpRequest, code: str, body: FieldsIn) -> HttpResponse:
    """Record the values as facts, with a result for each; a bad value says what was expected."""
    found = acting.company_of(request, body.company)
    acting.require_role(
        request, found, *_KEEPERS, Role.CREDIT_SPECIALIST, Role.SALES, Role.SALES_MANAGER, Role.INTEGRATION
    )
    rows = [
        FactRow(
            customer_code=code, fact=name, value=text, valid_from=body.valid_from, source=body.source or "form",
            evidence=body.evidence, row=place,
        )
        for place, (name, text) in enumerate(body.values.items(), start=1)
    ]  # fmt: skip

    def effect() -> dict[str, Any]:
        done = record_facts.record_facts(rows=rows, company=found, actor=acting.actor_of(request))
        return batches.answer(done.rows)

    return acting.once(request, status=201, effect=effect)


class ReportQuery(Schema):
    """Of which day, as known at which moment, and as which kind of file."""

    as_of: date | None = None
    known_at: datetime | None = None
    form: Literal["pdf", "xlsx"] = "pdf"
    company: str | None = None


@router.get("/customers/{code}/credit-report", summary="The credit report of a customer as PDF or XLSX")
def report(request: HttpRequest, code: str, asked: Annotated[ReportQuery, Query()]) -> HttpResponse:
    """Answer the file in the caller's language; the same day and moment give the same report again."""
    found = acting.company_of(request, asked.company)
    language = translation.get_language() or "en"
    with acting.reading(request):
        paper = credit_report.credit_report(
            code=code,
            company=found,
            as_of=asked.as_of or clock.today(found),
            known_at=asked.known_at or clock.now(),
            language=language,
        )
    if paper is None:
        raise Http404
    if asked.form == "xlsx":
        return HttpResponse(printing.as_workbook(paper, language=language), content_type=_WORKBOOK)
    return HttpResponse(printing.as_pdf(paper, language=language), content_type="application/pdf")


def _written(one: Filled) -> dict[str, Any]:
    return {
        "name": one.field.name,
        "label": customer_json.said(one.field.label),
        "kind": one.field.kind,
        "required": one.field.is_required,
        "tag": one.field.is_tag,
        "value": one.value,
        "shown": customer_json.said(one.shown) if one.shown else None,
        "valid_from": one.fact.valid_from.isoformat() if one.fact else None,
        "recorded_at": one.fact.recorded_at.isoformat() if one.fact else None,
        "source": one.fact.source if one.fact else None,
    }
