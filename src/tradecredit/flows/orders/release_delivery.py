"""Release or reject a held delivery by people, as a held order is: authority, four eyes, a reason, a last look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.decisions import operations as decisions
from tradecredit.apps.orders import stopped
from tradecredit.apps.orders.models import HeldDeliveryStatus
from tradecredit.core.approvals import four_eyes
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.orders import deliver_order, order_exposure, record_release, release_order
from tradecredit.flows.orders.order_cases import CheckRequest
from tradecredit.plumbing import db
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.orders.stopped import StoppedDelivery
    from tradecredit.flows.orders.order_decided import Decided
    from tradecredit.flows.orders.record_release import Terms
    from tradecredit.plumbing.access import Actor


class UnableToReleaseDeliveryError(UnableToError):
    """The delivery is held no longer, or nobody was asked about it."""

    code = "delivery_release_refused"
    status = 409


def release_approved(
    *, request: RequestRecord, terms: Terms, actor: Actor, as_of: date | None = None
) -> UUID:
    """Let a held delivery leave as people have approved; returns the decision that re-examines it.

    Raises UnableToReleaseDeliveryError, UnableToReleaseOrderError, UnableToApproveError, UnableToMoveOrderError.
    """
    db.transaction_required()
    company = Company.objects.get(pk=request.company_id)
    stop = _held(request)
    order = order_exposure.locked(company=company, reference=stop.order_reference).order
    order_exposure.require_status(order, deliver_order.DELIVERABLE)
    decided = _look_again(company, request, stop, reason=terms.reason, as_of=as_of)
    decisions.record([decided.to_record()], actor=actor)
    leaving = deliver_order.DeliveryRequest(reference=order.reference, number=stop.number, amount=stop.amount)
    deliver_order.record_leaving(company=company, leaving=[(leaving, decided.id)], day=decided.case.day)
    stopped.end([stop.id], status=HeldDeliveryStatus.RELEASED, decision_id=decided.id)
    words = _words(_RELEASED, stop, terms.reason)
    record_release.record(
        order=order,
        decided=decided,
        request=request,
        terms=terms,
        words=words,
        actor=actor,
        delivery_number=stop.number,
    )
    _tell(request, stop, kind="delivery.released", words=words, actor=actor)
    return decided.id


def _look_again(
    company: Company, request: RequestRecord, stop: StoppedDelivery, *, reason: str, as_of: date | None
) -> Decided:
    check = CheckRequest(
        company=company,
        customer_code=stop.customer_code,
        reference=stop.order_reference,
        amount=stop.amount,
        control_point=ControlPoint.DELIVERY,
        purpose="release",
        reason=reason,
    )
    decided = release_order.examined(check, as_of=as_of)
    amount = decided.facts.request.amount
    four_eyes.ensure_still_covered(approved=request.amount or Money.zero(amount.currency), amount=amount)
    release_order.refuse_rejected(decided, request)
    return decided


def reject_approved(*, request: RequestRecord, reason: str, actor: Actor) -> None:
    """Reject a held delivery for good; its order goes on."""
    db.transaction_required()
    stop = stopped.by_id(request.subject_id)
    if stop is None or not stopped.end([stop.id], status=HeldDeliveryStatus.REJECTED):
        return
    _tell(request, stop, kind="delivery.rejected", words=_words(_REJECTED, stop, reason), actor=actor)


def _held(request: RequestRecord) -> StoppedDelivery:
    stop = stopped.by_id(request.subject_id)
    if stop is None or stop.status != HeldDeliveryStatus.HELD:
        raise UnableToReleaseDeliveryError(
            Words(
                zh="发货 {number} 已不在拦截中。请刷新后查看。",
                en="Delivery {number} is held no longer. Reload to see how it stands.",
            ).filled(number=request.reference),
            number=request.reference,
        )
    return stop


_RELEASED = Words(
    zh="订单 {reference} 的发货 {number} 经审批放行：{reason}",
    en="Delivery {number} of order {reference} released by approval: {reason}",
)
_REJECTED = Words(
    zh="订单 {reference} 的发货 {number} 经审批驳回：{reason}",
    en="Delivery {number} of order {reference} rejected by approval: {reason}",
)


def _words(template: Words, stop: StoppedDelivery, reason: str) -> Words:
    return template.filled(reference=stop.order_reference, number=stop.number, reason=reason)


def _tell(request: RequestRecord, stop: StoppedDelivery, *, kind: str, words: Words, actor: Actor) -> None:
    payload = {
        "order_id": stop.order_id,
        "customer_id": stop.customer_id,
        "reference": stop.order_reference,
        "delivery": stop.number,
        "request_id": request.id,
    }
    events.emit(name=kind, company_id=request.company_id, payload=payload, subject=stop.customer_id)
    log.append(
        company_id=request.company_id,
        actor=actor,
        entries=[
            log.NewEntry(stream=f"customer:{stop.customer_id}", kind=kind, words=words, payload=payload)
        ],
    )
