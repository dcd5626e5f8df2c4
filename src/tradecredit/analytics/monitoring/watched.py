"""Whom the alert rules are asked about today: set-based, however many customers there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.monitoring.overlays import Overlay
    from tradecredit.core.monitoring.playbooks import Habit

_RESTED: Final = """
SELECT DISTINCT a.customer_id FROM monitoring_alert a
JOIN unnest(%(rules)s::text[], %(days)s::int[]) AS r(code, days) ON r.code = a.rule
WHERE a.company_id = %(company)s AND a.closed_at IS NOT NULL
    AND a.raised_on + r.days > %(since)s::date AND a.raised_on + r.days <= %(as_of)s::date
"""

_TURNED: Final = """
SELECT DISTINCT f.customer_id FROM dossier_fact f JOIN dossier_customer c ON c.id = f.customer_id
WHERE f.name = ANY (%(names)s::text[]) AND %(company)s::uuid = ANY (c.company_ids)
    AND (f.valid_from > %(since)s::date AND f.valid_from <= %(as_of)s::date
        OR f.valid_to > %(since)s::date AND f.valid_to <= %(as_of)s::date)
"""

_TRADES: Final = """
SELECT c.id FROM dossier_customer c
WHERE %(company)s::uuid = ANY (c.company_ids) AND c.merged_into_id IS NULL
    AND (cardinality(%(industries)s::text[]) = 0 OR c.industry ILIKE ANY (%(industries)s::text[]))
    AND (cardinality(%(regions)s::text[]) = 0 OR c.region ILIKE ANY (%(regions)s::text[]))
"""

# Members of the group, those for whom one of them answers, and those who supply one of them.
_RELATIVES: Final = """
WITH RECURSIVE above AS (
    SELECT c.id, c.parent_id FROM dossier_customer c WHERE c.id = ANY (%(customers)s::uuid[])
    UNION
    SELECT p.id, p.parent_id FROM above a JOIN dossier_customer p ON p.id = a.parent_id
), family AS (
    SELECT id FROM above WHERE parent_id IS NULL
    UNION
    SELECT c.id FROM family f JOIN dossier_customer c ON c.parent_id = f.id
), tie AS (
    SELECT CASE kind WHEN 'guarantee' THEN customer_id ELSE party_id END AS id FROM dossier_relation
    WHERE company_id = %(company)s AND valid_from <= %(as_of)s AND (valid_to IS NULL OR valid_to > %(as_of)s)
        AND (kind = 'guarantee' AND party_id = ANY (%(customers)s::uuid[])
            OR kind = 'supplies' AND customer_id = ANY (%(customers)s::uuid[]))
)
SELECT id FROM family WHERE NOT id = ANY (%(customers)s::uuid[]) OR cardinality(%(customers)s::uuid[]) > 1
UNION SELECT id FROM tie WHERE id IS NOT NULL
"""

_FROZEN: Final = """
SELECT DISTINCT customer_id FROM monitoring_freeze
WHERE company_id = %(company)s AND lifted_on IS NULL AND cause LIKE 'alert.%%'
"""

_GRADED: Final = """
SELECT c.id, c.code, c.name
FROM dossier_customer c
CROSS JOIN LATERAL (
    SELECT r.grade FROM scoring_rating r
    WHERE r.company_id = %(company)s AND r.customer_id = c.id AND r.as_of <= %(as_of)s::date
    ORDER BY r.as_of DESC, r.recorded_at DESC LIMIT 1
) r
WHERE %(company)s::uuid = ANY (c.company_ids) AND c.merged_into_id IS NULL AND c.lifecycle = 'trading'
    AND r.grade = ANY (%(grades)s::text[])
"""


def rested(*, company_id: UUID, since: date, as_of: date, cooldowns: Mapping[str, int]) -> tuple[UUID, ...]:
    """Return the customers of whom a rule may speak again: its closed alert has rested its days by now."""
    return _ids(
        _RESTED,
        {
            "company": company_id,
            "since": since,
            "as_of": as_of,
            "rules": list(cooldowns),
            "days": list(cooldowns.values()),
        },
    )


def turned(*, company_id: UUID, names: Collection[str], since: date, as_of: date) -> tuple[UUID, ...]:
    """Return the customers of whom a fact began or ceased to hold after ``since``, whenever it was recorded."""
    return _ids(_TURNED, {"company": company_id, "names": sorted(names), "since": since, "as_of": as_of})


def of_trades(*, company_id: UUID, overlays: Sequence[Overlay], since: date, as_of: date) -> tuple[UUID, ...]:
    """Return the customers of whom an overlay began or ceased to speak after ``since``."""
    found: set[UUID] = set()
    for one in overlays:
        days = (one.valid_from, one.valid_to)
        if any(day is not None and since < day <= as_of for day in days):
            found.update(of_trade(company_id=company_id, overlay=one))
    return tuple(sorted(found, key=str))


def of_trade(*, company_id: UUID, overlay: Overlay) -> tuple[UUID, ...]:
    """Return the customers of the industries and regions that an overlay speaks of."""
    values = {
        "company": company_id,
        "industries": [f"%{word}%" for word in overlay.industries],
        "regions": [f"%{word}%" for word in overlay.regions],
    }
    return _ids(_TRADES, values)


def relatives(*, company_id: UUID, customer_ids: Sequence[UUID], as_of: date) -> tuple[UUID, ...]:
    """Return those whom it concerns when the customers are warned of: group, guaranteed, suppliers."""
    values = {"company": company_id, "customers": list(customer_ids), "as_of": as_of}
    return _ids(_RELATIVES, values)


def frozen_by_alerts(*, company_id: UUID) -> tuple[UUID, ...]:
    """Return the customers of whom something is frozen for an alert."""
    return _ids(_FROZEN, {"company": company_id})


def _ids(sql: str, values: Mapping[str, Any]) -> tuple[UUID, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return tuple(row[0] for row in cursor.fetchall())


def graded(*, company_id: UUID, habit: Habit, since: date, as_of: date) -> tuple[tuple[UUID, str, str], ...]:
    """Return (identifier, code, name) of the trading customers of the habit's grades whose next round has begun."""
    with connection.cursor() as cursor:
        cursor.execute(_GRADED, {"company": company_id, "as_of": as_of, "grades": list(habit.grades)})
        return tuple(
            (customer, code, name)
            for customer, code, name in cursor.fetchall()
            if habit.is_due(customer=code, since=since, as_of=as_of)
        )
