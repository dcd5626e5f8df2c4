"""What stands in each stage of exposure, as of a day and as known at a moment: sums of the accounts' entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.analytics import master_data, scoping
from tradecredit.analytics.receivables import aging, reading, tables
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

_STAGES = {
    "ordered": Words(zh="已订未发", en="Ordered"),
    "delivered": Words(zh="已发未开票", en="Delivered, not billed"),
    "billed": Words(zh="已开票应收", en="Billed"),
    "bill": Words(zh="应收票据", en="Bills receivable"),
    "unapplied": Words(zh="未核销款", en="Unapplied"),
}

_QUERY = """
{was}SELECT {named}a.currency, {sums}, coalesce(sum(e.amount), 0) AS exposure
FROM exposure_exposureentry e
JOIN exposure_creditaccount a ON a.id = e.account_id
JOIN dossier_customer c ON c.id = a.customer_id {was_join}
JOIN access_company f ON f.id = a.company_id
WHERE e.effective_date <= %(as_of)s AND (%(known_at)s::timestamptz IS NULL OR e.recorded_at <= %(known_at)s)
    AND (%(company_id)s::uuid IS NULL OR a.company_id = %(company_id)s) AND {scope}
GROUP BY {dimensions}a.currency HAVING bool_or(e.amount <> 0) ORDER BY {dimensions}a.currency
"""

# The grade that a person set for a time, else the one that was rated last by the day; empty where nobody rated.
_GRADE = """coalesce((SELECT o.grade FROM scoring_ratingoverride o WHERE o.company_id = a.company_id
    AND o.customer_id = a.customer_id AND o.valid_from <= %(as_of)s AND o.valid_to > %(as_of)s
    AND (%(known_at)s::timestamptz IS NULL OR o.recorded_at <= %(known_at)s)
    ORDER BY o.recorded_at DESC, o.id DESC LIMIT 1), (SELECT r.grade FROM scoring_rating r
    WHERE r.company_id = a.company_id AND r.customer_id = a.customer_id AND r.as_of <= %(as_of)s
    AND (%(known_at)s::timestamptz IS NULL OR r.recorded_at <= %(known_at)s)
    ORDER BY r.as_of DESC, r.recorded_at DESC, r.id DESC LIMIT 1), '')"""


def exposure_table(
    *, as_of: date, known_at: datetime | None, by: Sequence[str], company_id: UUID | None
) -> Table:
    """Return the stages of exposure by group and currency; raises UnableToAgeError for an unknown dimension."""
    columns = aging.dimension_columns(by)
    expressions = {"customer_code": "c.code", "company_code": "f.code", "grade": _GRADE}
    named, dimensions = master_data.dimensions(
        columns, expressions=expressions, is_known=known_at is not None
    )
    sums = ", ".join(
        f"coalesce(sum(e.amount) FILTER (WHERE e.stage = '{stage}'), 0) AS {stage}" for stage in _STAGES
    )
    scope = scoping.rows(company="a.company_id", customer="c")
    values: dict[str, Any] = {
        "as_of": as_of,
        "known_at": known_at,
        "company_id": company_id,
        **scope.values,
    }
    query = _QUERY.format(
        named=named,
        dimensions=dimensions,
        sums=sums,
        scope=scope.sql,
        **master_data.parts(is_known=known_at is not None),
    )
    rows = reading.fetch(query, values)
    return Table(
        name="exposure",
        title=Words(zh=f"信用敞口，截至 {as_of}", en=f"Exposure as of {as_of}"),
        columns=(
            *tables.dimension_columns(by),
            Column(key="currency", label=Words(zh="币种", en="Currency")),
            *(Column(key=stage, label=label, kind="amount") for stage, label in _STAGES.items()),
            Column(key="exposure", label=Words(zh="敞口合计", en="Exposure"), kind="amount"),
        ),
        rows=tuple(_row(row, dimensions=len(columns)) for row in rows),
    )


def _row(row: dict[str, Any], *, dimensions: int) -> tuple[Any, ...]:
    values = list(row.values())
    currency = row["currency"]
    amounts = [Money(row[stage], currency) for stage in _STAGES]
    return (*values[:dimensions], currency, *amounts, Money(row["exposure"], currency))
