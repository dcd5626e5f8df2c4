"""Collection ratios of groups: DSO in three forms, ADD, CEI, on-time and collection rates, each by its name.

Sums come from SQL, one row a group and currency; the formulas are the core's (``core.receivables.dso``).
"""

from __future__ import annotations

import functools
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.analytics.receivables import aging, policies, reading
from tradecredit.analytics.receivables.ledger_sql import PAID, Ledger
from tradecredit.core.kernel import periods
from tradecredit.core.kernel.money import Money
from tradecredit.core.receivables import dso
from tradecredit.core.receivables.dso import MonthOfSales

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

_Key = tuple[tuple[str, ...], str]

# Of what fell due in the period: what came in for it, and when; see `core.receivables.payment_behaviour.judge`.
_END = (
    PAID.format(lines="standing")
    + """, received AS (
    SELECT instalment_id AS id, sum(amount) AS amount FROM held
    WHERE payment_id IS NOT NULL AND effective_date > %(begin)s GROUP BY instalment_id
), measured AS (
    SELECT s.*, s.amount - p.credit AS owed, p.in_time, coalesce(r.amount, 0) AS collected,
        s.due_date > %(begin)s AND s.due_date < %(as_of)s AND s.amount > p.credit AS fell_due,
        coalesce(CASE WHEN p.cash >= s.amount - p.credit THEN p.latest_day
            WHEN p.cash + p.loss >= s.amount - p.credit THEN p.latest_loss END, %(as_of)s::date) AS until
    FROM standing s JOIN paid p ON p.id = s.id LEFT JOIN received r ON r.id = s.id WHERE s.kind = 'invoice'
)
SELECT {dimensions}currency, sum(open) AS open_end,
    coalesce(sum(open) FILTER (WHERE due_date >= %(as_of)s), 0) AS open_not_due,
    coalesce(sum(amount) FILTER (WHERE nature = 'sale' AND invoice_date > %(begin)s), 0) AS sales,
    coalesce(sum(owed) FILTER (WHERE fell_due), 0) AS fell_due,
    coalesce(sum(in_time) FILTER (WHERE fell_due), 0) AS in_time, sum(collected) AS collected,
    count(*) FILTER (WHERE fell_due) AS due_count,
    count(*) FILTER (WHERE fell_due AND in_time >= owed) AS in_time_count,
    coalesce(sum(owed * (until - invoice_date)) FILTER (WHERE fell_due), 0) AS to_pay,
    coalesce(sum(owed * (until - due_date)) FILTER (WHERE fell_due), 0) AS late,
    coalesce(sum(owed * greatest(until - due_date, 0)) FILTER (WHERE fell_due), 0) AS delinquent
FROM measured GROUP BY {dimensions}currency ORDER BY {dimensions}currency
"""
)

_LOSSES = """
SELECT {dimensions}currency, coalesce(sum(amount) FILTER (WHERE nature = 'write_off'), 0) AS written_off,
    coalesce(sum(amount) FILTER (WHERE nature = 'recovery'), 0) AS recovered
FROM scoped WHERE nature IN ('write_off', 'recovery') AND invoice_date > %(begin)s GROUP BY {dimensions}currency
"""

_BEGIN = """
SELECT {dimensions}currency, sum(open) AS open_begin,
    coalesce(sum(open) FILTER (WHERE due_date <= %(as_of)s), 0) AS due_begin
FROM standing WHERE kind = 'invoice' GROUP BY {dimensions}currency
"""

