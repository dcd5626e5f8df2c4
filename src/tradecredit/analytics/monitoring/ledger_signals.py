"""The signals that the house supplies itself: from ledger, orders, promises and relations, a statement a kind."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from tradecredit.analytics.collections import attention
from tradecredit.analytics.monitoring import signal_sql
from tradecredit.core.monitoring import detectors
from tradecredit.core.monitoring.signals import Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.monitoring.detectors import Detectors

    Found = dict[str, dict[UUID, Signal]]
    Values = Mapping[str, Any]

# Where nobody recorded anything there was none; of a share or an average nothing is known then.
COUNTED: Final = frozenset(
    {"overdue_days_max", "broken_promises", "disputes_opened", "group_overdue_days_max"}
    | {"group_alert_level", "guarantor_alert_level", "buyer_alert_level"}
)


def supply(
    *,
    company_id: UUID,
    names: Collection[str],
    as_of: date,
    rules: Detectors,
    customer_ids: Sequence[UUID] | None = None,
    echoes: Collection[str] = (),
) -> Mapping[str, Mapping[UUID, Signal]]:
    """Return the signals among ``names`` that the house supplies, by name and customer.

    Without customers for everybody of the company of whom there is something to say. ``echoes`` are the codes of rules
    whose alerts do not count among relatives.
    """
    values = _values(company_id, customer_ids, as_of, rules, echoes)
    found: dict[str, Mapping[UUID, Signal]] = {}
    for supplied, gather in _SUPPLIERS:
        wanted = supplied & frozenset(names)
        if wanted:
            known = gather(values)
            found |= {name: known.get(name, {}) for name in wanted}
    return found


def _values(
    company_id: UUID,
    customer_ids: Sequence[UUID] | None,
    as_of: date,
    rules: Detectors,
    echoes: Collection[str],
) -> Values:
    return {
        "company": company_id,
        "customers": None if customer_ids is None else list(customer_ids),
        "as_of": as_of,
        "echoes": list(echoes),
        "recent_days": rules.payments.recent_days,
        "baseline_days": rules.payments.baseline_days,
        "least_items": rules.payments.least_items,
        "least_deviation": rules.payments.least_deviation,
        "deviation": detectors.DEVIATION,
        "slack": rules.payments.slack_days,
        "period_days": rules.orders.period_days,
        "periods": rules.orders.periods,
        "least_active": rules.orders.least_active,
        "window_days": rules.window_days,
        "grace": rules.promise_grace_days,
    }


def _rows(sql: str, values: Values) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _one(name: str, sql: str) -> Callable[[Values], Found]:
    def gather(values: Values) -> Found:
        return {name: {row[0]: Signal(value=Decimal(row[1])) for row in _rows(sql, values)}}

    return gather


def _overdue(values: Values) -> Found:
    late = attention.overdue_days_max(
        company_id=values["company"], as_of=values["as_of"], customer_ids=values["customers"]
    )
    return {"overdue_days_max": {customer: Signal(value=Decimal(days)) for customer, days in late.items()}}


def _payments(values: Values) -> Found:
    found: Found = defaultdict(dict)
    for customer, mean, mean_before, slowing, drift in _rows(signal_sql.PAYMENTS, values):
        found["average_days_late"][customer] = Signal(value=mean, previous=mean_before)
        if slowing is not None:
            found["payment_slowing"][customer] = Signal(value=slowing)
        if drift is not None:
            found["payment_drift"][customer] = Signal(value=drift)
    return found


def _orders(values: Values) -> Found:
    found: Found = {"order_drop": {}, "order_surge": {}}
    for customer, drop, surge in _rows(signal_sql.ORDERS, values):
        found["order_drop"][customer] = Signal(value=drop)
        found["order_surge"][customer] = Signal(value=surge)
    return found


def _disputes(values: Values) -> Found:
    rows = _rows(signal_sql.DISPUTES, values)
    return {
        "disputes_opened": {
            customer: Signal(value=Decimal(now), previous=Decimal(before)) for customer, now, before in rows
        }
    }


_SUPPLIERS: Final[tuple[tuple[frozenset[str], Callable[[Values], Found]], ...]] = (
    (frozenset({"overdue_days_max"}), _overdue),
    (frozenset({"overdue_share"}), _one("overdue_share", signal_sql.OVERDUE_SHARE)),
    (frozenset({"utilisation"}), _one("utilisation", signal_sql.UTILISATION)),
    (frozenset({"average_days_late", "payment_slowing", "payment_drift"}), _payments),
    (frozenset({"order_drop", "order_surge"}), _orders),
    (frozenset({"broken_promises"}), _one("broken_promises", signal_sql.PROMISES)),
    (frozenset({"returns_share"}), _one("returns_share", signal_sql.RETURNS)),
    (frozenset({"disputes_opened"}), _disputes),
    (frozenset({"group_alert_level"}), _one("group_alert_level", signal_sql.GROUP_ALERTS)),
    (frozenset({"group_overdue_days_max"}), _one("group_overdue_days_max", signal_sql.GROUP_OVERDUE)),
    (frozenset({"guarantor_alert_level"}), _one("guarantor_alert_level", signal_sql.GUARANTOR_ALERTS)),
    (frozenset({"buyer_alert_level"}), _one("buyer_alert_level", signal_sql.BUYER_ALERTS)),
)
SUPPLIED: Final = frozenset(name for names, _ in _SUPPLIERS for name in names)
