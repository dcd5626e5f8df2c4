"""Split a held order: the part that goes is checked by itself, the rest stays held as its own remainder."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.orders import parts
from tradecredit.apps.orders import queries as orders
from tradecredit.apps.orders.models import OrderStatus
from tradecredit.core.approvals import routing
from tradecredit.core.exposure import parting
from tradecredit.core.exposure.parting import UnableToPartOrderError
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.orders import check_order_credit, order_exposure, release_order
from tradecredit.flows.orders.order_cases import CheckRequest
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.orders.queries import OrderRecord
    from tradecredit.core.exposure.parting import Cut
    from tradecredit.core.kernel.money import Money
    from tradecredit.flows.orders.decision_views import DecisionView
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What goes: an amount, or lines (each with a quantity or whole), or (neither given) what fits now."""

    amount: Money | None = None
    lines: Mapping[int, Decimal | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Halves:
    """The decisions about the two halves; ``rest_reference`` names the remainder."""

    part: DecisionView
    rest: DecisionView
    rest_reference: str


def split_order(
    *, company: Company, reference: str, part: Part, actor: Actor, as_of: date | None = None
) -> Halves:
    """Cut a held order in two and check each half by itself: what passes is released, the rest goes on waiting.

    SO-7 of 120,000 with 84,000 of room, cut at what fits: SO-7 of 84,000 is released and SO-7~2 of 36,000 stays
    held. A remainder that passes later (or is released) goes back into its order. The questions stay those of
    whoever asked first. Raises UnableToPartOrderError, UnableToFindOrderError, UnableToMoveOrderError.
    """
    with db.unit_of_work(actor):
        order = order_exposure.locked(company=company, reference=reference).order
        order_exposure.require_status(order, frozenset({OrderStatus.HELD.value}))
        asked = approvals.open_of_subjects(kind=routing.ORDER_RELEASE, subject_ids=[order.id]).get(order.id)
        asked_by = None if asked is None else (asked.requested_by_id, asked.requested_by_name)
        cut = _cut(company, order, part, as_of=as_of)
        rest_reference = set_apart(order, cut)
        halves = [
            _request(company, order, cut.part, asked_by=asked_by),
            dataclasses.replace(
                _request(company, order, cut.rest, asked_by=asked_by), reference=rest_reference
            ),
        ]
        halves[0] = dataclasses.replace(halves[0], amount=cut.part + _apart(company, reference))
        views = check_order_credit.check_order_credit(requests=halves, actor=actor, as_of=as_of)
        return Halves(part=views[0], rest=views[1], rest_reference=rest_reference)


def set_apart(order: OrderRecord, cut: Cut) -> str:
    """Leave the part with the order and set the rest apart, lines and all; returns the remainder's reference."""
    db.transaction_required()
    rest_reference = parts.next_reference(company_id=order.company_id, reference=order.reference)
    remainder_id = parts.split(order=order, part=cut.part, reference=rest_reference)
    lines = {order.id: cut.part_lines, remainder_id: cut.rest_lines}
    parts.write_lines(
        company_id=order.company_id, lines={key: found for key, found in lines.items() if found}
    )
    return rest_reference


def _cut(company: Company, order: OrderRecord, part: Part, *, as_of: date | None) -> Cut:
    lines = parts.lines_of([order.id]).get(order.id, ())
    if part.lines:
        return parting.by_lines(order.amount, chosen=part.lines, lines=lines)
    amount = part.amount or _what_fits(company, order, as_of=as_of)
    return parting.by_amount(order.amount, part=amount, lines=lines)


def _what_fits(company: Company, order: OrderRecord, *, as_of: date | None) -> Money:
    """Return the largest part for which there is room now, as the verdict's own remedy says it."""
    decided = release_order.examined(_request(company, order, order.whole), as_of=as_of)
    fits = [one.amount for one in decided.decision.remedies if one.code == "ship_part" and one.amount]
    if not fits:
        raise UnableToPartOrderError(
            Words(
                zh="订单 {reference} 目前没有可先放行的部分：没有剩余额度，或拦截原因与额度无关。",
                en="No part of order {reference} fits now: there is no room, or room is not what stops it.",
            ).filled(reference=order.reference),
            reference=order.reference,
        )
    return fits[0]


def _request(
    company: Company, order: OrderRecord, amount: Money, *, asked_by: tuple[UUID, str] | None = None
) -> CheckRequest:
    return CheckRequest(
        company=company,
        customer_code=order.customer_code,
        reference=order.reference,
        amount=amount,
        terms_days=order.asked_terms,
        purpose="split",
        asked_by=asked_by,
    )


def _apart(company: Company, reference: str) -> Money:
    return orders.orders_by_reference([(company.pk, reference)])[company.pk, reference].apart
