"""Let reservations lapse whose time is over: their room is given back and their orders wait for a new check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.exposure import locks, operations, queries
from tradecredit.apps.orders import operations as orders
from tradecredit.apps.orders import queries as order_queries
from tradecredit.apps.orders import releases
from tradecredit.apps.orders.models import OrderStatus
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.orders import freed_room, order_exposure
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date, datetime

    from tradecredit.apps.orders.queries import OrderRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_LAPSED = Words(
    zh="订单 {reference} 的额度预占（或放行）已到期释放，发货前须重新检查。",
    en="The room (or the release) of order {reference} has lapsed; check it again before delivery.",
)


def expire_reservations(*, company: Company, actor: Actor, moment: datetime | None = None) -> int:
    """End every reservation of a company that is due at the moment; returns how many, none the second time."""
    with db.unit_of_work(actor):
        due = queries.due_reservations(company_id=company.pk, moment=moment or clock.now())
        locks.lock_accounts(held.account_id for held in due)
        ended = operations.end_reservations(reservation_ids=[held.id for held in due], status="expired")
        references = {(company.pk, held.reference) for held in due if held.id in ended}
        lapsed = [
            order
            for order in order_queries.orders_by_reference(references).values()
            if order.status == OrderStatus.RELEASED
        ]
        orders.set_status([order.id for order in lapsed], status=OrderStatus.EXPIRED)
        freed_room.tell(company=company, customer_ids=[order.customer_id for order in lapsed])
        _log(company, lapsed, actor=actor)
        return len(ended)


def expire_releases(*, company: Company, actor: Actor, day: date | None = None) -> int:
    """End what stands on releases whose days are over: room goes back, the order waits for a new check.

    What has been delivered stays owed. Returns how many orders; none the second time.
    """
    today = day or clock.today(company)
    with db.unit_of_work(actor):
        due = releases.references_of_due(company_id=company.pk, day=today)
        found = order_exposure.locked_all(company=company, references=due)
        lapsed = [one for one in found.values() if one.order.status == OrderStatus.RELEASED]
        for one in lapsed:
            order_exposure.give_back(
                one, cause="release_expired", cause_id=one.order.id, day=today, status="expired"
            )
        orders.set_status([one.order.id for one in lapsed], status=OrderStatus.EXPIRED)
        freed_room.tell(company=company, customer_ids=[one.order.customer_id for one in lapsed])
        _log(company, [one.order for one in lapsed], actor=actor)
        return len(lapsed)


def _log(company: Company, lapsed: list[OrderRecord], *, actor: Actor) -> None:
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{order.customer_id}",
                kind="order.expired",
                words=_LAPSED.filled(reference=order.reference),
                payload={"reference": order.reference},
            )
            for order in lapsed
        ],
    )
