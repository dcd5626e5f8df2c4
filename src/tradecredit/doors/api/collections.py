"""Cases, worklist, plans and agreements of collection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router

from tradecredit.analytics.collections import evidence, limitations, worklist
from tradecredit.apps.collections import case_queries
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.collections import instalment_plans
from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.api import acting, collections_json
from tradecredit.doors.api.collection_bodies import (
    CaseIn,
    CasePage,
    ContactIn,
    HandOverIn,
    PlanIn,
    StartIn,
    StepIn,
    Whose,
)
from tradecredit.flows.collections import (
    agree_plan,
    find_case,
    hand_over,
    log_contact,
    open_case,
    start_plan,
    strategies,
)
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from tradecredit.core.collections.strategy import Strategy
    from tradecredit.core.kernel.money import Money
    from tradecredit.plumbing.access.models import Company

router = Router(tags=["collections"])
HAND_OVER = (
    *(Role.COLLECTOR, Role.CREDIT_SPECIALIST, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR),
    *(Role.FINANCE_MANAGER, Role.CFO, Role.LEGAL),
)
COLLECT = (*HAND_OVER, Role.SALES, Role.SALES_MANAGER, Role.SALES_DIRECTOR)


@router.get("/collections/worklist", summary="Whom to ask first, and why")
def get_worklist(request: HttpRequest, whose: Query[Whose]) -> HttpResponse:
    """List everybody with money overdue that may be asked for, ranked by money × chance × age."""
    company = acting.company_of(request, whose.company)
    with acting.reading(request):
        found = worklist.of_company(
            company_id=company.pk,
            as_of=clock.today(company),
            strategy=_strategy(company),
            currency=company.base_currency,
        )
    return _json(collections_json.worklist(found))


@router.get("/collections/cases", summary="Cases, newest first")
def get_cases(request: HttpRequest, page: Query[CasePage]) -> HttpResponse:
    """List cases with their channel and owner."""
    company = acting.company_of(request, page.company)
    with acting.reading(request):
        found = case_queries.cases(
            company_id=company.pk,
            is_open={"open": True, "closed": False, "all": None}[page.status],
            channel=page.channel,
            before=page.cursor,
            limit=page.limit + 1,
        )
    shown = found[: page.limit]
    more = str(shown[-1].id) if len(found) > page.limit else None
    return _json({"items": [collections_json.case(one) for one in shown], "next_cursor": more})


@router.post("/collections/cases", summary="Open a case by hand")
def post_case(request: HttpRequest, body: CaseIn) -> HttpResponse:
    """Open a case; a customer whose case is open keeps that one."""

    def effect() -> dict[str, Any]:
        company = may(request, body.company, COLLECT)
        case_id = open_case.open_case(
            company=company,
            customer_id=customer_id(body.customer),
            as_of=clock.today(company),
            actor=acting.actor_of(request),
            cause="person",
            words=Words(zh=body.reason, en=body.reason),
        )
        return {"id": str(case_id)}

    return acting.once(request, status=201, effect=effect)


@router.get("/collections/cases/{case_id}", summary="One case with its items, events and plans")
def get_case(request: HttpRequest, case_id: UUID, whose: Query[Whose]) -> HttpResponse:
    """Answer the case; its stage follows from the open items."""
    company = acting.company_of(request, whose.company)
    day = clock.today(company)
    with acting.reading(request):
        found = find_case.find_case(company=company, case_id=case_id, must_be_open=False)
        strategy = _strategy(company)
        items = limitations.of_customer(
            company_id=company.pk, customer_id=found.customer_id, as_of=day, policy=strategy.cases
        )
        step = strategy.step_of(max((item.days_overdue for item in items), default=0))
        return _json(
            collections_json.case(found)
            | {
                "stage": step.code if step else None,
                "items": [collections_json.item(one) for one in items],
                "events": [collections_json.event(one) for one in case_queries.events(case_id=case_id)],
                "plans": [
                    collections_json.plan(one)
                    for one in case_queries.plans(company_id=company.pk, customer_id=found.customer_id)
                ],
            }
        )


@router.post("/collections/cases/{case_id}/contacts", summary="Log a contact with its outcome")
def post_contact(request: HttpRequest, case_id: UUID, body: ContactIn) -> HttpResponse:
    """Record what came of asking; will_pay records the promise."""

    def effect() -> dict[str, Any]:
        company = may(request, body.company, COLLECT)
        contact = log_contact.Contact(
            way=body.way,
            outcome=body.outcome,
            text=body.text,
            amount=_money(body.amount, body.currency, company) if body.amount else None,
            promised_date=body.promised_date,
            next_on=body.next_on,
            reference=body.reference,
        )
        log_contact.log_contact(
            company=company, case_id=case_id, contact=contact, actor=acting.actor_of(request)
        )
        return {"case": str(case_id), "outcome": body.outcome}

    return acting.once(request, status=201, effect=effect)


@router.post(
    "/collections/cases/{case_id}/hand-over", summary="Give a case to our people, an agency or the law"
)
def post_hand_over(request: HttpRequest, case_id: UUID, body: HandOverIn) -> HttpResponse:
    """Record who received the case."""

    def effect() -> dict[str, Any]:
        company = may(request, body.company, HAND_OVER)
        hand_over.hand_over(
            company=company,
            case_id=case_id,
            channel=body.channel,
            receiver=body.receiver,
            text=body.text,
            actor=acting.actor_of(request),
        )
        return {"case": str(case_id), "channel": body.channel}

    return acting.once(request, status=200, effect=effect)


@router.get("/collections/cases/{case_id}/evidence", summary="The evidence pack as a zip")
def get_evidence(request: HttpRequest, case_id: UUID, whose: Query[Whose]) -> HttpResponse:
    """Answer every record of the case with digests."""
    company = may(request, whose.company, HAND_OVER)
    with acting.reading(request):
        found = find_case.find_case(company=company, case_id=case_id, must_be_open=False)
        content = evidence.pack(
            company=company, case=found, policy=_strategy(company).cases, as_of=clock.today(company)
        )
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{found.number}-evidence.zip"'
    return response


@router.post("/collections/instalment-plans", summary="Agree on paying in parts")
def post_instalment_plan(request: HttpRequest, body: PlanIn) -> HttpResponse:
    """Record the plan; while it is kept nobody writes about what it covers."""

    def effect() -> dict[str, Any]:
        company = may(request, body.company, COLLECT)
        plan = instalment_plans.Plan(
            parts=tuple(
                instalment_plans.Part(
                    due_date=part.due_date, amount=_money(part.amount, body.currency, company)
                )
                for part in body.parts
            ),
            accelerates_after_days=body.accelerates_after_days,
            instalment_ids=frozenset(str(one) for one in body.instalments),
        )
        plan_id = agree_plan.agree_plan(
            company=company,
            customer_id=customer_id(body.customer),
            plan=plan,
            acknowledges_debt=body.acknowledges_debt,
            text=body.text,
            actor=acting.actor_of(request),
        )
        return {"id": str(plan_id)}

    return acting.once(request, status=201, effect=effect)


@router.post("/collections/plans", summary="Start a plan of the library")
def post_plan(request: HttpRequest, body: StartIn) -> HttpResponse:
    """Start a plan; its steps become tasks. One that runs is answered as it is."""

    def effect() -> dict[str, Any]:
        company = may(request, body.company, COLLECT)
        plan_id = start_plan.start_plan(
            company=company,
            customer_id=customer_id(body.customer),
            code=body.code,
            as_of=clock.today(company),
            actor=acting.actor_of(request),
            cause=body.cause,
        )
        return {"id": str(plan_id)}

    return acting.once(request, status=201, effect=effect)


@router.post("/collections/plans/{plan_id}/steps/{step_id}", summary="Say what came of a step")
def post_step(request: HttpRequest, plan_id: UUID, step_id: UUID, body: StepIn) -> HttpResponse:
    """Record the result of a step, or why it is left out."""

    def effect() -> dict[str, Any]:
        company = may(request, body.company, COLLECT)
        start_plan.finish_step(
            company=company,
            plan_id=plan_id,
            step_id=step_id,
            result=body.result,
            is_skipped=body.is_skipped,
            actor=acting.actor_of(request),
        )
        return {"plan": str(plan_id), "step": str(step_id)}

    return acting.once(request, status=200, effect=effect)


def may(request: HttpRequest, code: str | None, roles: tuple[Role, ...]) -> Company:
    """Return the company, if the caller has one of the roles in it."""
    company = acting.company_of(request, code)
    acting.require_role(request, company, *roles)
    return company


def customer_id(code: str) -> UUID:
    """Return the customer with the code; raises Http404."""
    customer = dossier.customer_by_code(code)
    if customer is None:
        raise Http404
    return customer.id


def _money(amount: str, currency: str, company: Company) -> Money:
    wanted = currency or company.base_currency
    try:
        return money.parse(amount, wanted)
    except money.InvalidMoneyError as error:
        raise instalment_plans.UnableToAgreePlanError(
            Words(
                zh=f"{amount} {wanted} 不是有效金额：小数位数不能超过该币种的最小单位。",
                en=f"{amount} {wanted} is no amount: mind the decimals of the currency.",
            )
        ) from error


def _strategy(company: Company) -> Strategy:
    return strategies.in_force(company_id=company.pk, as_of=clock.today(company))


def _json(value: dict[str, Any]) -> HttpResponse:
    return JsonResponse(value, json_dumps_params={"ensure_ascii": False})
