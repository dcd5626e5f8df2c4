"""Credit checks: one or many, their records, their explanations and their replays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Router, Schema
from pydantic import Field

from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.exposure.parting import PartLine
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import InvalidMoneyError, Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.api import acting
from tradecredit.doors.api.batches import Amount, CompanyRowIn, Number, Text
from tradecredit.flows.orders import (
    check_order_credit,
    decision_views,
    explain_decision,
    replay_decisions,
)
from tradecredit.flows.orders.order_cases import CheckRequest
from tradecredit.plumbing.access import Role

router = Router(tags=["credit checks"])

CHECKS_MAX = 10_000
CHECKERS = (
    Role.INTEGRATION,
    Role.SALES,
    Role.SALES_MANAGER,
    Role.SALES_DIRECTOR,
    Role.CREDIT_SPECIALIST,
    Role.CREDIT_MANAGER,
    Role.RISK_DIRECTOR,
    Role.FINANCE_MANAGER,
    Role.CFO,
    Role.ADMIN,
)


class UnableToReadAmountError(UnableToError):
    """An amount does not fit its currency, or the lines do not sum to it."""

    code = "amount_invalid"


class LineIn(Schema, extra="forbid"):
    """One line of the document; the lines must sum to its amount."""

    item: Text = ""
    quantity: Amount | None = None
    amount: Amount


class CheckIn(CompanyRowIn, extra="forbid"):
    """A document to check; without ``commit`` nothing is kept."""

    customer: Number
    control_point: Literal["order", "delivery", "invoice"] = "order"
    reference: Number
    amount: Amount
    currency: Annotated[str, Field(min_length=3, max_length=3)]
    terms_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    requested_on: date | None = None
    lines: Annotated[list[LineIn], Field(max_length=1000)] | None = None
    commit: bool = True


class BatchIn(Schema, extra="forbid"):
    """Many documents, decided in order in one transaction."""

    checks: Annotated[list[CheckIn], Field(min_length=1, max_length=CHECKS_MAX)]


def read_money(amount: str, currency: str) -> Money:
    """Read an amount in a currency; raises UnableToReadAmountError."""
    try:
        return money.parse(amount, currency.upper())
    except InvalidMoneyError as error:
        raise UnableToReadAmountError(
            Words(
                zh=f"{amount} {currency} 不是有效金额：请检查币种代码和小数位数。",
                en=f"{amount} {currency} is no amount: {error}.",
            ),
            amount=amount,
            currency=currency,
        ) from error


def language() -> str:
    """Return the language of the answer."""
    return translation.get_language() or "en"


@router.post("/credit-checks", summary="Check one document against credit")
def post_check(request: HttpRequest, body: CheckIn) -> HttpResponse:
    """Decide, keep the room of what passes, hold what does not; the same key gives the same decision."""

    def effect() -> dict[str, Any]:
        return _run(request, [body])[0]

    return acting.once(request, status=201, effect=effect)


@router.post("/credit-checks/batch", summary="Check up to 10,000 documents in one transaction")
def post_batch(
    request: HttpRequest, body: BatchIn | Annotated[list[CheckIn], Field(min_length=1, max_length=CHECKS_MAX)]
) -> HttpResponse:
    """Answer in the order asked; documents on one account see the room that those before them took."""

    def effect() -> dict[str, Any]:
        checks = body.checks if isinstance(body, BatchIn) else body
        return {"results": _run(request, checks)}

    return acting.once(request, status=201, effect=effect)


@router.get("/credit-checks/{uuid:decision_id}", summary="One recorded decision")
def get_check(request: HttpRequest, decision_id: UUID) -> dict[str, Any]:
    """Return the decision as it was recorded."""
    with acting.reading(request):
        view = explain_decision.decision_view(decision_id=decision_id, actor=acting.actor_of(request))
        return decision_views.as_document(view, language=language())


@router.get("/credit-checks/{uuid:decision_id}/explanation", summary="Why, in words and figures")
def get_explanation(request: HttpRequest, decision_id: UUID) -> dict[str, Any]:
    """Return the equation, every check with ours, limit and gap, the remedies and who decides."""
    with acting.reading(request):
        found = explain_decision.explain_decision(decision_id=decision_id, actor=acting.actor_of(request))
        return {"id": str(found.view.id), **found.explained}


@router.post(
    "/credit-checks/{uuid:decision_id}/replay", summary="Recompute a decision from what was recorded"
)
def post_replay(request: HttpRequest, decision_id: UUID) -> dict[str, Any]:
    """Recompute from stored facts and the stored policy; nothing is written, so no key is needed."""
    with acting.reading(request):
        replay = replay_decisions.replay_decision(decision_id=decision_id, actor=acting.actor_of(request))
        return {
            "id": str(decision_id),
            "identical": not replay.different,
            "differences": [place for one in replay.different for place in one.places],
        }


def _run(request: HttpRequest, checks: list[CheckIn]) -> list[dict[str, Any]]:
    if len({check.commit for check in checks}) > 1:
        raise UnableToReadAmountError(
            Words(
                zh="同一批请求的 commit 必须一致。",
                en="All checks of a batch are committed, or none of them is.",
            )
        )
    requests = _requests(request, checks)
    views = check_order_credit.check_order_credit(
        requests=requests, actor=acting.actor_of(request), commit=checks[0].commit
    )
    return [decision_views.as_document(view, language=language()) for view in views]


def _requests(request: HttpRequest, checks: list[CheckIn]) -> list[CheckRequest]:
    companies = {code: acting.company_of(request, code) for code in {check.company for check in checks}}
    for company in companies.values():
        acting.require_role(request, company, *CHECKERS)
    return [
        CheckRequest(
            company=companies[check.company],
            customer_code=check.customer,
            reference=check.reference,
            amount=_amount(check),
            control_point=ControlPoint(check.control_point),
            terms_days=check.terms_days,
            requested_on=check.requested_on,
            lines=_lines(check),
        )
        for check in checks
    ]


def _lines(check: CheckIn) -> tuple[PartLine, ...]:
    return tuple(
        PartLine(
            line=number,
            item=line.item,
            quantity=None if line.quantity is None else Decimal(line.quantity),
            amount=read_money(line.amount, check.currency).amount,
        )
        for number, line in enumerate(check.lines or (), start=1)
    )


def _amount(check: CheckIn) -> Money:
    amount = read_money(check.amount, check.currency)
    if check.lines is None:
        return amount
    total = money.total((read_money(line.amount, check.currency) for line in check.lines), amount.currency)
    if total != amount:
        raise UnableToReadAmountError(
            Words(
                zh=f"明细合计 {total.text()} 与金额 {amount.text()} 不符。",
                en=f"The lines sum to {total.text()}, the amount is {amount.text()}.",
            ),
            lines=total.text(),
            amount=amount.text(),
        )
    return amount
