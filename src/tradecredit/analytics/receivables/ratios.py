"""Collection ratios of groups: DSO in three forms, ADD, CEI, on-time and collection rates, each by its name.

Sums come from SQL, one row a group and currency; the formulas are the core's (``core.receivables.dso``).
"""

from __future__ import annotations

import functools
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tradecredit.analytics.receivables import aging, policies, reading
from tradecredit.analytics.receivables.ledger_sql import Ledger
from tradecredit.core.kernel import periods
from tradecredit.core.kernel.money import Money
from tradecredit.core.receivables import dso
from tradecredit.core.receivables.dso import MonthOfSales

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal
    from uuid import UUID

_Key = tuple[tuple[str, ...], str]

_END = """, paid AS (
    SELECT h.instalment_id AS id, coalesce(sum(h.amount) FILTER (WHERE h.payment_id IS NULL), 0) AS credit,
        coalesce(sum(h.amount) FILTER (WHERE h.payment_id IS NOT NULL AND h.effective_date <= s.due_date), 0)
            AS in_time,
        coalesce(sum(h.amount) FILTER (WHERE h.payment_id IS NOT NULL AND h.effective_date > %(begin)s), 0)
            AS collected
    FROM held h JOIN standing s ON s.id = h.instalment_id GROUP BY h.instalment_id
), measured AS (
    SELECT s.*, s.amount - coalesce(p.credit, 0) AS owed, coalesce(p.in_time, 0) AS in_time,
        coalesce(p.collected, 0) AS collected, s.due_date > %(begin)s AND s.due_date < %(as_of)s AS fell_due
    FROM standing s LEFT JOIN paid p ON p.id = s.id WHERE s.kind = 'invoice'
)
SELECT {dimensions}currency, sum(open) AS open_end,
    coalesce(sum(open) FILTER (WHERE due_date >= %(as_of)s), 0) AS open_not_due,
    coalesce(sum(amount) FILTER (WHERE invoice_date > %(begin)s), 0) AS sales,
    coalesce(sum(owed) FILTER (WHERE fell_due), 0) AS fell_due,
    coalesce(sum(in_time) FILTER (WHERE fell_due), 0) AS in_time, sum(collected) AS collected
FROM measured GROUP BY {dimensions}currency ORDER BY {dimensions}currency
"""

_BEGIN = """
SELECT {dimensions}currency, sum(open) AS open_begin,
    coalesce(sum(open) FILTER (WHERE due_date <= %(as_of)s), 0) AS due_begin
FROM standing WHERE kind = 'invoice' GROUP BY {dimensions}currency
"""

