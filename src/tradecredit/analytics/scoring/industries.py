"""Industries as our own customers show them: how many, how rated, how late, and the usual figures of each indicator."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics import scoping
from tradecredit.analytics.receivables.reading import fetch
from tradecredit.analytics.scoring import outcomes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, timedelta
    from uuid import UUID

    from tradecredit.core.scoring.backtest import ReviewRules

_FIGURE: Final = Decimal("0.0001")
_LATEST = """
WITH latest AS (
    SELECT DISTINCT ON (r.customer_id) r.customer_id, r.inputs, r.grade, r.score, r.is_high_risk, c.industry, c.code
    FROM scoring_rating r JOIN dossier_customer c ON c.id = r.customer_id
    WHERE r.company_id = %(company)s AND r.as_of <= %(as_of)s AND {scope}
    ORDER BY r.customer_id, r.as_of DESC, r.recorded_at DESC, r.id DESC
)
"""
_FIGURES = (
    _LATEST
    + """, known AS (
    SELECT v.key AS name, l.industry, (v.value->>'value')::numeric AS figure
    FROM latest l, jsonb_each(l.inputs::jsonb) v
    WHERE v.key = ANY (%(names)s::text[]) AND v.value ? 'value'
)
SELECT name, {by} AS industry, count(*) AS customers, avg(figure) AS mean,
    percentile_disc(0.25) WITHIN GROUP (ORDER BY figure) AS low,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY figure) AS middle,
    percentile_disc(0.75) WITHIN GROUP (ORDER BY figure) AS high
FROM known GROUP BY 1, 2 ORDER BY 1, 2
"""
)
_RATED = _LATEST + "SELECT industry, code, grade, score, is_high_risk FROM latest ORDER BY industry, code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The usual figures of one indicator: mean, and the quarter, half and three quarters of the customers."""

    name: str
    industry: str
    customers: int
    mean: Decimal
    low: Decimal
    middle: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry:
    """One industry among our customers; ``bads`` of ``judged`` went bad in the horizon of the backtest."""

    name: str
    customers: int
    grades: Mapping[str, int]
    mean_score: Decimal | None
    high_risk: int
    judged: int
    bads: int

    @property
    def bad_share(self) -> Decimal | None:
        """Return the share that went bad; None where nobody could be judged."""
        return None if not self.judged else Decimal(self.bads) / self.judged


def spreads(
    *, company_id: UUID, names: Sequence[str], as_of: date, by_industry: bool = False
) -> tuple[Spread, ...]:
    """Return the spread of each indicator over all rated customers in scope, or in each industry.

    ``names`` are numbers only. Figures are those of the ratings in force on the day.
    """
    scope = scoping.rows(company="r.company_id", customer="c")
    sql = _FIGURES.format(scope=scope.sql, by="industry" if by_industry else "''")
    values = {"company": company_id, "as_of": as_of, "names": list(names), **scope.values}
    return tuple(_spread(row) for row in fetch(sql, values))


def listed(
    *, company_id: UUID, as_of: date, rules: ReviewRules, horizon: timedelta, grades: Sequence[str]
) -> tuple[Industry, ...]:
    """Return every industry with rated customers in scope, the largest first; rated a horizon ago, judged until the day."""
    scope = scoping.rows(company="r.company_id", customer="c")
    rows = fetch(_RATED.format(scope=scope.sql), {"company": company_id, "as_of": as_of, **scope.values})
    fates = outcomes.rated_customers(
        company_id=company_id,
        rated_on=as_of - horizon,
        horizon_days=rules.horizon_days,
        bad_days=rules.days_overdue,
        trifle=rules.trifle,
    )
    bad = {each.code: each.bad_on is not None for each in fates if each.counts}
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["industry"], []).append(row)
    found = [_industry(name, group, bad=bad, grades=grades) for name, group in groups.items()]
    return tuple(sorted(found, key=lambda each: (-each.customers, each.name)))


def _industry(
    name: str, rows: Sequence[Mapping[str, Any]], *, bad: Mapping[str, bool], grades: Sequence[str]
) -> Industry:
    scores = [row["score"] for row in rows if row["score"] is not None]
    judged = [bad[row["code"]] for row in rows if row["code"] in bad]
    order = [*grades, *sorted({row["grade"] for row in rows} - set(grades))]
    counts = {grade: sum(row["grade"] == grade for row in rows) for grade in order}
    mean = sum(scores, Decimal(0)) / len(scores) if scores else None
    return Industry(
        name=name,
        customers=len(rows),
        grades={grade: count for grade, count in counts.items() if count},
        mean_score=None if mean is None else mean.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP),
        high_risk=sum(row["is_high_risk"] for row in rows),
        judged=len(judged),
        bads=sum(judged),
    )


def _spread(row: Mapping[str, Any]) -> Spread:
    return Spread(
        name=row["name"],
        industry=row["industry"],
        customers=row["customers"],
        mean=row["mean"].quantize(_FIGURE, rounding=ROUND_HALF_UP),
        low=row["low"],
        middle=row["middle"],
        high=row["high"],
    )
