"""Letters, promises, alerts and tasks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from tradecredit.apps.collections import queries as letters
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.monitoring import queries as monitoring
from tradecredit.apps.worklist import queries as worklist
from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.api import acting, watch_json
from tradecredit.doors.api.batches import Amount, CompanyRowIn, Currency, Number, Text
from tradecredit.flows.collections import record_promise
from tradecredit.flows.watch import close_alert, complete_task
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradecredit.core.kernel.money import Money
    from tradecredit.plumbing.access.models import Company

router = Router(tags=["collections and alerts"])
_PAGE = 100
_PAGE_MAX = 1000
_COLLECTORS = (
    *(Role.COLLECTOR, Role.CREDIT_SPECIALIST, Role.CREDIT_MANAGER, Role.FINANCE_MANAGER, Role.SALES),
    *(Role.SALES_MANAGER, Role.LEGAL, Role.RISK_DIRECTOR),
)
_RISK = (Role.CREDIT_SPECIALIST, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.CFO, Role.LEGAL)


class Page(Schema, extra="forbid"):
    """Which part of a list: newest first, ``cursor`` from the answer before it."""

    company: str | None = None
    customer: str | None = None
    cursor: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=_PAGE_MAX)] = _PAGE


class AlertPage(Page, extra="forbid"):
    """Alerts: ``open`` only, ``closed`` only, or ``all``."""

    status: Annotated[str, StringConstraints(pattern="^(open|closed|all)$")] = "open"


class TaskPage(Schema, extra="forbid"):
    """Tasks: mine (for my roles) unless ``all`` is asked for."""

    company: str | None = None
    customer: str | None = None
    whose: Annotated[str, StringConstraints(pattern="^(mine|all)$")] = "mine"
    status: Annotated[str, StringConstraints(pattern="^(open|done|all)$")] = "open"


class PromiseIn(CompanyRowIn, extra="forbid"):
    """What the customer promised; without instalments all that it owes."""

    customer: Number
    amount: Amount
    currency: Currency = ""
    promised_date: date
    instalments: list[UUID] = []
    text: Text = ""


class ResponseIn(CompanyRowIn, extra="forbid"):
    """What was done about an alert."""

    response: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    is_false_alarm: bool = False


class OutcomeIn(CompanyRowIn, extra="forbid"):
    """What came of a task."""

    outcome: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


@router.get("/collections/letters", summary="Every reminder and letter, newest first")
def get_letters(request: HttpRequest, page: Query[Page]) -> HttpResponse:
    """List letters with the numbers that were frozen in them."""
    return _listed(
        request,
        page,
        read=lambda company, customer: letters.letters(
            company_id=company.pk, customer_id=customer, before=page.cursor, limit=page.limit + 1
        ),
        plain=watch_json.letter,
    )


@router.get("/collections/letters/{letter_id}", summary="One letter with its text")
def get_letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Answer one letter."""
    with acting.reading(request):
        found = letters.letters(ids=[letter_id], limit=1)
    if not found:
        raise Http404
    return _json(watch_json.letter(found[0]) | {"body": found[0].body})


@router.post("/collections/promises", summary="Record a promise to pay")
def post_promise(request: HttpRequest, body: PromiseIn) -> HttpResponse:
    """Record the promise; until its day nobody writes about what it covers."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *_COLLECTORS)
        customer = dossier.customer_by_code(body.customer)
        if customer is None:
            raise Http404
        promise_id = record_promise.record_promise(
            company=company,
            customer_id=customer.id,
            amount=_amount(body, company),
            promised_date=body.promised_date,
            instalment_ids=body.instalments,
            text=body.text,
            actor=acting.actor_of(request),
        )
        return {"id": str(promise_id)}

    return acting.once(request, status=201, effect=effect)


@router.get("/alerts", summary="Alerts, newest first")
def get_alerts(request: HttpRequest, page: Query[AlertPage]) -> HttpResponse:
    """List alerts with the facts that raised them."""
    is_open = {"open": True, "closed": False, "all": None}[page.status]
    return _listed(
        request,
        page,
        read=lambda company, customer: monitoring.alerts(
            company_id=company.pk,
            customer_id=customer,
            is_open=is_open,
            before=page.cursor,
            limit=page.limit + 1,
        ),
        plain=watch_json.alert,
    )


@router.post("/alerts/{alert_id}/close", summary="Close an alert with the response to it")
def post_close_alert(request: HttpRequest, alert_id: UUID, body: ResponseIn) -> HttpResponse:
    """Close the alert; what it froze is free again."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *_RISK)
        if monitoring.alert(alert_id) is None:
            raise Http404
        found = close_alert.close_alert(
            company=company,
            alert_id=alert_id,
            response=body.response,
            is_false_alarm=body.is_false_alarm,
            actor=acting.actor_of(request),
        )
        return watch_json.alert(found)

    return acting.once(request, status=200, effect=effect)


@router.get("/tasks", summary="What is to do, most urgent first")
def get_tasks(request: HttpRequest, page: Query[TaskPage]) -> HttpResponse:
    """List tasks of the caller's roles, or all of them."""
    company = acting.company_of(request, page.company)
    actor = acting.actor_of(request)
    is_mine = page.whose == "mine" and not actor.is_system
    with acting.reading(request):
        found = worklist.tasks(
            company_id=company.pk,
            customer_id=_customer_id(page.customer),
            roles=[role.value for role in actor.roles_in(company.pk)] if is_mine else None,
            assignee_id=actor.user_id if is_mine else None,
            is_open={"open": True, "done": False, "all": None}[page.status],
        )
        return _json({"items": [watch_json.task(task) for task in found], "next_cursor": None})


@router.post("/tasks/{task_id}/complete", summary="Complete a task with its outcome")
def post_complete_task(request: HttpRequest, task_id: UUID, body: OutcomeIn) -> HttpResponse:
    """Record what came of the task."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require(request, company.pk, "complete_task")
        if worklist.task(task_id) is None:
            raise Http404
        found = complete_task.complete_task(
            company=company, task_id=task_id, outcome=body.outcome, actor=acting.actor_of(request)
        )
        return watch_json.task(found)

    return acting.once(request, status=200, effect=effect)


def _listed(
    request: HttpRequest,
    page: Page,
    *,
    read: Callable[[Company, UUID | None], Sequence[Any]],
    plain: Callable[[Any], dict[str, Any]],
) -> HttpResponse:
    company = acting.company_of(request, page.company)
    with acting.reading(request):
        found = read(company, _customer_id(page.customer))
    shown = found[: page.limit]
    more = len(found) > page.limit
    return _json({"items": [plain(one) for one in shown], "next_cursor": str(shown[-1].id) if more else None})


def _amount(body: PromiseIn, company: Company) -> Money:
    currency = body.currency or company.base_currency
    try:
        return money.parse(body.amount, currency)
    except money.InvalidMoneyError as error:
        raise record_promise.UnableToRecordPromiseError(
            Words(
                zh=f"{body.amount} {currency} 不是有效金额：小数位数不能超过该币种的最小单位。",
                en=f"{body.amount} {currency} is no amount: mind the decimals of the currency.",
            ),
            amount=body.amount,
        ) from error


def _customer_id(code: str | None) -> UUID | None:
    if code is None:
        return None
    customer = dossier.customer_by_code(code)
    if customer is None:
        raise Http404
    return customer.id


def _json(value: dict[str, Any]) -> HttpResponse:
    return JsonResponse(value, json_dumps_params={"ensure_ascii": False})