_SALES = """
SELECT {dimensions}currency, date_trunc('month', invoice_date)::date AS month, sum(amount) AS sales
FROM scoped WHERE kind = 'invoice' AND invoice_date >= %(oldest)s GROUP BY {dimensions}currency, month
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratios:
    """The ratios of one group in one currency over the period (begin, as_of]; None where there is no base."""

    keys: tuple[str, ...]
    currency: str
    open_total: Money
    overdue: Money
    credit_sales: Money
    dso: Decimal | None
    best_possible_dso: Decimal | None
    count_back_dso: Decimal | None
    average_days_delinquent: Decimal | None
    collection_effectiveness_index: Decimal | None
    on_time_collection_rate: Decimal | None
    collection_rate: Decimal | None
    overdue_rate: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioReport:
    """The ratios by group, with the period that they measure."""

    as_of: date
    known_at: datetime | None
    begin: date
    days: int
    by: tuple[str, ...]
    rows: tuple[Ratios, ...]


def ratios(
    *,
    as_of: date,
    known_at: datetime | None = None,
    by: Sequence[str] = ("company",),
    company_id: UUID | None = None,
    customer_ids: tuple[UUID, ...] | None = None,
    months: int | None = None,
) -> RatioReport:
    """Return the ratios over the policy's months of sales up to the day (or ``months``).

    Raises UnableToAgeError for an unknown dimension.
    """
    policy = policies.in_force(company_id=company_id, as_of=as_of)
    begin = periods.add_months(as_of, -(months or policy.sales_months))
    columns = aging.dimension_columns(by)

    def books(day: date) -> Ledger:
        return Ledger(as_of=day, known_at=known_at, company_id=company_id, customer_ids=customer_ids)

    ending = _fetch(books(as_of), _END, columns, begin=begin)
    beginning = {_key(row, columns): row for row in _fetch(books(begin), _BEGIN, columns)}
    oldest = periods.add_months(as_of.replace(day=1), -policy.count_back_months)
    sales = _by_month(_fetch(books(as_of), _SALES, columns, oldest=oldest), columns)
    rows = tuple(
        _ratios(
            row,
            key=_key(row, columns),
            beginning=beginning.get(_key(row, columns), {}),
            newest_first=_newest_first(sales.get(_key(row, columns), {}), as_of=as_of, oldest=oldest),
            days=(as_of - begin).days,
        )
        for row in ending
    )
    return RatioReport(
        as_of=as_of, known_at=known_at, begin=begin, days=(as_of - begin).days, by=tuple(by), rows=rows
    )


def _fetch(ledger: Ledger, query: str, columns: Sequence[str], **values: object) -> list[dict[str, Any]]:
    ledger.values.update(values)
    dimensions = "".join(f"{column}, " for column in columns)
    return reading.fetch(ledger.sql(query.format(dimensions=dimensions)), ledger.values)


def _key(row: Mapping[str, Any], columns: Sequence[str]) -> _Key:
    return tuple(row[column] for column in columns), row["currency"]


def _by_month(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> dict[_Key, dict[date, Decimal]]:
    grouped: dict[_Key, dict[date, Decimal]] = {}
    for row in rows:
        grouped.setdefault(_key(row, columns), {})[row["month"]] = row["sales"]
    return grouped


def _newest_first(
    sales: Mapping[date, Decimal], *, as_of: date, oldest: date
) -> list[tuple[Decimal | int, int]]:
    """Return (sales, days) of each month back to the oldest; the newest has only the days that have passed."""
    found: list[tuple[Decimal | int, int]] = [(sales.get(as_of.replace(day=1), 0), as_of.day)]
    month = as_of.replace(day=1) - timedelta(days=1)
    while month >= oldest:
        first = month.replace(day=1)
        found.append((sales.get(first, 0), monthrange(first.year, first.month)[1]))
        month = first - timedelta(days=1)
    return found


def _money(currency: str, source: Mapping[str, Any], column: str) -> Money:
    return Money.of(source.get(column, 0), currency)


def _ratios(
    row: Mapping[str, Any],
    *,
    key: _Key,
    beginning: Mapping[str, Any],
    newest_first: Sequence[tuple[Decimal | int, int]],
    days: int,
) -> Ratios:
    keys, currency = key
    money = functools.partial(_money, currency)
    open_end, not_due, sales = money(row, "open_end"), money(row, "open_not_due"), money(row, "sales")
    simple = dso.simple(open_total=open_end, credit_sales=sales, days=days)
    best = dso.best_possible(open_not_due=not_due, credit_sales=sales, days=days)
    months = [MonthOfSales(sales=Money.of(amount, currency), days=length) for amount, length in newest_first]
    effectiveness = dso.collection_effectiveness_index(
        open_begin=money(beginning, "open_begin"),
        credit_sales=sales,
        open_end=open_end,
        open_end_not_due=not_due,
    )
    fell_due = money(row, "fell_due")
    return Ratios(
        keys=keys,
        currency=currency,
        open_total=open_end,
        overdue=open_end - not_due,
        credit_sales=sales,
        dso=simple,
        best_possible_dso=best,
        count_back_dso=dso.count_back(open_total=open_end, newest_first=months),
        average_days_delinquent=dso.average_days_delinquent(dso=simple, best_possible_dso=best),
        collection_effectiveness_index=effectiveness,
        on_time_collection_rate=dso.ratio(part=money(row, "in_time"), whole=fell_due),
        collection_rate=dso.collection_rate(
            collected=money(row, "collected"),
            due_at_begin=money(beginning, "due_begin"),
            due_in_period=fell_due,
        ),
        overdue_rate=dso.overdue_rate(overdue=open_end - not_due, open_total=open_end),
    )
