"""Act on many held documents at once: each is done or refused by itself, and each answer says which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.orders import queries as orders
from tradecredit.apps.orders import stopped
from tradecredit.core.approvals import routing
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.orders import recheck_held_orders
from tradecredit.plumbing import db
from tradecredit.plumbing.access.models import Company

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.flows.orders.record_release import Terms
    from tradecredit.plumbing.access import Actor

Action = Literal["recheck", "release", "reject"]


class UnableToFindHoldError(UnableToError):
    """The document is held no longer, or the actor may not see it."""

    code = "hold_unknown"
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAnswer:
    """What became of one held document; a refusal left everything about it as it was."""

    id: UUID
    standing: str
    refusal: UnableToError | None = None


def act_on_holds(
    *, ids: Sequence[UUID], action: Action, terms: Terms, actor: Actor
) -> tuple[HoldAnswer, ...]:
    """Look again at, release or reject held orders and deliveries; a refused one does not stop the others."""
    answers = []
    with db.unit_of_work(actor):
        for one in dict.fromkeys(ids):
            try:
                with db.savepoint():
                    answers.append(HoldAnswer(id=one, standing=_act(one, action, terms=terms, actor=actor)))
            except UnableToError as refusal:
                answers.append(HoldAnswer(id=one, standing="refused", refusal=refusal))
    return tuple(answers)


def _act(one: UUID, action: Action, *, terms: Terms, actor: Actor) -> str:
    order, delivery = orders.order_by_id(one), stopped.by_id(one)
    subject = order or delivery
    if subject is None or subject.status != "held":
        raise _gone()
    if action == "recheck":
        company = Company.objects.get(pk=subject.company_id)
        return _recheck(company, subject.customer_id, is_order=order is not None, one=one, actor=actor)
    kind = routing.ORDER_RELEASE if order is not None else routing.DELIVERY_RELEASE
    asked = approvals.open_of_subjects(kind=kind, subject_ids=[one]).get(one)
    if asked is None:
        raise _gone()
    done = decide_approval.decide_approval(
        request_id=asked.id,
        approves=action == "release",
        reason=terms.reason,
        reason_code=terms.reason_code,
        days=terms.days,
        actor=actor,
    )
    return done.standing.value


def _recheck(company: Company, customer_id: UUID, *, is_order: bool, one: UUID, actor: Actor) -> str:
    look = (
        recheck_held_orders.recheck_held_orders if is_order else recheck_held_orders.recheck_held_deliveries
    )
    look(company=company, customer_ids=[customer_id], actor=actor)
    order, delivery = orders.order_by_id(one), stopped.by_id(one)
    found = order or delivery
    return "held" if found is not None and found.status == "held" else "released"


def _gone() -> UnableToFindHoldError:
    return UnableToFindHoldError(
        Words(
            zh="这张单据已不在拦截中，或您无权查看。请刷新。",
            en="The document is held no longer, or you may not see it. Reload.",
        )
    )
