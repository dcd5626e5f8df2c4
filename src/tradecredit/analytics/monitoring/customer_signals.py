"""The signals of many customers at once: recorded facts, now and before, and figures of the ledger."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection

from tradecredit.analytics.collections import attention
from tradecredit.core.monitoring.signals import Signal, Signals, typed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from uuid import UUID

OVERDUE_DAYS_MAX = "overdue_days_max"

# The latest two values of each fact: what holds now, and what was known before it.
_FACTS = """
SELECT customer_id, name, value, place FROM (
    SELECT f.customer_id, f.name, f.value,
           row_number() OVER (PARTITION BY f.customer_id, f.name
                              ORDER BY f.valid_from DESC, f.recorded_at DESC, f.id DESC) AS place
    FROM dossier_fact f
    WHERE f.customer_id = ANY (%(customers)s::uuid[]) AND f.name = ANY (%(names)s::text[])
      AND f.valid_from <= %(as_of)s AND (f.valid_to IS NULL OR f.valid_to > %(as_of)s)
) AS ranked WHERE place <= 2
"""


def gather(
    *, company_id: UUID, customer_ids: Sequence[UUID], names: Collection[str], as_of: date
) -> Mapping[UUID, Signals]:
    """Return the signals of each customer on the day; a fact that nobody recorded is absent."""
    known: defaultdict[UUID, dict[str, Signal]] = defaultdict(dict)
    previous: dict[tuple[UUID, str], str] = {}
    for customer, name, value, place in _facts(customer_ids, names, as_of):
        if place == 1:
            known[customer][name] = Signal(value=typed(value))
        else:
            previous[customer, name] = value
    for (customer, name), value in previous.items():
        known[customer][name] = Signal(value=known[customer][name].value, previous=typed(value))
    if OVERDUE_DAYS_MAX in names:
        late = attention.overdue_days_max(company_id=company_id, as_of=as_of, customer_ids=customer_ids)
        for customer in customer_ids:
            known[customer][OVERDUE_DAYS_MAX] = Signal(value=Decimal(late.get(customer, 0)))
    return {customer: Signals(customer_id=str(customer), known=known[customer]) for customer in customer_ids}


def _facts(
    customer_ids: Sequence[UUID], names: Collection[str], as_of: date
) -> list[tuple[UUID, str, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"customers": list(customer_ids), "names": sorted(names), "as_of": as_of})
        rows: list[tuple[UUID, str, str, int]] = cursor.fetchall()
    return rows
