"""How far each indicator of the scorecard has moved between two days, by the points that customers had for it (CSI)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics import scoping
from tradecredit.analytics.receivables.reading import fetch
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import stability
from tradecredit.core.scoring.stability import Characteristic

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

# A dimension that a customer's points do not reach is a group of its own: not known.
_COUNTS = """
WITH rated AS (
    SELECT DISTINCT ON (d.day, r.customer_id) d.day, r.result
    FROM (VALUES (%(before)s::date), (%(after)s::date)) AS d(day)
    JOIN scoring_rating r ON r.as_of <= d.day
    JOIN dossier_customer c ON c.id = r.customer_id
    WHERE r.company_id = %(company)s AND {scope}
    ORDER BY d.day, r.customer_id, r.as_of DESC, r.recorded_at DESC, r.id DESC
)
SELECT p->>'indicator' AS name, min(p->'label'->>'zh') AS zh, min(p->'label'->>'en') AS en, p->>'points' AS points,
    count(*) FILTER (WHERE day = %(before)s) AS before, count(*) FILTER (WHERE day = %(after)s) AS after
FROM rated, jsonb_array_elements(result::jsonb->'parts') p
GROUP BY name, points ORDER BY name, points
"""


def drifts(*, company_id: UUID, before: date, after: date) -> tuple[Characteristic, ...]:
    """Return the index of every indicator that was rated on both days, the largest first.

    70 and 30 customers with 100 and 0 points, after 50 and 50 of them, are a CSI of 0.169460.
    """
    scope = scoping.rows(company="r.company_id", customer="c")
    values = {"company": company_id, "before": before, "after": after, **scope.values}
    groups: dict[str, list[tuple[int, int]]] = {}
    labels: dict[str, Words] = {}
    for row in fetch(_COUNTS.format(scope=scope.sql), values):
        groups.setdefault(row["name"], []).append((row["before"], row["after"]))
        labels[row["name"]] = Words(zh=row["zh"], en=row["en"])
    found = []
    for name, counts in groups.items():
        index = stability.index(
            expected=[before for before, _ in counts], actual=[after for _, after in counts]
        )
        if index is not None:
            found.append(Characteristic(name=name, label=labels[name], index=index))
    return tuple(sorted(found, key=lambda each: (-each.index, each.name)))
