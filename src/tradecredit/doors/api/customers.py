"""Customers and facts: upsert, the dossier as of a day, and what somebody learned."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Router, Schema
from pydantic import Field

from tradecredit.analytics.dossier import profile as profiles
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.dossier.drafts import CustomerDraft
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.api import acting, batches, customer_json
from tradecredit.doors.api.batches import BatchOut, CompanyRowIn, Number, Text
from tradecredit.flows.imports import onboard_customer, record_facts
from tradecredit.flows.imports.import_customers import CustomerRow
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from tradecredit.flows.row_results import ImportResult
    from tradecredit.plumbing.access.models import Company

_PAGE_MAX = 500

router = Router(tags=["customers"])
facts_router = Router(tags=["customers"])

_WRITERS = (
    *(Role.SALES, Role.SALES_MANAGER, Role.CREDIT_SPECIALIST, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR),
    *(Role.FINANCE_MANAGER, Role.ADMIN, Role.INTEGRATION),
)
_FACT_WRITERS = (*_WRITERS, Role.COLLECTOR, Role.LEGAL)


class UnableToReadVersionError(UnableToError):
    """The If-Match header is no version that this API has given out."""

    code = "version_unreadable"
    status = 400


class CustomerIn(Schema, extra="forbid"):
    """What is said about a customer; what is left out stays as it is."""

    company: str | None = None
    name: str | None = Field(None, max_length=200)
    uscc: str | None = None
    customer_type: str | None = None
    industry: str | None = None
    region: str | None = None
    salesperson: str | None = None
    team: str | None = None
    customer_since: date | None = None
    parent_code: str | None = Field(
        None, description="the customer above it in the group; an empty text: none"
    )
    currency: str | None = None
    email: str | None = None


class FactIn(CompanyRowIn, extra="forbid"):
    """A fact that somebody learned; the same ``field`` names as in a file of facts."""

    customer: Number
    fact: Number
    value: str | bool | int
    valid_from: date | None = None
    valid_to: date | None = None
    source: Text = ""
    evidence: Text = ""


@router.get("", summary="Customers by code, or found by what somebody types")
def list_customers(
    request: HttpRequest,
    search: str = "",
    company: str | None = None,
    cursor: str = "",
    limit: int = 50,
) -> HttpResponse:
    """Answer a page of customers; ``next`` is the cursor of the following page.

    ``search`` takes names, codes, registered numbers and pinyin (``cqca``), and answers the closest first.
    """
    seller = acting.company_of(request, company)
    limit = min(max(limit, 1), _PAGE_MAX)
    with acting.reading(request):
        if search:
            found = dossier.search(search, limit=limit)
        else:
            found = dossier.page(company_id=seller.pk, after=cursor, limit=limit)
    following = found[-1].code if len(found) == limit and not search else None
    items = [customer_json.master_data(customer) for customer in found]
    return JsonResponse({"items": items, "next": following}, json_dumps_params={"ensure_ascii": False})


@router.put("/{code}", summary="Create or change a customer")
def put_customer(request: HttpRequest, code: str, body: CustomerIn) -> HttpResponse:
    """Create the customer or change what is said; with ``If-Match`` only the version that the caller has read."""
    company = acting.company_of(request, body.company)
    acting.require_role(request, company, *_WRITERS)
    row = CustomerRow(
        draft=CustomerDraft(
            code=code,
            name=body.name,
            uscc=body.uscc,
            customer_type=body.customer_type,
            industry=body.industry,
            region=body.region,
            salesperson=body.salesperson,
            team=body.team,
            customer_since=body.customer_since,
            currency=body.currency,
            email=body.email,
        ),
        parent_code=body.parent_code,
    )
    expected = _version_of(request)

    def effect() -> dict[str, Any]:
        done = onboard_customer.onboard_customer(
            row=row, company=company, actor=acting.actor_of(request), source="api", expected_version=expected
        )
        answer = customer_json.master_data(done.customer) | {"created": done.is_new}
        return answer | ({"notice": customer_json.said(done.notice)} if done.notice else {})

    return acting.once(request, status=200, effect=effect, is_key_required=False)


@router.get("/{code}", summary="The customer's dossier as of a day, as known at a moment")
def get_customer(
    request: HttpRequest,
    code: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
    company: str | None = None,
) -> HttpResponse:
    """Answer everything that every room knows about the customer in one company's books."""
    seller = acting.company_of(request, company)
    day = as_of or clock.today(seller)
    with acting.reading(request):
        found = profiles.profile(code=code, company_id=seller.pk, as_of=day, known_at=known_at)
    if found is None:
        raise Http404
    head = {
        "company": seller.code,
        "as_of": day.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
    }
    response = JsonResponse(
        customer_json.master_data(found.customer) | head | customer_json.dossier(found),
        json_dumps_params={"ensure_ascii": False},
    )
    response["ETag"] = f'"{found.customer.version}"'
    return response


@facts_router.post("", summary="Record facts about customers", response={201: BatchOut})
def post_facts(request: HttpRequest, body: FactIn | list[FactIn]) -> HttpResponse:
    """Append one fact or many, with a result for each; what is recorded already is unchanged."""

    def record(company: Company, rows: list[tuple[int, FactIn]]) -> ImportResult:
        return record_facts.record_facts(
            rows=[_fact_row(fact, place) for place, fact in rows],
            company=company,
            actor=acting.actor_of(request),
        )

    def effect() -> dict[str, Any]:
        return batches.run(request, batches.as_list(body), roles=_FACT_WRITERS, record=record)

    return acting.once(request, status=201, effect=effect)


def _fact_row(fact: FactIn, place: int) -> FactRow:
    return FactRow(
        customer_code=fact.customer,
        fact=fact.fact,
        value=str(fact.value),
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        source=fact.source or "api",
        evidence=fact.evidence,
        row=place,
    )


def _version_of(request: HttpRequest) -> int | None:
    text = request.headers.get("If-Match", "").strip()
    if not text or text == "*":
        return None
    version = text.removeprefix("W/").strip('"')
    if not version.isdecimal():
        raise UnableToReadVersionError(
            Words(
                zh="If-Match 应为读取该客户时返回的 ETag。",
                en="If-Match is the ETag that came with the customer when it was read.",
            )
        )
    return int(version)
