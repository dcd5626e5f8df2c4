"""Where requests wait and how they are decided: times by kind and step, rework, people, dispersion, ways taken."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.receivables.reading import fetch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    Row = dict[str, Any]

# Of fewer answers than this nobody's habit is told.
_FEWEST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """What the log of a company's requests says about some days, the last one excluded; times are durations."""

    kinds: tuple[Row, ...]
    steps: tuple[Row, ...]
    stuck: tuple[Row, ...]
    people: tuple[Row, ...]
    dispersion: tuple[Row, ...]
    segments: tuple[Row, ...]
    ways: tuple[Row, ...]
    shadows: tuple[Row, ...]


def of_company(*, company_id: UUID, since: date, until: date, now: datetime) -> Insight:
    """Return what happened to the requests made from ``since`` up to ``until``, and what waits now."""
    values = {"company": company_id, "since": since, "until": until, "now": now, "fewest": _FEWEST}
    return Insight(
        kinds=tuple(fetch(_KINDS, values)),
        steps=tuple(_with_share(row) for row in fetch(_STEPS, values)),
        stuck=tuple(fetch(_STUCK, values)),
        people=tuple(fetch(_PEOPLE, values)),
        dispersion=_dispersion(fetch(_CASES, values)),
        segments=_dispersion(fetch(_SEGMENTS, values)),
        ways=tuple(fetch(_WAYS, values)),
        shadows=tuple(fetch(_SHADOWS, values)),
    )


def _with_share(row: Row) -> Row:
    """Add the share of the steps that kept their time: 19 of 20 with a time are 95.0."""
    timed = row["timed"]
    share = None if not timed else _percent(row["kept"], timed)
    return {**row, "kept_percent": share}


def _dispersion(cases: Sequence[Row]) -> tuple[Row, ...]:
    """Return, for like requests, how far apart those compared are: 100 % and 40 % yes are 60 points apart.

    ``by`` says what is compared: those who decide, the customers' regions, or their salespeople.
    """
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for one in cases:
        row = {**one, "percent": _percent(one["agreed"], one["votes"])}
        groups.setdefault((one["by"], one["kind"], one["grade"]), []).append(row)
    found = []
    for (by, kind, grade), rows in groups.items():
        if len(rows) > 1:
            shares = sorted(row["percent"] for row in rows)
            apart = shares[-1] - shares[0]
            found.append({"by": by, "kind": kind, "grade": grade, "compared": rows, "apart": apart})
    return tuple(sorted(found, key=lambda one: one["apart"], reverse=True))


