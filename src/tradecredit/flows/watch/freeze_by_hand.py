"""Freeze a customer's orders, shipments or line by hand, and lift it again: with a reason, days, and four eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.approvals import operations as approvals
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.monitoring import operations, queries
from tradecredit.core.approvals import routing
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.orders import order_policy
from tradecredit.flows.watch import sync_freezes
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.monitoring.queries import ActiveFreeze
    from tradecredit.core.approvals.authority import Authority
    from tradecredit.flows.orders.record_release import Terms
    from tradecredit.plumbing.access import Actor

CAUSE: Final = "person"


class UnableToFreezeError(UnableToError):
    """The freeze is on already, is not there, has no reason, or is not one that people lift."""

    code = "freeze_refused"
    status = 409


def freeze(
    *,
    company: Company,
    customer_id: UUID,
    scope: str,
    reason: str,
    actor: Actor,
    ends_on: date | None = None,
    as_of: date | None = None,
) -> ActiveFreeze:
    """Freeze ``orders``, ``shipments`` or ``limit`` from today on, until ``ends_on`` (that day excluded) or lifted.

    Freezing never waits: it reduces risk. Raises UnableToFreezeError where this switch is on by hand already.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        _refuse_unfit(customer_id, scope=scope, reason=reason, ends_on=ends_on, day=day)
        operations.end_freezes(company_id=company.pk, day=day)
        if _by_hand(company, customer_id, scope=scope, day=day) is not None:
            raise _refusal(zh="这个开关已经人工冻结。", en="This switch is frozen by hand already.")
        name = sync_freezes.SCOPES[scope]
        words = Words(zh=f"人工冻结{name.zh}：{reason}", en=f"{name.en} frozen by hand: {reason}")
        operations.freeze(
            company_id=company.pk,
            frozen_on=day,
            switches=[
                operations.NewSwitch(
                    customer_id=customer_id, cause=CAUSE, scope=scope, words=words, ends_on=ends_on
                )
            ],
            created_by=actor.name,
        )
        _log(company, customer_id, kind="freeze.set", words=words, actor=actor)
        found = _by_hand(company, customer_id, scope=scope, day=day)
        assert found is not None, "it was set a moment ago"  # noqa: S101 -- cannot happen
        return found


def lift(*, company: Company, freeze_id: UUID, reason: str, actor: Actor, as_of: date | None = None) -> bool:
    """Lift a freeze set by hand, or ask a second person where policy wants four eyes; tells whether it is off.

    Raises UnableToFreezeError for a freeze that is not on, was not set by hand, or is asked about already.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        found = queries.freeze(freeze_id)
        if found is None or found.cause != CAUSE or not reason.strip():
            raise _refusal(
                zh="只有人工冻结可以由人解除，并须写明理由；其他冻结随其原因自动解除。",
                en="People lift what people froze, with a reason; every other freeze goes with its cause.",
            )
        policy = order_policy.in_force({(company.pk, day)})[company.pk, day]
        if not policy.control.lifts_with_four_eyes:
            _lift(company, found, reason=reason, actor=actor, day=day)
            return True
        _ask(company, found, reason=reason, authority=policy.authority, actor=actor)
        return False


def release_approved(
    *, request: RequestRecord, terms: Terms, actor: Actor, as_of: date | None = None
) -> UUID:
    """Lift the freeze that people have agreed to lift; returns it."""
    db.transaction_required()
    company = Company.objects.get(pk=request.company_id)
    found = queries.freeze(request.subject_id)
    if found is None:
        raise _refusal(zh="这项冻结已经解除。", en="The freeze is off already.")
    day = as_of or clock.today(company)
    _lift(company, found, reason=request.reason or terms.reason, actor=actor, day=day)
    return found.id


def reject_approved(*, request: RequestRecord, reason: str, actor: Actor) -> None:
    """Leave the freeze on, as people decided."""
    del request, reason, actor


def end_freezes(*, company: Company, actor: Actor, day: date) -> int:
    """Let freezes end whose days are over, and look again at what they held; returns how many."""
    with db.unit_of_work(actor):
        customers = operations.end_freezes(company_id=company.pk, day=day)
        _announce(company, customers)
        return len(customers)


def _lift(company: Company, found: ActiveFreeze, *, reason: str, actor: Actor, day: date) -> None:
    operations.lift_freezes(ids=[found.id], lifted_on=day, because=reason)
    name = sync_freezes.SCOPES[found.scope]
    words = Words(zh=f"解除冻结{name.zh}：{reason}", en=f"{name.en} no longer frozen: {reason}")
    _log(company, found.customer_id, kind="freeze.lifted", words=words, actor=actor)
    _announce(company, [found.customer_id])


def _ask(company: Company, found: ActiveFreeze, *, reason: str, authority: Authority, actor: Actor) -> None:
    if approvals.is_asked(kind=routing.FREEZE_LIFT, subject_id=found.id):
        raise _refusal(zh="解除申请已提交，等待审批。", en="Lifting it is asked for already.")
    route = routing.route(
        kind=routing.FREEZE_LIFT, grade=None, amount=Money.zero(company.base_currency), authority=authority
    )
    approvals.ask(
        [
            approvals.NewRequest(
                company_id=company.pk,
                customer_id=found.customer_id,
                subject_id=found.id,
                reference=found.scope,
                route=route,
                reason=reason,
            )
        ],
        actor=actor,
    )


def _by_hand(company: Company, customer_id: UUID, *, scope: str, day: date) -> ActiveFreeze | None:
    found = queries.active_freezes(company_id=company.pk, customer_ids=[customer_id], as_of=day, cause=CAUSE)
    return next((one for one in found.get(customer_id, ()) if one.scope == scope), None)


def _refuse_unfit(customer_id: UUID, *, scope: str, reason: str, ends_on: date | None, day: date) -> None:
    if scope not in sync_freezes.SCOPES or not reason.strip():
        raise _refusal(zh="请选择冻结范围并写明理由。", en="Choose what is frozen and say why.")
    if ends_on is not None and ends_on <= day:
        raise _refusal(zh="冻结的结束日须晚于今天。", en="A freeze ends after today.")
    if customer_id not in dossier.customers_by_id([customer_id]):
        raise _refusal(zh="没有这个客户，或您无权查看。", en="There is no such customer in your sight.")


def _announce(company: Company, customers: list[UUID]) -> None:
    events.emit_many(
        name="freeze.lifted",
        company_id=company.pk,
        payloads=[(customer, {"customer_id": customer}) for customer in customers],
    )


def _log(company: Company, customer_id: UUID, *, kind: str, words: Words, actor: Actor) -> None:
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[log.NewEntry(stream=f"customer:{customer_id}", kind=kind, words=words, payload={})],
    )


def _refusal(*, zh: str, en: str) -> UnableToFreezeError:
    return UnableToFreezeError(Words(zh=zh, en=en))
