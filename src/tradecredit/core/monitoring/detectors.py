"""Detectors that a single outlier does not fool: medians and deviations, a running sum of small delays, a drop in orders.

How keen they are is said by policy (``monitoring.detectors``); SQL computes the same over whole books.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.core.kernel.policy_document import Node

_PLACES: Final = Decimal("0.0001")
# Of a normal distribution the median deviation times this is the standard deviation (Rousseeuw and Croux, 1993).
DEVIATION: Final = Decimal("1.4826")
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDetector:
    """Which payments are recent, with which earlier ones they are compared, and what counts as usual scatter."""

    recent_days: int = 90
    baseline_days: int = 365
    least_items: int = 5
    least_deviation: Decimal = Decimal(2)
    slack_days: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDetector:
    """The length of a period, how many earlier ones are compared, and in how many the customer must have ordered."""

    period_days: int = 30
    periods: int = 6
    least_active: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Detectors:
    """How keen the detectors are; windows are in days."""

    payments: PaymentDetector = field(default_factory=PaymentDetector)
    orders: OrderDetector = field(default_factory=OrderDetector)
    window_days: int = 180
    promise_grace_days: int = 0


def median(values: Sequence[Decimal]) -> Decimal | None:
    """Return the middle value, of an even number of them the mean of the two in the middle; None for none."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2


def deviation(values: Sequence[Decimal]) -> Decimal | None:
    """Return the scatter around the median, as a standard deviation; 0 for equal values, None for none."""
    middle = median(values)
    if middle is None:
        return None
    spread = median([abs(value - middle) for value in values])
    return None if spread is None else spread * DEVIATION


def slowing(
    *, recent: Sequence[Decimal], baseline: Sequence[Decimal], rules: PaymentDetector
) -> Decimal | None:
    """Return by how many deviations the recent days late lie above the earlier ones; None with too few payments.

    Paid 0, 1, 2, 1, 0 days late before and 15, 16, 14, 15, 15 now: (15 - 1) / max(1.4826, 2) = 7.
    """
    if len(recent) < rules.least_items or len(baseline) < rules.least_items:
        return None
    now, before, scatter = median(recent), median(baseline), deviation(baseline)
    assert now is not None and before is not None and scatter is not None  # noqa: S101, PT018 - least_items is at least 1
    return rounded((now - before) / max(scatter, rules.least_deviation))


def drift(
    *, recent: Sequence[Decimal], baseline: Sequence[Decimal], rules: PaymentDetector
) -> Decimal | None:
    """Return the sum of days by which recent payments, in their order, crept above the usual; None with too few.

    A sum that small gains (up to ``slack_days`` each) do not feed and early payments pull down again, never below 0
    (Page's cumulative sum, 1954). Usually 1 day late; then 3, 5, 0, 6 with a slack of 1: 1, 4, 2, 6.
    """
    if len(recent) < rules.least_items or len(baseline) < rules.least_items:
        return None
    before = median(baseline)
    assert before is not None  # noqa: S101 - least_items is at least 1
    total = _NOTHING
    for value in recent:
        total = max(_NOTHING, total + value - before - rules.slack_days)
    return rounded(total)


def drop(*, now: Decimal, earlier: Sequence[Decimal], rules: OrderDetector) -> Decimal | None:
    """Return by which share the latest period fell below the median of those before; 0.6 for 40 after a usual 100.

    None where the customer does not order often enough to say; a surge is a drop of less than nothing.
    """
    if sum(value > 0 for value in earlier) < rules.least_active:
        return None
    usual = median(earlier)
    if usual is None or usual <= 0:
        return None
    return rounded(1 - now / usual)


def rounded(value: Decimal) -> Decimal:
    """Return a figure of a detector with four places, half up."""
    return value.quantize(_PLACES, rounding=ROUND_HALF_UP)


def read(node: Node | None) -> Detectors:
    """Read ``monitoring.detectors``; what is not said is as above. Raises PolicyError naming the place."""
    if node is None:
        return Detectors()
    node.only("payments", "orders", "window_days", "promise_grace_days")
    usual = Detectors()
    return Detectors(
        payments=_payments(node.optional("payments")),
        orders=_orders(node.optional("orders")),
        window_days=_count(node, "window_days", usual.window_days),
        promise_grace_days=_count(node, "promise_grace_days", usual.promise_grace_days, least=0),
    )


def _payments(node: Node | None) -> PaymentDetector:
    usual = PaymentDetector()
    if node is None:
        return usual
    node.only("recent_days", "baseline_days", "least_items", "least_deviation", "slack_days")
    return PaymentDetector(
        recent_days=_count(node, "recent_days", usual.recent_days),
        baseline_days=_count(node, "baseline_days", usual.baseline_days),
        least_items=_count(node, "least_items", usual.least_items),
        least_deviation=_number(node, "least_deviation", usual.least_deviation),
        slack_days=_number(node, "slack_days", usual.slack_days),
    )


def _orders(node: Node | None) -> OrderDetector:
    usual = OrderDetector()
    if node is None:
        return usual
    node.only("period_days", "periods", "least_active")
    found = OrderDetector(
        period_days=_count(node, "period_days", usual.period_days),
        periods=_count(node, "periods", usual.periods),
        least_active=_count(node, "least_active", usual.least_active),
    )
    if found.least_active > found.periods:
        raise node.child("least_active").error("there are not so many periods")
    return found


def _count(node: Node, key: str, usual: int, *, least: int = 1) -> int:
    place = node.optional(key)
    return usual if place is None else place.count(least=least)


def _number(node: Node, key: str, usual: Decimal) -> Decimal:
    place = node.optional(key)
    return usual if place is None else place.number(least="0")