def _percent(part: int, whole: int) -> Decimal:
    return (Decimal(100) * part / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


_ASKED: Final = """
asked AS (
    SELECT r.*, r.routing::jsonb ->> 'grade' AS grade FROM approvals_approvalrequest r
    WHERE r.company_id = %(company)s AND r.created_at >= %(since)s AND r.created_at < %(until)s)
"""
_KINDS: Final = f"""
WITH {_ASKED}
SELECT kind, count(*) AS asked, count(*) FILTER (WHERE status = 'approved') AS approved,
    count(*) FILTER (WHERE status = 'rejected') AS rejected, count(*) FILTER (WHERE status = 'open') AS open,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY ended_at - created_at)
        FILTER (WHERE status IN ('approved', 'rejected')) AS median,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY ended_at - created_at)
        FILTER (WHERE status IN ('approved', 'rejected')) AS p90,
    sum((SELECT count(*) FROM approvals_requestnote n WHERE n.request_id = asked.id
        AND n.kind IN ('sent_back', 'material_asked')))::int AS rework,
    count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM approvals_vote v WHERE v.request_id = asked.id)
        AND status IN ('approved', 'rejected')) AS by_flow
FROM asked GROUP BY kind ORDER BY asked DESC, kind
"""
# A step that a no has ended with its request is closed, and answered all the same.
_STEPS: Final = f"""
WITH {_ASKED}, steps AS (
    SELECT s.*, a.kind, s.status IN ('approved', 'rejected') OR s.status = 'closed' AND EXISTS (
        SELECT 1 FROM approvals_vote v WHERE v.step_id = s.id) AS is_answered
    FROM approvals_flowstep s JOIN asked a ON a.id = s.request_id WHERE s.service = '')
SELECT kind, node_id, max(name_zh) AS name_zh, max(name_en) AS name_en, count(*) AS steps,
    count(*) FILTER (WHERE status = 'open') AS waiting,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY ended_at - opened_at) FILTER (WHERE is_answered) AS median,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY ended_at - opened_at) FILTER (WHERE is_answered) AS p90,
    count(*) FILTER (WHERE due_at IS NOT NULL AND (is_answered OR status = 'open' AND due_at < %(now)s)) AS timed,
    count(*) FILTER (WHERE is_answered AND ended_at <= due_at) AS kept,
    count(*) FILTER (WHERE status = 'returned') AS returned,
    max(%(now)s - opened_at) FILTER (WHERE status = 'open') AS oldest
FROM steps GROUP BY kind, node_id ORDER BY kind, min(opened_at), node_id
"""
_STUCK: Final = """
SELECT r.id, r.kind, r.reference, c.name AS customer_name, c.code AS customer_code, s.name_zh, s.name_en, s.roles,
    s.opened_at, s.due_at, %(now)s - s.opened_at AS waits, s.due_at < %(now)s AS is_late,
    s.material_since IS NOT NULL AS lacks_material
FROM approvals_flowstep s JOIN approvals_approvalrequest r ON r.id = s.request_id
LEFT JOIN dossier_customer c ON c.id = r.customer_id
WHERE s.company_id = %(company)s AND s.status = 'open' AND r.status = 'open'
ORDER BY s.due_at < %(now)s DESC NULLS LAST, s.opened_at LIMIT 20
"""
_PEOPLE: Final = f"""
WITH {_ASKED}
SELECT v.actor_id, max(v.actor_name) AS name, count(*) AS votes, count(*) FILTER (WHERE v.approves) AS agreed,
    count(*) FILTER (WHERE v.behalf_of_id IS NOT NULL) AS for_others,
    count(*) FILTER (WHERE v.approves AND a.kind IN ('exception', 'grade_override', 'order_release',
        'delivery_release', 'freeze_lift')) AS exceptions,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY v.voted_at - coalesce(s.opened_at, a.created_at)) AS median,
    count(*) FILTER (WHERE s.due_at IS NOT NULL AND v.voted_at > s.due_at) AS late
FROM approvals_vote v JOIN asked a ON a.id = v.request_id LEFT JOIN approvals_flowstep s ON s.id = v.step_id
GROUP BY v.actor_id ORDER BY votes DESC, name
"""
_CASES: Final = f"""
WITH {_ASKED}
SELECT 'decider' AS by, a.kind, coalesce(a.grade, 'unrated') AS grade, max(v.actor_name) AS name, count(*) AS votes,
    count(*) FILTER (WHERE v.approves) AS agreed
FROM approvals_vote v JOIN asked a ON a.id = v.request_id
GROUP BY a.kind, coalesce(a.grade, 'unrated'), v.actor_id HAVING count(*) >= %(fewest)s
ORDER BY a.kind, grade, votes DESC, name
"""
# How requests ended, by where the customer is and who sells to it.
_SEGMENTS: Final = f"""
WITH {_ASKED}
SELECT part.by, a.kind, coalesce(a.grade, 'unrated') AS grade, part.name, count(*) AS votes,
    count(*) FILTER (WHERE a.status = 'approved') AS agreed
FROM asked a JOIN dossier_customer c ON c.id = a.customer_id
CROSS JOIN LATERAL (VALUES ('region', c.region), ('salesperson', c.salesperson)) AS part (by, name)
WHERE a.status IN ('approved', 'rejected') AND part.name <> ''
GROUP BY part.by, a.kind, coalesce(a.grade, 'unrated'), part.name HAVING count(*) >= %(fewest)s
ORDER BY part.by, a.kind, grade, votes DESC, part.name
"""
_WAYS: Final = f"""
WITH {_ASKED}, taken AS (
    SELECT a.kind, s.node_id, s.name_zh, s.name_en, a.status, lead(s.node_id) OVER way AS next_id,
        lead(s.name_zh) OVER way AS next_zh, lead(s.name_en) OVER way AS next_en,
        lag(s.node_id) OVER way IS NULL AS is_first
    FROM approvals_flowstep s JOIN asked a ON a.id = s.request_id WHERE s.service = ''
    WINDOW way AS (PARTITION BY s.request_id ORDER BY s.opened_at, s.id))
SELECT kind, node_id, max(name_zh) AS name_zh, max(name_en) AS name_en, next_id, max(next_zh) AS next_zh,
    max(next_en) AS next_en, CASE WHEN next_id IS NULL THEN status ELSE '' END AS outcome,
    count(*) AS times, count(*) FILTER (WHERE is_first) AS begun
FROM taken GROUP BY kind, node_id, next_id, CASE WHEN next_id IS NULL THEN status ELSE '' END
ORDER BY kind, times DESC, node_id
"""
# What flows in shadow would have done, beside what the authority table did.
_SHADOWS: Final = f"""
WITH {_ASKED}
SELECT a.kind, n.text AS way, count(*) AS times, count(*) FILTER (WHERE a.status = 'approved') AS approved,
    count(*) FILTER (WHERE a.status = 'rejected') AS rejected
FROM approvals_requestnote n JOIN asked a ON a.id = n.request_id
WHERE n.kind = 'shadow' GROUP BY a.kind, n.text ORDER BY a.kind, times DESC, way
"""
