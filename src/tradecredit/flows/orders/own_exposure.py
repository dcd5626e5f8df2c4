"""What an order and its deliveries count already in their account, so that nothing is counted twice."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from tradecredit.core.exposure import components
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.exposure.queries import Account, HeldRoom
    from tradecredit.apps.orders.queries import DeliveryRecord, OrderRecord
    from tradecredit.core.exposure.components import ExposureParts


def documents(
    order: OrderRecord | None, deliveries: Mapping[UUID, Sequence[DeliveryRecord]]
) -> tuple[str, ...]:
    """Return the obligations that an order and its deliveries stand under."""
    if order is None:
        return ()
    return (
        f"order:{order.reference}",
        *(f"delivery:{one.number}" for one in deliveries.get(order.id, ())),
    )


def parts(
    account: Account,
    *,
    documents: Sequence[str],
    held: HeldRoom | None,
    obligations: Mapping[tuple[UUID, str], Mapping[str, Any]],
    earmarked: Money,
) -> ExposureParts:
    """Return what the documents and the reservation stand for, the cash earmarked for them and what it pays for of that."""
    none = components.none_in(account.currency)
    stages = [obligations.get((account.id, name), {}) for name in documents]
    own = dataclasses.replace(
        none,
        reserved=none.reserved if held is None else held.amount,
        ordered=_sum(stages, "ordered", account.currency),
        delivered=_sum(stages, "delivered", account.currency),
        earmarked=None if earmarked.is_zero else earmarked,
    )
    return components.with_paid(own)


def _sum(stages: Sequence[Mapping[str, Any]], stage: str, currency: str) -> Money:
    result = Money.zero(currency)
    for amounts in stages:
        if stage in amounts:
            result += Money(amounts[stage], currency)
    return result
