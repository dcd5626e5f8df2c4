"""Customers whose score lies nearest to a cut-off: those on whom a change of the model is felt first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics import scoping
from tradecredit.analytics.receivables.reading import fetch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

_QUERY = """
SELECT c.code FROM (
    SELECT DISTINCT ON (customer_id) customer_id, company_id, score FROM scoring_rating
    WHERE company_id = %(company_id)s AND as_of <= %(as_of)s
    ORDER BY customer_id, as_of DESC, recorded_at DESC, id DESC
) r
JOIN dossier_customer c ON c.id = r.customer_id
WHERE r.score IS NOT NULL AND {scope}
ORDER BY (SELECT min(abs(r.score - cut)) FROM unnest(%(cuts)s::numeric[]) AS cut), c.code
LIMIT %(most)s
"""


def codes(*, company_id: UUID, as_of: date, cut_offs: Sequence[Decimal], most: int) -> tuple[str, ...]:
    """Return the codes of rated customers in scope, the nearest to one of the cut-offs first."""
    scope = scoping.rows(company="r.company_id", customer="c")
    values = {
        "company_id": company_id,
        "as_of": as_of,
        "cuts": [f"{cut:f}" for cut in cut_offs],
        "most": most,
    }
    rows = fetch(_QUERY.format(scope=scope.sql), {**values, **scope.values})
    return tuple(row["code"] for row in rows)
