"""The figures of the overview: each is a sum whose rows one of the lists shows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.analytics.dashboards import books

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.analytics.dashboards.books import Place, Row
    from tradecredit.core.receivables.aging import Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class AgedCustomer:
    """A customer's open amounts by bucket."""

    code: str
    name: str
    amounts: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivables:
    """What is open in one currency: sums, buckets, and the customers that owe most."""

    scheme: Scheme
    open_amount: Decimal
    open_count: int
    overdue_amount: Decimal
    overdue_customers: int
    buckets: tuple[Decimal, ...]
    customers: tuple[AgedCustomer, ...]
    top_overdue: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnover:
    """Days sales outstanding at the end of a month, over the three months up to it."""

    on: date
    days: Decimal
    open_amount: Decimal


def currencies(place: Place) -> tuple[str, ...]:
    """Return the currencies in use, the one with the most accounts first."""
    rows = books.run(
        place, "SELECT currency FROM accounts GROUP BY currency ORDER BY count(*) DESC, currency"
    )
    return tuple(row["currency"] for row in rows)


def receivables(place: Place, *, currency: str, most: int = 10) -> Receivables:
    """Return the open receivables of one currency by customer and bucket."""
    scheme = books.scheme(place, "overdue")
    rows = books.run(
        place,
        "SELECT customer_code AS code, customer_name AS name, bucket, sum(open_amount) AS amount,"
        " count(*) AS count, coalesce(sum(open_amount) FILTER (WHERE is_overdue), 0) AS overdue"
        " FROM lines WHERE currency = %(currency)s GROUP BY 1, 2, 3",
        values={"currency": currency},
        aging=scheme,
    )
    grid: dict[tuple[str, str], list[Decimal]] = {}
    late: dict[tuple[str, str], Decimal] = {}
    buckets = [Decimal(0)] * len(scheme.buckets)
    for row in rows:
        who = (row["code"], row["name"])
        grid.setdefault(who, [Decimal(0)] * len(scheme.buckets))[row["bucket"]] += row["amount"]
        late[who] = late.get(who, Decimal(0)) + row["overdue"]
        buckets[row["bucket"]] += row["amount"]
    overdue = sorted(((sum_, who) for who, sum_ in late.items() if sum_), reverse=True)
    chosen = sorted(grid.items(), key=lambda item: (late[item[0]], sum(item[1])), reverse=True)[:most]
    return Receivables(
        scheme=scheme,
        open_amount=sum(buckets, Decimal(0)),
        open_count=sum(row["count"] for row in rows),
        overdue_amount=sum((sum_ for sum_, _ in overdue), Decimal(0)),
        overdue_customers=len(overdue),
        buckets=tuple(buckets),
        customers=tuple(
            AgedCustomer(code=who[0], name=who[1], amounts=tuple(amounts)) for who, amounts in chosen
        ),
        top_overdue=tuple({"code": who[0], "name": who[1], "overdue": sum_} for sum_, who in overdue[:most]),
    )


def credit(place: Place, *, currency: str) -> Row:
    """Return granted, used (of those with a line) and available, with the number of lines, in one currency."""
    return books.run(
        place,
        "SELECT coalesce(sum(limit_amount), 0) AS granted, coalesce(sum(used), 0) AS used,"
        " coalesce(sum(limit_amount - used), 0) AS available, count(*) AS lines,"
        " count(*) FILTER (WHERE used > limit_amount) AS over"
        " FROM accounts WHERE currency = %(currency)s AND limit_amount IS NOT NULL",
        values={"currency": currency},
    )[0]


def grades(place: Place) -> Sequence[Row]:
    """Return how many customers have each grade, best first; unrated ones have none."""
    return books.run(
        place,
        "SELECT grade, count(DISTINCT customer_id) AS count FROM accounts GROUP BY grade ORDER BY grade NULLS LAST",
    )


def turnover(place: Place, *, currency: str, months: int = 12) -> tuple[Turnover, ...]:
    """Return days sales outstanding at each month's end and today; months without sales are left out."""
    rows = books.run(place, _TURNOVER, values={"currency": currency, "months": months})
    return tuple(
        Turnover(on=row["day"], days=row["open"] * row["days"] / row["sales"], open_amount=row["open"])
        for row in rows
        if row["sales"] and row["has_full_window"]
    )


# What was invoiced by each day, less what was set against it by then; the window of sales is three months.
_TURNOVER = """
, ends AS (
    SELECT (date_trunc('month', %(as_of)s::date) - make_interval(months => n) - interval '1 day')::date AS day
    FROM generate_series(0, %(months)s - 2) AS n
    UNION SELECT %(as_of)s::date
), billed AS (
    SELECT v.invoice_date AS day, sum(v.amount) AS amount FROM receivables_invoice v
    WHERE v.company_id = %(company)s AND v.kind = 'invoice' AND v.currency = %(currency)s
        AND v.customer_id IN (SELECT customer_id FROM accounts)
    GROUP BY 1
), settled AS (
    SELECT a.effective_date AS day, sum(a.amount) AS amount FROM cash_application_allocation a
    WHERE a.company_id = %(company)s AND a.currency = %(currency)s
        AND a.customer_id IN (SELECT customer_id FROM accounts)
    GROUP BY 1
)
SELECT e.day, e.day - (e.day - interval '3 months')::date AS days,
    (SELECT min(b.day) FROM billed b) <= (e.day - interval '3 months')::date AS has_full_window,
    coalesce((SELECT sum(b.amount) FROM billed b WHERE b.day <= e.day), 0)
        - coalesce((SELECT sum(s.amount) FROM settled s WHERE s.day <= e.day), 0) AS open,
    coalesce((SELECT sum(b.amount) FROM billed b
        WHERE b.day <= e.day AND b.day > (e.day - interval '3 months')::date), 0) AS sales
FROM ends e ORDER BY e.day
"""
