"""How many customers stand in each grade, as of a day and as known at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.analytics import master_data, scoping
from tradecredit.analytics.receivables import aging, reading, tables
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

_QUERY = """
{was}SELECT {named}r.grade, count(*) AS customers, round(avg(r.score), 2) AS average_score,
    count(*) FILTER (WHERE r.is_high_risk) AS high_risk
FROM (
    SELECT DISTINCT ON (company_id, customer_id) * FROM scoring_rating
    WHERE as_of <= %(as_of)s AND (%(known_at)s::timestamptz IS NULL OR recorded_at <= %(known_at)s)
    ORDER BY company_id, customer_id, as_of DESC, recorded_at DESC, id DESC
) r
JOIN dossier_customer c ON c.id = r.customer_id {was_join}
JOIN access_company f ON f.id = r.company_id
WHERE (%(company_id)s::uuid IS NULL OR r.company_id = %(company_id)s) AND {scope}
GROUP BY {dimensions}r.grade ORDER BY {dimensions}r.grade
"""


def grades_table(
    *, as_of: date, known_at: datetime | None, by: Sequence[str], company_id: UUID | None
) -> Table:
    """Return the distribution of grades by group; raises UnableToAgeError for an unknown dimension."""
    columns = aging.dimension_columns(by)
    expressions = {"customer_code": "c.code", "company_code": "f.code", "grade": "r.grade"}
    named, dimensions = master_data.dimensions(
        columns, expressions=expressions, is_known=known_at is not None
    )
    scope = scoping.rows(company="r.company_id", customer="c")
    values: dict[str, Any] = {
        "as_of": as_of,
        "known_at": known_at,
        "company_id": company_id,
        **scope.values,
    }
    query = _QUERY.format(
        named=named,
        dimensions=dimensions,
        scope=scope.sql,
        **master_data.parts(is_known=known_at is not None),
    )
    rows = reading.fetch(query, values)
    return Table(
        name="grades",
        title=Words(zh=f"信用等级分布，截至 {as_of}", en=f"Grades as of {as_of}"),
        columns=(
            *tables.dimension_columns(by),
            Column(key="grade", label=Words(zh="等级", en="Grade")),
            Column(key="customers", label=Words(zh="客户数", en="Customers"), kind="number"),
            Column(key="average_score", label=Words(zh="平均得分", en="Average score"), kind="ratio"),
            Column(key="high_risk", label=Words(zh="高风险客户数", en="High risk"), kind="number"),
        ),
        rows=tuple(tuple(row.values()) for row in rows),
    )
