"""Bring orders that have not left into line with a grade that moved: their terms, and whether goods leave at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.monitoring import operations as monitoring
from tradecredit.apps.monitoring import queries as freezes
from tradecredit.apps.orders import operations as orders
from tradecredit.apps.orders import queries as order_queries
from tradecredit.apps.scoring import queries as scoring
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.limits import order_terms
from tradecredit.flows.orders import order_policy
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.orders.queries import OrderRecord
    from tradecredit.apps.scoring.queries import RatingRecord
    from tradecredit.core.limits.order_terms import Terms
    from tradecredit.flows.orders.order_policy import PolicyInForce
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

CAUSE: Final = "grade"
_SHIPMENTS: Final = "shipments"
_TERMS: Final = Words(
    zh="等级变为 {grade}：未发货订单 {reference} 的账期由 {before} 天改为 {after} 天",
    en="Grade is now {grade}: the terms of order {reference}, not shipped yet, go from {before} to {after} days",
)
_PAUSED: Final = Words(
    zh="等级降为 {grade}：暂停发货，等级回升后自动恢复",
    en="Downgraded to {grade}: shipments pause until the grade is better again",
)
_RESUMED: Final = Words(zh="等级升为 {grade}：恢复发货", en="Grade is now {grade}: shipments go on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How many orders got other terms, and whose shipments paused or went on."""

    orders: int
    paused: tuple[UUID, ...]
    resumed: tuple[UUID, ...]


def follow_grade(
    *, company: Company, customer_ids: Collection[UUID], actor: Actor, as_of: date | None = None
) -> Followed:
    """Apply the policy of the customers' grades to their open orders; running it twice changes nothing more."""
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        policy = order_policy.in_force({(company.pk, day)})[company.pk, day]
        ratings = scoring.latest(company_id=company.pk, customer_ids=customer_ids, as_of=day)
        changed = _new_terms(company, ratings, policy)
        orders.set_terms({order.id: (terms.days, terms.first_days) for order, terms in changed})
        _tell_terms(company, changed, ratings, actor=actor)
        paused = _pause(company, ratings, policy, day=day, actor=actor)
        resumed = _resume(company, ratings, policy, day=day, actor=actor)
    return Followed(orders=len(changed), paused=paused, resumed=resumed)


def _new_terms(
    company: Company, ratings: Mapping[UUID, RatingRecord], policy: PolicyInForce
) -> list[tuple[OrderRecord, Terms]]:
    """Return the orders whose terms move, locked by nobody: terms take no room."""
    if not ratings:
        return []
    found = []
    for order in order_queries.to_ship(company_id=company.pk, customer_ids=ratings):
        grade = policy.grade(ratings[order.customer_id].grade)
        if order.agreed_terms_days is None or grade is None:
            continue
        before = order_terms.Terms(days=order.agreed_terms_days, first_days=order.first_terms_days)
        after = order_terms.after(before, grade_days=grade.terms_days, rule=policy.open_orders)
        if after != before:
            found.append((order, after))
    return found


def _pause(
    company: Company, ratings: Mapping[UUID, RatingRecord], policy: PolicyInForce, *, day: date, actor: Actor
) -> tuple[UUID, ...]:
    pausing = policy.open_orders.pause_shipments
    fallen = {
        customer: rating
        for customer, rating in ratings.items()
        if rating.grade in pausing and rating.result["change"]["direction"] == "down"
    }
    known = freezes.active_freezes(company_id=company.pk, customer_ids=fallen, as_of=day, cause=CAUSE)
    new = {
        customer: _PAUSED.filled(grade=rating.grade)
        for customer, rating in fallen.items()
        if customer not in known
    }
    switches = [
        monitoring.NewSwitch(customer_id=customer, cause=CAUSE, scope=_SHIPMENTS, words=words)
        for customer, words in new.items()
    ]
    monitoring.freeze(company_id=company.pk, frozen_on=day, switches=switches, created_by=actor.name)
    _log(company, new, kind="freeze.set", actor=actor)
    return tuple(new)


def _resume(
    company: Company, ratings: Mapping[UUID, RatingRecord], policy: PolicyInForce, *, day: date, actor: Actor
) -> tuple[UUID, ...]:
    pausing = policy.open_orders.pause_shipments
    better = {customer for customer, rating in ratings.items() if rating.grade not in pausing}
    found = freezes.active_freezes(company_id=company.pk, customer_ids=better, as_of=day, cause=CAUSE)
    words = {customer: _RESUMED.filled(grade=ratings[customer].grade) for customer in found}
    monitoring.lift_freezes(
        ids=[one.id for ours in found.values() for one in ours],
        lifted_on=day,
        because="the grade is better again",
    )
    _log(company, words, kind="freeze.lifted", actor=actor)
    events.emit_many(
        name="freeze.lifted",
        company_id=company.pk,
        payloads=[(customer, {"customer_id": customer}) for customer in found],
    )
    return tuple(found)


def _tell_terms(
    company: Company,
    changed: list[tuple[OrderRecord, Terms]],
    ratings: Mapping[UUID, RatingRecord],
    *,
    actor: Actor,
) -> None:
    """Log each change and tell the system that ships and invoices the orders."""
    events.emit_many(
        name="order.terms_changed",
        company_id=company.pk,
        payloads=[
            (
                order.customer_id,
                {
                    "customer_id": order.customer_id,
                    "order_id": order.id,
                    "reference": order.reference,
                    "terms_days_before": order.agreed_terms_days,
                    "terms_days": terms.days,
                },
            )
            for order, terms in changed
        ],
    )
    entries = [
        log.NewEntry(
            stream=f"customer:{order.customer_id}",
            kind="order.terms_changed",
            words=_TERMS.filled(
                grade=ratings[order.customer_id].grade,
                reference=order.reference,
                before=order.agreed_terms_days,
                after=terms.days,
            ),
            payload={"reference": order.reference},
        )
        for order, terms in changed
    ]
    log.append(company_id=company.pk, actor=actor, entries=entries)


def _log(company: Company, words: Mapping[UUID, Words], *, kind: str, actor: Actor) -> None:
    entries = [
        log.NewEntry(stream=f"customer:{customer}", kind=kind, words=said) for customer, said in words.items()
    ]
    log.append(company_id=company.pk, actor=actor, entries=entries)
