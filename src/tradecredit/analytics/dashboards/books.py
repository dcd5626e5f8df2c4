"""The open lines and the credit accounts of a company, as SQL that every page builds on.

A card and the list behind it are sums and rows of the same statement: that is why they agree to the cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.analytics import scoping
from tradecredit.analytics.receivables import policies
from tradecredit.analytics.receivables.reading import fetch

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.core.receivables.aging import Scheme

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose books, and on which day."""

    company_id: UUID
    as_of: date


def scheme(place: Place, key: str) -> Scheme:
    """Return an aging scheme of the company's policy; an unknown key gives the first one."""
    schemes = policies.in_force(company_id=place.company_id, as_of=place.as_of).schemes
    return schemes.get(key) or next(iter(schemes.values()))


def run(place: Place, sql: str, *, values: Row | None = None, aging: Scheme | None = None) -> list[Row]:
    """Run a statement over ``lines`` and ``accounts`` in the actor's scope."""
    bound: Row = {"company": place.company_id, "as_of": place.as_of, **(values or {})}
    here = scoping.rows(company="x.company_id", customer="c")
    bound |= here.values
    bucket = _bucket_sql(aging, bound) if aging else "0"
    return fetch(
        f"WITH lines AS ({_LINES.format(scope=here.sql, bucket=bucket)}),"
        f" accounts AS ({_ACCOUNTS.format(scope=here.sql)}) {sql}",
        bound,
    )


def _bucket_sql(aging: Scheme, bound: Row) -> str:
    base = "x.due_date" if aging.measure == "days_overdue" else "v.invoice_date"
    cases = []
    for position, bucket in reversed(list(enumerate(aging.buckets))):
        if bucket.edge is None:
            continue
        bound[f"months_{position}"] = bucket.edge.months
        bound[f"days_{position}"] = bucket.edge.days
        cases.append(
            f"WHEN ({base} + make_interval(months => %(months_{position})s))::date + %(days_{position})s::int"
            f" <= %(as_of)s::date THEN {position}"
        )
    return f"CASE {' '.join(cases)} ELSE 0 END" if cases else "0"


_LINES = """
    SELECT x.id, x.customer_id, c.code AS customer_code, c.name AS customer_name, c.name_key, c.region,
        c.salesperson, v.number || CASE WHEN x.line > 1 THEN '#' || x.line ELSE '' END AS number,
        v.number AS invoice_number, v.order_number, v.invoice_date, x.due_date, x.currency, x.amount,
        x.amount - x.settled_amount AS open_amount, x.disputed_amount,
        %(as_of)s::date - x.due_date AS days_overdue, %(as_of)s::date - v.invoice_date AS age_days,
        x.due_date < %(as_of)s::date AS is_overdue, {bucket} AS bucket
    FROM receivables_instalment x
    JOIN receivables_invoice v ON v.id = x.invoice_id
    JOIN dossier_customer c ON c.id = x.customer_id
    WHERE x.company_id = %(company)s AND v.kind = 'invoice' AND x.settled_amount < x.amount
        AND v.invoice_date <= %(as_of)s AND {scope}
"""

_ACCOUNTS = """
    SELECT x.id, x.customer_id, c.code AS customer_code, c.name AS customer_name, c.name_key, c.region,
        c.salesperson, c.industry, c.is_demo, x.currency, x.ordered, x.delivered, x.billed, x.bill, x.unapplied,
        x.reserved, x.ordered + x.delivered + x.billed + x.bill + x.unapplied + x.reserved AS used,
        coalesce(base.limit_kind, 'not_set') AS limit_kind, base.valid_to AS limit_ends,
        CASE WHEN base.limit_kind = 'amount' THEN base.limit_amount END AS base_amount,
        coalesce(extra.amount, 0) AS temporary_amount,
        CASE WHEN base.limit_kind = 'amount' THEN base.limit_amount + coalesce(extra.amount, 0) END AS limit_amount,
        coalesce(manual.grade, rated.grade) AS grade, rated.score, rated.old_grade, rated.as_of AS rated_on,
        EXISTS (SELECT 1 FROM monitoring_freeze f WHERE f.company_id = x.company_id
            AND f.customer_id = x.customer_id AND f.frozen_on <= %(as_of)s
            AND (f.lifted_on IS NULL OR f.lifted_on > %(as_of)s)) AS is_frozen
    FROM exposure_creditaccount x
    JOIN dossier_customer c ON c.id = x.customer_id
    LEFT JOIN LATERAL (SELECT l.limit_kind, l.limit_amount, l.valid_to FROM limits_creditline l
        WHERE l.company_id = x.company_id AND l.customer_id = x.customer_id AND l.currency = x.currency
            AND l.line_kind = 'base' AND l.valid_from <= %(as_of)s
        ORDER BY l.valid_from DESC, l.recorded_at DESC LIMIT 1) latest ON TRUE
    LEFT JOIN LATERAL (SELECT latest.limit_kind, latest.limit_amount, latest.valid_to
        WHERE latest.valid_to IS NULL OR latest.valid_to > %(as_of)s) base ON TRUE
    LEFT JOIN LATERAL (SELECT sum(l.limit_amount) AS amount FROM limits_creditline l
        WHERE l.company_id = x.company_id AND l.customer_id = x.customer_id AND l.currency = x.currency
            AND l.line_kind = 'temporary' AND l.reference = '' AND l.limit_kind = 'amount'
            AND l.valid_from <= %(as_of)s AND l.valid_to > %(as_of)s) extra ON TRUE
    LEFT JOIN LATERAL (SELECT r.grade, r.score, r.old_grade, r.as_of FROM scoring_rating r
        WHERE r.company_id = x.company_id AND r.customer_id = x.customer_id AND r.as_of <= %(as_of)s
        ORDER BY r.as_of DESC, r.recorded_at DESC LIMIT 1) rated ON TRUE
    LEFT JOIN LATERAL (SELECT o.grade FROM scoring_ratingoverride o
        WHERE o.company_id = x.company_id AND o.customer_id = x.customer_id
            AND o.valid_from <= %(as_of)s AND o.valid_to > %(as_of)s
        ORDER BY o.recorded_at DESC LIMIT 1) manual ON TRUE
    WHERE x.company_id = %(company)s AND {scope}
"""
