"""Let an order that people released grow: what goes beyond the release is set apart and checked by itself."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from tradecredit.apps.orders import parts
from tradecredit.apps.orders import queries as orders
from tradecredit.core.exposure import parting
from tradecredit.flows.orders import order_policy, released_facts, remainders, split_order

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.apps.orders.queries import OrderRecord
    from tradecredit.core.kernel.money import Money
    from tradecredit.plumbing.access.models import Company


def increment(
    *, company: Company, order: OrderRecord, whole: Money, day: date
) -> tuple[OrderRecord, Money] | None:
    """Set the increment beyond a release apart and return what is to be checked; None where nothing is beyond it.

    SO-7 released by people at 120,000 with 5 %: 126,000 is within it; 150,000 keeps 120,000 released and checks
    30,000 as SO-7~2.
    """
    if order.split_of_id is not None or whole <= order.whole or whole.currency != order.amount.currency:
        return None
    record = released_facts.of_orders([order]).get(order.id)
    policy = order_policy.in_force({(company.pk, day)})[company.pk, day].control.releases
    release = released_facts.facts(order, record, policy=policy, day=day)
    if release is None or whole - order.apart <= release.up_to:
        return None
    return _remainder(company, order, more=whole - order.whole)


def _remainder(company: Company, order: OrderRecord, *, more: Money) -> tuple[OrderRecord, Money]:
    standing = remainders.of(order)
    if standing:
        return standing[0], standing[0].amount + more
    grown = dataclasses.replace(order, amount=order.amount + more)
    lines = parts.lines_of([order.id]).get(order.id, ())
    cut = parting.Cut(part=order.amount, rest=more, part_lines=lines, rest_lines=())
    reference = split_order.set_apart(grown, cut)
    key = (company.pk, reference)
    remainder = orders.orders_by_reference([key])[key]
    return remainder, remainder.amount
