"""What becomes of the facts once open items are paid."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from tradecredit.core.kernel import money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.core.decisions.facts import CreditFacts, OpenItem, ReceivableFacts
    from tradecredit.core.decisions.policy import OrderControl
    from tradecredit.core.kernel.money import Money


def receive(facts: CreditFacts, items: Sequence[OpenItem], *, policy: OrderControl) -> CreditFacts:
    """Return the facts as they would stand once the items are paid, with the freezes that payment alone lifts."""
    paid = money.total((item.open_amount for item in items), facts.currency)
    disputed = money.total((item.open_amount for item in items if item.disputed), facts.currency)
    moved = facts.with_exposure(
        dataclasses.replace(
            facts.exposure,
            billed=facts.exposure.billed - paid,
            disputed=facts.exposure.disputed - disputed,
        )
    )
    receivables = _without(facts.receivables, items, paid)
    watch = facts.watch
    if receivables.overdue_days_max <= _overdue_days_allowed(facts, policy):
        watch = dataclasses.replace(
            watch,
            freezes=watch.freezes - watch.cured_by_payment,
            is_high_risk=watch.is_high_risk and "high_risk" not in watch.cured_by_payment,
            cured_by_payment=frozenset(),
        )
    return dataclasses.replace(moved, receivables=receivables, watch=watch)


def _overdue_days_allowed(facts: CreditFacts, policy: OrderControl) -> int:
    point = facts.request.control_point
    days = [
        rule.days or 0
        for rule in policy.rules
        if rule.check == "overdue_days" and point in rule.control_points
    ]
    return min(days, default=0)


def _without(receivables: ReceivableFacts, items: Sequence[OpenItem], paid: Money) -> ReceivableFacts:
    gone = set(items)
    left = tuple(item for item in receivables.items if item not in gone)
    overdue = [item for item in items if item.is_overdue]
    overdue_paid = money.total((item.open_amount for item in overdue), paid.currency)
    overdue_left = receivables.overdue_count - len(overdue)
    return dataclasses.replace(
        receivables,
        items=left,
        open_count=receivables.open_count - len(items),
        open_amount=receivables.open_amount - paid,
        overdue_count=overdue_left,
        overdue_amount=receivables.overdue_amount - overdue_paid,
        overdue_days_max=_days_max_left(receivables, left, overdue_left),
    )


def _days_max_left(receivables: ReceivableFacts, left: Sequence[OpenItem], overdue_left: int) -> int:
    """Return the most days overdue among what is left; items beyond the list are at most as old as its youngest."""
    if overdue_left <= 0:
        return 0
    listed = [item.days_overdue for item in left if item.is_overdue]
    if listed:
        return max(listed)
    return min((item.days_overdue for item in receivables.items if item.is_overdue), default=0)
