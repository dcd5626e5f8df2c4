"""Propose a credit line, by the formula of the policy or as somebody asks; another person decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.limits import operations, queries
from tradecredit.apps.limits.operations import NewProposal
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.kernel import periods
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.core.limits import validity as validities
from tradecredit.flows.limits import limit_advice, limit_requests
from tradecredit.flows.processes import course
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.limits.queries import ProposalRecord
    from tradecredit.core.kernel.limit import Limit
    from tradecredit.core.kernel.money import Money
    from tradecredit.flows.limits.limit_advice import Advice
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


_BY_FLOW: Final = "按审批流程自动驳回 / turned down by the approval flow itself"


class UnableToProposeLimitError(UnableToError):
    """A line cannot be proposed this way."""

    code = "unable_to_propose_limit"


def propose_limit(
    *,
    company: Company,
    customer_id: UUID,
    actor: Actor,
    asked: Limit | None = None,
    currency: str | None = None,
    days: int | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    reason: str = "",
    as_of: date | None = None,
) -> ProposalRecord:
    """Record a proposed line, the formula's or the one asked for, and put it to those who decide.

    ``valid_to`` is the first day on which the line no longer holds. Raises UnableToProposeLimitError where the
    formula has no amount, the days contradict each other, or the same question is open already.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        advice = _advice(company, customer_id=customer_id, currency=currency, day=day)
        _refuse_second(company, advice=advice, line_kind="base", reference="")
        limit = asked if asked is not None else _by_formula(advice)
        validity_asked = _base_validity(advice, valid_from=valid_from, valid_to=valid_to, day=day)
        proposal = _base(advice, limit=limit, days=days, validity=validity_asked, reason=reason)
        return _ask(company, advice=advice, asked=asked, actor=actor, proposal=proposal)


def propose_by_formula(
    *, company: Company, advices: Iterable[Advice], actor: Actor, reasons: Mapping[UUID, str], as_of: date
) -> tuple[ProposalRecord, ...]:
    """Record the formula's line of each advice; the caller left out those about whom people are asked already."""
    made = []
    with db.unit_of_work(actor):
        for advice in advices:
            proposal = _base(
                advice,
                limit=_by_formula(advice),
                days=None,
                validity=_base_validity(advice, valid_from=None, valid_to=None, day=as_of),
                reason=reasons.get(advice.customer.id, ""),
            )
            made.append(_ask(company, advice=advice, asked=None, actor=actor, proposal=proposal))
    return tuple(made)


