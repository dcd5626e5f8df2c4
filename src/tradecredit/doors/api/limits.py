"""Credit lines: in force, proposed, decided."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.limits import queries as limits
from tradecredit.apps.limits.queries import LineRecord, ProposalRecord
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.kernel import money
from tradecredit.core.kernel.limit import Limit
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.limits import validity
from tradecredit.doors.api import acting
from tradecredit.flows.limits import limit_advice, propose_limit, set_limit
from tradecredit.flows.limits.propose_limit import UnableToProposeLimitError
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role

router = Router(tags=["limits"])
_ASKERS = (
    Role.SALES,
    Role.SALES_MANAGER,
    Role.SALES_DIRECTOR,
    Role.CREDIT_SPECIALIST,
    Role.CREDIT_MANAGER,
    Role.RISK_DIRECTOR,
    Role.FINANCE_MANAGER,
    Role.CFO,
    Role.INTEGRATION,
    Role.ADMIN,
)
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Text = Annotated[str, StringConstraints(max_length=500)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
LimitText = Annotated[str, StringConstraints(pattern=r"^(unlimited|not set|\d{1,16}(\.\d{1,4})?)$")]


class ProposalIn(Schema, extra="forbid"):
    """A line to ask for; without a limit the policy's formula gives it."""

    customer: Code
    company: Code | None = None
    kind: Literal["base", "temporary"] = "base"
    limit: LimitText | None = None
    currency: Currency | None = None
    days: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    reference: Annotated[str, StringConstraints(max_length=64)] = ""
    reason: Text = ""


class VoteIn(Schema, extra="forbid"):
    """A word on a proposal."""

    company: Code | None = None
    reason: Text = ""


@router.get("/proposals", summary="Proposed lines, newest first")
def proposals(
    request: HttpRequest,
    company: Annotated[str | None, Query()] = None,
    status: Annotated[Literal["open", "all"], Query()] = "open",
) -> dict[str, Any]:
    """Return the proposals that the caller may see."""
    found = acting.company_of(request, company)
    with acting.reading(request):
        records = limits.proposals(company_id=found.pk, only_open=status == "open")
        customers = dossier.customers_by_id({each.customer_id for each in records})
    return {
        "proposals": [
            _proposal(each, customer=customers[each.customer_id].code)
            for each in records
            if each.customer_id in customers
        ]
    }


@router.get("/{customer}", summary="A customer's lines, the limit in force and the formula's proposal")
def lines(
    request: HttpRequest,
    customer: str,
    company: Annotated[str | None, Query()] = None,
    as_of: Annotated[date | None, Query()] = None,
    currency: Annotated[str | None, Query()] = None,
) -> dict[str, Any]:
    """Return the limit in force on the day by currency, each line, and what policy proposes with its steps."""
    found = acting.company_of(request, company)
    with acting.reading(request):
        record = dossier.customer_by_code(customer)
        if record is None or found.pk not in record.company_ids:
            raise Http404
        day = as_of or clock.today(found)
        known = limits.lines(company_id=found.pk, customer_ids=[record.id])
        advice = limit_advice.advise(
            company_id=found.pk,
            customer_ids=[record.id],
            currency=currency or found.base_currency,
            as_of=day,
        )[record.id]
    return {
        "customer": customer,
        "company": found.code,
        "as_of": day.isoformat(),
        "limits": [
            _limit_of(currency_, records, day=day)
            for (_, currency_), records in sorted(known.items(), key=str)
        ],
        "proposal": advice.as_dict(),
    }


@router.post("/proposals", response={201: Any}, summary="Ask for a line")
def propose(request: HttpRequest, body: ProposalIn) -> HttpResponse:
    """Record the question and put it to those who decide; nothing is granted by it."""
    company = acting.company_of(request, body.company)
    acting.require_role(request, company, *_ASKERS)

    def effect() -> dict[str, Any]:
        customer = dossier.customer_by_code(body.customer)
        if customer is None:
            raise Http404
        asked = None if body.limit is None else _limit(body.limit, body.currency or company.base_currency)
        if body.kind == "temporary":
            made = _temporary(request, body=body, customer_id=customer.id, asked=asked)
        else:
            made = propose_limit.propose_limit(
                company=company,
                customer_id=customer.id,
                actor=acting.actor_of(request),
                asked=asked,
                currency=body.currency,
                days=body.days,
                valid_from=body.valid_from,
                valid_to=body.valid_to,
                reason=body.reason,
            )
        return _proposal(made, customer=customer.code)

    return acting.once(request, status=201, effect=effect)


