"""Record what committed decisions do: room kept or given back, orders released or held, people asked, events, log."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tradecredit.apps.exposure import operations as exposure
from tradecredit.apps.orders import operations as orders
from tradecredit.apps.orders import parts
from tradecredit.apps.orders.models import OrderStatus
from tradecredit.core.decisions import explain, settings
from tradecredit.flows.orders import release_requests
from tradecredit.flows.orders.decision_views import ReservationView
from tradecredit.plumbing import ids
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tradecredit.core.exposure.parting import PartLine
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.flows.orders.decision_views import DecisionView
    from tradecredit.flows.orders.order_cases import Case
    from tradecredit.flows.orders.order_decided import Decided
    from tradecredit.flows.orders.order_tally import RoomChange, Tally
    from tradecredit.plumbing.access import Actor


class RoomNotKeptError(RuntimeError):
    """The database kept no room for a document that passed under the lock: the books and the verdict disagree."""


def apply(decided: Sequence[Decided], *, tally: Tally, actor: Actor) -> dict[UUID, DecisionView]:
    """Carry out the decisions of a batch and return their views; a document decided twice ends as decided last."""
    reservations = _move_room(tally)
    latest = {
        (one.case.request.company.pk, one.case.request.reference): one
        for one in decided
        if one.is_about_order
    }
    order_ids = _write_orders(list(latest.values()))
    requests = release_requests.bring_up_to_date(list(latest.values()), order_ids=order_ids, actor=actor)
    _tell(decided, order_ids=order_ids, actor=actor)
    views = {}
    for one in decided:
        document = (one.case.request.company.pk, one.case.request.reference)
        is_latest = one.is_about_order and latest[document] is one
        views[one.id] = dataclasses.replace(
            one.view(),
            reservation=reservations.get(one.id),
            order_id=order_ids.get(document, one.view().order_id),
            order_status=one.order_status.value if one.is_about_order else one.view().order_status,
            approval_request_id=requests.get(order_ids[document]) if is_latest else None,
        )
    return views


def expiry(case: Case) -> datetime:
    """Return the moment until which room is kept: the first of the day on which it lapses, in the company's zone."""
    own = settings.find(case.facts.settings, settings.RESERVATION_DAYS)
    days = case.policy.control.reservation_days if own is None else int(own.value or 0)
    day = case.day + timedelta(days=days)
    release = case.facts.release
    if release is not None and release.expires_on is not None:
        # What stands on a release does not outlast it.
        day = min(day, release.expires_on)
    return datetime.combine(day, time(), tzinfo=ZoneInfo(case.request.company.time_zone))


def _move_room(tally: Tally) -> dict[UUID, ReservationView]:
    changes = list(tally.changes.values())
    exposure.end_reservations(
        reservation_ids=[one.gives_back.id for one in changes if one.gives_back is not None],
        status="released",
    )
    exposure.post(entries=[_withdrawal(one) for one in changes])
    wanted = [
        exposure.NewReservation(
            account_id=one.case.account.id,
            decision_id=one.decision_id,
            reference=one.case.request.reference,
            amount=one.keeps.amount,
            ceiling=one.ceiling,
            levels=one.levels,
            expires_at=expiry(one.case),
        )
        for one in changes
        if one.keeps is not None
    ]
    kept = exposure.reserve(wanted=wanted)
    lost = [item.reference for item in wanted if item.decision_id not in kept]
    if lost:
        raise RoomNotKeptError(f"no room was kept for {', '.join(lost)}")
    return {
        one.decision_id: _reservation(one, kept[one.decision_id]) for one in changes if one.keeps is not None
    }


def _withdrawal(change: RoomChange) -> exposure.NewEntry:
    return exposure.NewEntry(
        account_id=change.case.account.id,
        stage="ordered",
        amount=-change.withdraws_ordered.amount,
        obligation=f"order:{change.case.request.reference}",
        cause=change.case.request.purpose,
        cause_id=change.decision_id,
        effective_date=change.case.day,
    )


