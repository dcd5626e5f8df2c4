"""Put a release down with its reason, tolerance, days and scope, and tell those whom policy names."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.apps.orders import releases as books
from tradecredit.core.approvals import four_eyes, routing
from tradecredit.core.decisions import releases, wording
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.access import people
from tradecredit.plumbing.outbox import events, messages

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.orders.queries import OrderRecord
    from tradecredit.core.kernel.money import Money
    from tradecredit.flows.orders.order_decided import Decided
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How people release: why (in words and by policy's code), and for how many days where they say so."""

    reason: str
    reason_code: str = ""
    days: int | None = None


def record(
    *,
    order: OrderRecord,
    decided: Decided,
    request: RequestRecord,
    terms: Terms,
    words: Words,
    actor: Actor,
    delivery_number: str = "",
) -> UUID:
    """Record the release of an order (or of one delivery of it) and mail the roles that policy names.

    Raises UnableToApproveError where it goes further over the line, or lasts longer, than the authority reaches.
    """
    over = routing.over_line(decided.decision, facts=decided.facts)
    most, days_most = request.routing.get("over_most"), request.routing.get("days_most")
    over_most = None if most is None else Decimal(str(most))
    four_eyes.ensure_reaches(over=over, over_most=over_most, days=terms.days, days_most=days_most)
    bounds = _Bounds(over=over, over_most=over_most, days_most=days_most)
    new = _new(order, decided, request, terms=terms, bounds=bounds, actor=actor)
    if delivery_number:
        new = dataclasses.replace(new, delivery_number=delivery_number, amount=decided.facts.request.amount)
    release_id = books.record(new)
    if over.is_positive:
        _tell(release_id, decided=decided, request=request, over=over, words=words, actor=actor)
    return release_id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounds:
    """How far the release goes over the line, and how far the authority reaches."""

    over: Money
    over_most: Decimal | None
    days_most: int | None


def _new(
    order: OrderRecord,
    decided: Decided,
    request: RequestRecord,
    *,
    terms: Terms,
    bounds: _Bounds,
    actor: Actor,
) -> books.NewRelease:
    policy, day = decided.case.policy.control.releases, decided.case.day
    days = releases.days_of(policy, asked=terms.days, most=bounds.days_most)
    return books.NewRelease(
        company_id=request.company_id,
        customer_id=order.customer_id,
        order_id=order.id,
        request_id=request.id,
        decision_id=decided.id,
        amount=order.amount,
        over=bounds.over,
        over_most=bounds.over_most,
        tolerance=policy.tolerance,
        covers=tuple(sorted(policy.covers)),
        stops=tuple(one.code for one in decided.decision.results if not one.outcome.lets_through),
        released_on=day,
        expires_on=None if days is None else day + timedelta(days=days),
        days_most=bounds.days_most,
        reason=terms.reason,
        reason_code=terms.reason_code,
        requested_by_id=request.requested_by_id,
        released_by_id=actor.user_id,
        released_by_name=actor.name,
    )


def _tell(
    release_id: UUID, *, decided: Decided, request: RequestRecord, over: Money, words: Words, actor: Actor
) -> None:
    """Say that somebody let a document over the line: an event, and mail to the roles that policy names."""
    amount = wording.amount_text(over.text(), over.currency)
    sentence = Words(
        zh=f"{actor.name} 放行超出额度 {amount}：{words.zh}",
        en=f"{actor.name} let {amount} over the line: {words.en}",
    )
    events.emit(
        name="line.overridden",
        company_id=request.company_id,
        subject=request.customer_id,
        payload={
            "customer_id": request.customer_id,
            "release_id": release_id,
            "reference": request.reference,
            "over": over.text(),
            "currency": over.currency,
        },
    )
    _mail(release_id, decided=decided, request=request, sentence=sentence, actor=actor)


def _mail(
    release_id: UUID, *, decided: Decided, request: RequestRecord, sentence: Words, actor: Actor
) -> None:
    roles = decided.case.policy.control.releases.notify
    found = people.people_with_role(company_id=request.company_id, roles=roles)
    messages.put(
        company_id=request.company_id,
        messages=[
            messages.NewMessage(
                channel="mail",
                recipient=person.email,
                language=person.language,
                subject=f"{request.customer_name} ({request.customer_code}) {request.reference}",
                body=f"{sentence.in_language(person.language)}\n\n/decisions/{decided.id}\n",
                dedupe_key=f"override:{release_id}:{person.pk}",
                cause_kind="release",
                cause_id=release_id,
            )
            for person in found
            if person.pk != actor.user_id
        ],
    )