@router.post("/proposals/{proposal_id}/approve", response={200: Any}, summary="Vote for a line")
def approve(request: HttpRequest, proposal_id: UUID, body: VoteIn) -> HttpResponse:
    """Vote for the proposal; with the last vote needed the line comes into force."""
    company = acting.company_of(request, body.company)

    def effect() -> dict[str, Any]:
        done = set_limit.approve_limit(
            company=company, proposal_id=proposal_id, actor=acting.actor_of(request), reason=body.reason
        )
        return _decision(done)

    return acting.once(request, status=200, effect=effect)


@router.post("/proposals/{proposal_id}/reject", response={200: Any}, summary="Vote against a line")
def reject(request: HttpRequest, proposal_id: UUID, body: VoteIn) -> HttpResponse:
    """Vote against the proposal, which ends it; a reason is required."""
    company = acting.company_of(request, body.company)

    def effect() -> dict[str, Any]:
        done = set_limit.reject_limit(
            company=company, proposal_id=proposal_id, actor=acting.actor_of(request), reason=body.reason
        )
        return _decision(done)

    return acting.once(request, status=200, effect=effect)


@router.post("/proposals/{proposal_id}/withdraw", response={200: Any}, summary="Take one's own question back")
def withdraw(request: HttpRequest, proposal_id: UUID, body: VoteIn) -> HttpResponse:
    """Take one's own proposal back."""
    company = acting.company_of(request, body.company)

    def effect() -> dict[str, Any]:
        set_limit.withdraw_limit(
            company=company, proposal_id=proposal_id, actor=acting.actor_of(request), reason=body.reason
        )
        return {"proposal": str(proposal_id), "standing": "withdrawn"}

    return acting.once(request, status=200, effect=effect)


def _temporary(
    request: HttpRequest, *, body: ProposalIn, customer_id: UUID, asked: Limit | None
) -> ProposalRecord:
    company = acting.company_of(request, body.company)
    if not isinstance(asked, tagged.Amount) or body.valid_to is None:
        raise UnableToProposeLimitError(
            Words(
                zh="临时额度需要金额（limit）和最后一天（valid_to）。",
                en="A temporary line needs an amount (limit) and its last day (valid_to).",
            )
        )
    return propose_limit.request_temporary_line(
        company=company,
        customer_id=customer_id,
        amount=asked.money,
        until=body.valid_to,
        actor=acting.actor_of(request),
        reference=body.reference,
        reason=body.reason,
    )


def _limit(text: str, currency: str) -> Limit:
    match text:
        case "unlimited":
            return tagged.Unlimited()
        case "not set":
            return tagged.NotSet()
        case _:
            try:
                return tagged.Amount(money.parse(text, currency))
            except money.InvalidMoneyError as error:
                raise UnableToProposeLimitError(
                    Words(zh=f"金额 {text} {currency} 无效，请更正。", en=f"{error}; correct the amount.")
                ) from error


def _decision(done: set_limit.LimitDecision) -> dict[str, Any]:
    return {
        "proposal": str(done.proposal_id),
        "standing": done.standing.value,
        "line": None if done.line_id is None else str(done.line_id),
    }


def _limit_of(currency: str, records: tuple[LineRecord, ...], *, day: date) -> dict[str, Any]:
    found = validity.effective([each.line for each in records], as_of=day)
    return {
        "currency": currency,
        "limit": tagged.text(found.limit),
        "ends_on": None if found.ends_on is None else found.ends_on.isoformat(),
        "lines": [_line(each) for each in records],
    }


def _line(record: LineRecord) -> dict[str, Any]:
    ends = record.line.validity.valid_to
    return {
        "id": str(record.id),
        "kind": record.line.kind,
        "limit": tagged.text(record.line.limit),
        "valid_from": record.line.validity.valid_from.isoformat(),
        "valid_to": None if ends is None else ends.isoformat(),
        "days": record.days,
        "reference": record.line.reference,
        "origin": record.line.origin,
        "conditions": dict(record.conditions),
    }


def _proposal(record: ProposalRecord, *, customer: str) -> dict[str, Any]:
    ends = record.validity.valid_to
    return {
        "id": str(record.id),
        "customer": customer,
        "kind": record.line_kind,
        "limit": tagged.text(record.limit),
        "currency": record.currency,
        "days": record.days,
        "valid_from": record.validity.valid_from.isoformat(),
        "valid_to": None if ends is None else ends.isoformat(),
        "status": record.status,
        "reason": record.reason,
        "requested_by": record.requested_by_name,
        "decided_by": record.decided_by_name or None,
        "decision_reason": record.decision_reason or None,
        "conditions": dict(record.conditions),
        "calculation": dict(record.calculation),
    }