def _reservation(change: RoomChange, reservation_id: UUID) -> ReservationView:
    assert change.keeps is not None  # noqa: S101 -- the caller asks only where room is kept
    return ReservationView(
        id=reservation_id, amount=change.keeps, expires_at=expiry(change.case), status="pending"
    )


def _write_orders(latest: Sequence[Decided]) -> dict[tuple[UUID, str], UUID]:
    written = [
        orders.CheckedOrder(
            id=ids.new_id() if one.case.order is None else one.case.order.id,
            company_id=one.case.request.company.pk,
            customer_id=one.case.customer.id,
            reference=one.case.request.reference,
            order_date=one.case.day,
            amount=one.case.request.amount,
            terms_days=one.case.request.terms_days,
            agreed_terms_days=one.case.policy.terms_of(one.facts),
            first_terms_days=_first_terms(one.case),
            status=one.order_status,
            decision_id=one.id,
            is_demo=one.case.customer.is_demo,
        )
        for one in latest
    ]
    orders.write_checked(written)
    _write_lines(latest, written)
    return {(one.company_id, one.reference): one.id for one in written}


def _first_terms(case: Case) -> int | None:
    """Return the terms agreed before a lower grade shortened them; new terms are agreed anew."""
    order = case.order
    is_new = order is None or case.request.terms_days not in (order.asked_terms, order.terms_days)
    return None if order is None or is_new else order.first_terms_days


def _write_lines(latest: Sequence[Decided], written: Sequence[orders.CheckedOrder]) -> None:
    given: defaultdict[UUID, dict[UUID, Sequence[PartLine]]] = defaultdict(dict)
    for one, order in zip(latest, written, strict=True):
        # What stands apart has taken its lines along.
        if one.case.request.lines and (one.case.order is None or one.case.order.apart.is_zero):
            given[order.company_id][order.id] = one.case.request.lines
    for company_id, lines in given.items():
        parts.write_lines(company_id=company_id, lines=lines)


def _tell(decided: Sequence[Decided], *, order_ids: Mapping[tuple[UUID, str], UUID], actor: Actor) -> None:
    by_company: defaultdict[UUID, list[Decided]] = defaultdict(list)
    for one in decided:
        by_company[one.case.request.company.pk].append(one)
    for company_id, ours in by_company.items():
        _emit(company_id, ours, order_ids)
        entries = [
            log.NewEntry(
                stream=f"customer:{one.case.customer.id}",
                kind=f"order.{one.order_status.value}",
                words=_sentence(one),
                payload={"decision": one.id, "reference": one.case.request.reference},
            )
            for one in ours
            if one.is_about_order
        ]
        log.append(company_id=company_id, actor=actor, entries=entries)


def _emit(company_id: UUID, ours: Sequence[Decided], order_ids: Mapping[tuple[UUID, str], UUID]) -> None:
    payloads: defaultdict[str, list[tuple[UUID, dict[str, object]]]] = defaultdict(list)
    for one in ours:
        reference = one.case.request.reference
        payload: dict[str, object] = {
            "decision_id": one.id,
            "customer_id": one.case.customer.id,
            "reference": reference,
            "outcome": one.decision.outcome.text,
        }
        if (company_id, reference) in order_ids:
            payload["order_id"] = order_ids[company_id, reference]
        payloads["order.checked"].append((one.case.customer.id, payload))
        if one.is_about_order and one.order_status in (OrderStatus.HELD, OrderStatus.RELEASED):
            payloads[f"order.{one.order_status.value}"].append((one.case.customer.id, payload))
    for name, found in payloads.items():
        events.emit_many(name=name, company_id=company_id, payloads=found)


def _sentence(one: Decided) -> Words:
    reasons = explain.reasons(decision=one.decision, facts=one.facts)
    is_stopped = reasons and not one.decision.outcome.lets_through
    return explain.order_line(
        reference=one.case.request.reference,
        amount=one.case.request.amount,
        outcome=one.decision.outcome,
        why=reasons[0].words if is_stopped else None,
    )