_SALES = """
SELECT {dimensions}currency, date_trunc('month', invoice_date)::date AS month, sum(amount) AS sales
FROM scoped WHERE nature = 'sale' AND invoice_date >= %(oldest)s GROUP BY {dimensions}currency, month
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
    on_time_count_rate: Decimal | None
    collection_rate: Decimal | None
    overdue_rate: Decimal | None
    # Of what fell due in the period, weighted by amount; unpaid items count up to the day.
    weighted_days_to_pay: Decimal | None
    weighted_days_late: Decimal | None
    weighted_days_delinquent: Decimal | None
    written_off: Money
    recovered: Money
    bad_debt_rate_of_sales: Decimal | None
    bad_debt_rate_of_average: Decimal | None
    turnover: Decimal | None


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
    policy = policies.in_force(company_id=company_id, as_of=as_of, known_at=known_at)
    begin = periods.add_months(as_of, -(months or policy.sales_months))
    columns = aging.dimension_columns(by)

    def books(day: date) -> Ledger:
        who: dict[str, Any] = {"company_id": company_id, "customer_ids": customer_ids}
        return Ledger(as_of=day, known_at=known_at, has_grades="grade" in by, **who)

    ending = _fetch(books(as_of), _END, columns, begin=begin)
    beginning = {_key(row, columns): row for row in _fetch(books(begin), _BEGIN, columns)}
    losses = {_key(row, columns): row for row in _fetch(books(as_of), _LOSSES, columns, begin=begin)}
    oldest = periods.add_months(as_of.replace(day=1), -policy.count_back_months)
    sales = _by_month(_fetch(books(as_of), _SALES, columns, oldest=oldest), columns)
    rows = tuple(
        _ratios(
            row,
            key=_key(row, columns),
            beginning={**beginning.get(_key(row, columns), {}), **losses.get(_key(row, columns), {})},
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


def _share(row: Mapping[str, Any], part: str, whole: str) -> Decimal | None:
    return Decimal(row[part]) / row[whole] if row[whole] else None


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
    sums = _sums(row, beginning, currency)
    months = [MonthOfSales(sales=Money.of(amount, currency), days=length) for amount, length in newest_first]
    simple = dso.simple(open_total=sums.open_end, credit_sales=sums.sales, days=days)
    best = dso.best_possible(open_not_due=sums.not_due, credit_sales=sums.sales, days=days)
    to_pay, late, delinquent = (_share(row, name, "fell_due") for name in ("to_pay", "late", "delinquent"))
    return Ratios(
        keys=keys,
        currency=currency,
        open_total=sums.open_end,
        overdue=sums.open_end - sums.not_due,
        credit_sales=sums.sales,
        dso=simple,
        best_possible_dso=best,
        count_back_dso=dso.count_back(open_total=sums.open_end, newest_first=months),
        average_days_delinquent=dso.average_days_delinquent(dso=simple, best_possible_dso=best),
        collection_effectiveness_index=_effectiveness(sums),
        on_time_collection_rate=dso.ratio(part=sums.in_time, whole=sums.fell_due),
        on_time_count_rate=_share(row, "in_time_count", "due_count"),
        collection_rate=_collection_rate(sums),
        overdue_rate=dso.overdue_rate(overdue=sums.open_end - sums.not_due, open_total=sums.open_end),
        weighted_days_to_pay=to_pay,
        weighted_days_late=late,
        weighted_days_delinquent=delinquent,
        written_off=sums.written_off,
        recovered=sums.recovered,
        bad_debt_rate_of_sales=_lost(sums, sums.sales),
        bad_debt_rate_of_average=_lost(sums, sums.mean),
        turnover=dso.turnover(credit_sales=sums.sales, average_open=sums.mean),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    """What the statements summed for a group in a currency."""

    open_begin: Money
    open_end: Money
    not_due: Money
    sales: Money
    fell_due: Money
    in_time: Money
    collected: Money
    due_begin: Money
    written_off: Money
    recovered: Money

    @property
    def mean(self) -> Money:
        """Return the average receivables."""
        return dso.average(self.open_begin, self.open_end)


def _sums(row: Mapping[str, Any], beginning: Mapping[str, Any], currency: str) -> _Sums:
    money = functools.partial(_money, currency)
    return _Sums(
        open_begin=money(beginning, "open_begin"),
        open_end=money(row, "open_end"),
        not_due=money(row, "open_not_due"),
        sales=money(row, "sales"),
        fell_due=money(row, "fell_due"),
        in_time=money(row, "in_time"),
        collected=money(row, "collected"),
        due_begin=money(beginning, "due_begin"),
        written_off=money(beginning, "written_off"),
        recovered=money(beginning, "recovered"),
    )


def _lost(sums: _Sums, base: Money) -> Decimal | None:
    return dso.bad_debt_rate(written_off=sums.written_off, recovered=sums.recovered, base=base)


def _effectiveness(sums: _Sums) -> Decimal | None:
    return dso.collection_effectiveness_index(
        open_begin=sums.open_begin,
        credit_sales=sums.sales,
        open_end=sums.open_end,
        open_end_not_due=sums.not_due,
    )


def _collection_rate(sums: _Sums) -> Decimal | None:
    return dso.collection_rate(
        collected=sums.collected, due_at_begin=sums.due_begin, due_in_period=sums.fell_due
    )
