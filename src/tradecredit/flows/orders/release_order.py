"""Release or reject a held order by people: authority, four eyes, a reason, and the facts looked at once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.decisions import operations as decisions
from tradecredit.apps.orders import operations as orders
from tradecredit.apps.orders import queries as order_queries
from tradecredit.apps.orders.models import OrderStatus
from tradecredit.core.approvals import four_eyes, routing
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.orders import (
    order_cases,
    order_decided,
    order_exposure,
    record_release,
    remainders,
)
from tradecredit.flows.orders.order_cases import CheckRequest
from tradecredit.plumbing import clock, db, ids
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.flows.orders.order_decided import Decided
    from tradecredit.flows.orders.record_release import Terms
    from tradecredit.plumbing.access import Actor


class UnableToReleaseOrderError(UnableToError):
    """The order cannot be released: nobody was asked, or policy does not leave it to people any more."""

    code = "release_refused"
    status = 409


def open_request(*, company: Company, reference: str) -> RequestRecord:
    """Return the open question about a held order; raises UnableToFindOrderError, UnableToReleaseOrderError."""
    order = order_exposure.locked(company=company, reference=reference).order
    asked = approvals.open_of_subjects(kind=routing.ORDER_RELEASE, subject_ids=[order.id])
    if order.id not in asked:
        raise UnableToReleaseOrderError(
            Words(
                zh="订单 {reference} 没有待决的放行申请（当前状态 {status}）。请先重新检查。",
                en="Nothing is asked about order {reference} (it is {status}). Check it again first.",
            ).filled(reference=reference, status=order.status),
            reference=reference,
        )
    return asked[order.id]


def release_approved(
    *, request: RequestRecord, terms: Terms, actor: Actor, as_of: date | None = None
) -> UUID:
    """Release a held order that people have approved; returns the decision that re-examines it.

    The facts are gathered again under the lock: what policy has come to reject meanwhile is not released, and an
    amount that has grown since the question was put is a new question. The release is put down with its reason,
    its tolerance, its days and the later steps it covers. Raises UnableToReleaseOrderError, UnableToApproveError,
    UnableToMoveOrderError.
    """
    db.transaction_required()
    company = Company.objects.get(pk=request.company_id)
    occupied = order_exposure.locked(company=company, reference=request.reference)
    order = occupied.order
    order_exposure.require_status(order, frozenset({OrderStatus.HELD.value}))
    decided = _look_again(company, request, reason=terms.reason, as_of=as_of)
    asked = decided.facts.request.amount
    four_eyes.ensure_still_covered(approved=request.amount or Money.zero(asked.currency), amount=asked)
    refuse_rejected(decided, request)
    decisions.record([decided.to_record()], actor=actor)
    order_exposure.stand_as_ordered(
        occupied, asked, cause="release", cause_id=decided.id, day=decided.case.day
    )
    orders.set_decision(order.id, status=OrderStatus.RELEASED, decision_id=decided.id)
    home = remainders.fold(company=company, order_ids=[order.id], day=decided.case.day).get(order.id, order)
    words = _released(request, terms.reason)
    record_release.record(order=home, decided=decided, request=request, terms=terms, words=words, actor=actor)
    _tell(request, decided.id, kind="order.released", words=words, actor=actor)
    return decided.id


def refuse_rejected(decided: Decided, request: RequestRecord) -> None:
    """Raise UnableToReleaseOrderError for what policy has come to reject meanwhile."""
    if decided.decision.outcome is Outcome.REJECT:
        raise UnableToReleaseOrderError(
            Words(
                zh="订单 {reference} 现在按政策应拒绝，不能放行。请先消除拒绝原因。",
                en="Policy now rejects order {reference}: it is not released. Cure the cause first.",
            ).filled(reference=request.reference),
            reference=request.reference,
        )


def reject_approved(*, request: RequestRecord, reason: str, actor: Actor) -> None:
    """Reject a held order for good, as people decided."""
    db.transaction_required()
    order = order_queries.order_by_id(request.subject_id)
    if order is None or order.status != OrderStatus.HELD:
        return
    orders.set_status([request.subject_id], status=OrderStatus.REJECTED)
    _tell(request, request.decision_id, kind="order.rejected", words=_rejected(request, reason), actor=actor)


def _look_again(company: Company, request: RequestRecord, *, reason: str, as_of: date | None) -> Decided:
    order = order_exposure.locked(company=company, reference=request.reference).order
    check = CheckRequest(
        company=company,
        customer_code=order.customer_code,
        reference=order.reference,
        amount=order.whole,
        terms_days=order.asked_terms,
        purpose="release",
        reason=reason,
    )
    return examined(check, as_of=as_of)


def examined(check: CheckRequest, *, as_of: date | None) -> Decided:
    """Decide a document under the lock without any effect yet: what people released is looked at once more."""
    case = order_cases.gather([check], as_of=as_of, is_locked=True)[0]
    decision = routing.decide(facts=case.facts, policy=case.policy.control, authority=case.policy.authority)
    return order_decided.Decided(
        id=ids.new_id(),
        case=case,
        facts=case.facts,
        decision=decision,
        is_committed=True,
        decided_at=clock.now(),
    )


def _released(request: RequestRecord, reason: str) -> Words:
    return Words(
        zh="订单 {reference} 经审批放行：{reason}", en="Order {reference} released by approval: {reason}"
    ).filled(reference=request.reference, reason=reason)


def _rejected(request: RequestRecord, reason: str) -> Words:
    return Words(
        zh="订单 {reference} 经审批驳回：{reason}", en="Order {reference} rejected by approval: {reason}"
    ).filled(reference=request.reference, reason=reason)


def _tell(request: RequestRecord, decision_id: UUID | None, *, kind: str, words: Words, actor: Actor) -> None:
    payload = {
        "order_id": request.subject_id,
        "customer_id": request.customer_id,
        "reference": request.reference,
        "decision_id": decision_id,
        "request_id": request.id,
    }
    events.emit(name=kind, company_id=request.company_id, payload=payload, subject=request.customer_id)
    log.append(
        company_id=request.company_id,
        actor=actor,
        entries=[
            log.NewEntry(stream=f"customer:{request.customer_id}", kind=kind, words=words, payload=payload)
        ],
    )