def request_temporary_line(
    *,
    company: Company,
    customer_id: UUID,
    amount: Money,
    until: date,
    actor: Actor,
    reference: str = "",
    reason: str = "",
    as_of: date | None = None,
) -> ProposalRecord:
    """Ask for more on top of the base line, up to and including ``until``, for all orders or the one named.

    Raises UnableToGrantTemporaryLineError where policy does not allow the amount or the time.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        advice = _advice(company, customer_id=customer_id, currency=amount.currency, day=day)
        _refuse_second(company, advice=advice, line_kind="temporary", reference=reference)
        wanted = _validity(day, until + timedelta(days=1))
        validities.check_temporary(advice.policy.limits, amount=amount, base=advice.base, validity=wanted)
        limit = tagged.Amount(amount)
        return _ask(
            company,
            advice=advice,
            asked=limit,
            actor=actor,
            proposal=NewProposal(
                customer_id=customer_id,
                line_kind="temporary",
                limit=limit,
                currency=amount.currency,
                days=None,
                validity=wanted,
                reason=reason,
                conditions={"reference": reference} if reference else {},
            ),
        )


def _rejected_by_flow(proposal: ProposalRecord) -> ProposalRecord:
    operations.decide_proposal(proposal_id=proposal.id, status="rejected", actor=course.FLOW, reason=_BY_FLOW)
    return queries.proposal(proposal_id=proposal.id) or proposal


def _ask(
    company: Company, *, advice: Advice, asked: Limit | None, actor: Actor, proposal: NewProposal
) -> ProposalRecord:
    route = limit_requests.route(
        line_kind=proposal.line_kind,
        limit=proposal.limit,
        currency=proposal.currency,
        grade=advice.grade,
        authority=advice.policy.authority,
    )
    calculation: dict[str, Any] = {
        **advice.as_dict(),
        "asked": None if asked is None else tagged.text(asked),
        "route": route.as_dict(),
    }
    recorded = operations.open_proposal(
        company_id=company.pk, actor=actor, proposal=replace(proposal, calculation=calculation)
    )
    if not limit_requests.ask(company_id=company.pk, proposal=recorded, asked=route, actor=actor):
        recorded = _rejected_by_flow(recorded)
    text = f"{tagged.text(proposal.limit)} {proposal.currency}"
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{proposal.customer_id}",
                kind="limit.proposed",
                words=Words(
                    zh=f"申请{_KIND_WORDS[proposal.line_kind].zh} {text}：{route.why.zh}",
                    en=f"{_KIND_WORDS[proposal.line_kind].en} of {text} asked for: {route.why.en}",
                ),
                payload={"proposal_id": recorded.id, "limit": tagged.text(proposal.limit)},
            )
        ],
    )
    return recorded


_PERCENT = Decimal(100)
_KIND_WORDS = {
    "base": Words(zh="授信额度", en="Credit line"),
    "temporary": Words(zh="临时额度", en="Temporary line"),
}


def _advice(company: Company, *, customer_id: UUID, currency: str | None, day: date) -> Advice:
    found = limit_advice.advise(
        company_id=company.pk,
        customer_ids=[customer_id],
        currency=currency or company.base_currency,
        as_of=day,
    )
    if customer_id not in found:
        raise UnableToProposeLimitError(
            Words(
                zh="没有这个客户，或您无权查看。",
                en="There is no such customer, or it is out of your sight.",
            )
        )
    return found[customer_id]


def _refuse_second(company: Company, *, advice: Advice, line_kind: str, reference: str) -> None:
    for each in queries.proposals(company_id=company.pk, customer_id=advice.customer.id):
        same = each.line_kind == line_kind and each.currency == advice.currency
        if same and each.conditions.get("reference", "") == reference:
            raise UnableToProposeLimitError(
                Words(
                    zh=f"{each.requested_by_name} 已提出申请 {tagged.text(each.limit)} {each.currency}，请先批准、驳回或撤回。",
                    en=f"{each.requested_by_name} has asked for {tagged.text(each.limit)} {each.currency} already:"
                    " approve, reject or withdraw that first.",
                ),
                proposal_id=str(each.id),
            )


def _by_formula(advice: Advice) -> Limit:
    if advice.proposal.amount is None:
        gap = advice.proposal.steps[-1].words
        raise UnableToProposeLimitError(
            Words(
                zh=f"政策公式算不出额度（{gap.zh}），请填写申请金额。",
                en=f"The policy's formula gives no amount ({gap.en}): say which amount you ask for.",
            )
        )
    return tagged.Amount(advice.proposal.amount)


def _in_currency(limit: Limit, currency: str) -> Limit:
    if isinstance(limit, tagged.Amount) and limit.money.currency != currency:
        raise UnableToProposeLimitError(
            Words(
                zh=f"申请金额的币种是 {limit.money.currency}，额度的币种是 {currency}，请统一。",
                en=f"The amount is in {limit.money.currency} and the line in {currency}: use one currency.",
            )
        )
    return limit


def _base(advice: Advice, *, limit: Limit, days: int | None, validity: Validity, reason: str) -> NewProposal:
    return NewProposal(
        customer_id=advice.customer.id,
        line_kind="base",
        limit=_in_currency(limit, advice.currency),
        currency=advice.currency,
        days=advice.proposal.terms_days if days is None else days,
        validity=validity,
        reason=reason,
        conditions=_conditions(advice, limit=limit),
    )


def _base_validity(advice: Advice, *, valid_from: date | None, valid_to: date | None, day: date) -> Validity:
    """Return the time asked for, never before today; without an end the policy's months."""
    starts = max(valid_from or day, day)
    return _validity(starts, valid_to or periods.add_months(starts, advice.proposal.validity_months))


def _validity(starts: date, ends: date) -> Validity:
    if ends <= starts:
        raise UnableToProposeLimitError(
            Words(
                zh=f"额度的到期日必须晚于起始日 {starts}。",
                en=f"A line ends after it begins on {starts}: give a later day.",
            )
        )
    return Validity(starts, ends)


def _conditions(advice: Advice, *, limit: Limit) -> dict[str, Any]:
    """Return the line's conditions; the order check reads ``prepayment_share`` (0.3 of each order)."""
    needed = [{"name": each.name, "label": each.label.as_dict()} for each in advice.conditions_of(limit)]
    share = advice.proposal.prepayment_percent / _PERCENT
    return {"needed": needed, **({"prepayment_share": f"{share:f}"} if share else {})}
