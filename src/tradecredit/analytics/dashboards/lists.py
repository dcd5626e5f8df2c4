"""The lists behind the figures: filters as values, rows by page, totals over the whole filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.dashboards import books

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.analytics.dashboards.books import Place, Row

PAGE: Final = 100
EXPORT: Final = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of rows with the number and the sums of all that the filter finds."""

    rows: list[Row]
    totals: list[Row]
    count: int
    page: int
    size: int

    @property
    def has_next(self) -> bool:
        """Tell whether a page follows."""
        return self.page * self.size < self.count

    @property
    def first(self) -> int:
        """Return the number of the page's first row."""
        return (self.page - 1) * self.size + 1 if self.count else 0

    @property
    def latest(self) -> int:
        """Return the number of the page's last row."""
        return min(self.page * self.size, self.count)


_LINE_FILTERS: Final = {
    "customer": "customer_code = %(customer)s",
    "currency": "currency = %(currency)s",
    "region": "region = %(region)s",
    "salesperson": "salesperson = %(salesperson)s",
    "bucket": "bucket = %(bucket)s",
    "q": "(number ILIKE %(q)s OR customer_name ILIKE %(q)s OR customer_code ILIKE %(q)s)",
}
_LINE_STATES: Final = {
    "overdue": "is_overdue",
    "not_due": "NOT is_overdue",
    "week": "due_date BETWEEN %(as_of)s::date AND %(as_of)s::date + 7",
    "disputed": "disputed_amount > 0",
}
_ACCOUNT_FILTERS: Final = {
    "currency": "a.currency = %(currency)s",
    "region": "a.region = %(region)s",
    "salesperson": "a.salesperson = %(salesperson)s",
    "grade": "a.grade = %(grade)s",
    "industry": "a.customer_id IN (SELECT id FROM dossier_customer WHERE industry = %(industry)s)",
    # An own field by its name: ``vip`` (yes) or ``channel=agent``; of the house what was learned last counts.
    "own": "a.customer_id IN (SELECT customer_id FROM (SELECT DISTINCT ON (f.customer_id) f.customer_id, f.value,"
    " f.valid_to FROM dossier_fact f WHERE f.name = split_part(%(own)s, '=', 1) AND f.valid_from <= %(as_of)s"
    " ORDER BY f.customer_id, f.valid_from DESC, f.recorded_at DESC, f.id DESC) said WHERE (said.valid_to IS NULL"
    " OR said.valid_to > %(as_of)s) AND said.value = coalesce(nullif(split_part(%(own)s, '=', 2), ''), 'yes'))",
    "q": "(a.customer_name ILIKE %(q)s OR a.customer_code ILIKE %(q)s)",
}
_ACCOUNT_STATES: Final = {
    "overdue": "late.overdue > 0",
    "over": "a.used > a.limit_amount",
    "high": "a.used * 10 >= a.limit_amount * 9",
    "frozen": "a.is_frozen",
    "granted": "a.limit_amount IS NOT NULL",
    "unrated": "a.grade IS NULL",
    "not_set": "a.limit_kind = 'not_set'",
}


def receivables(
    place: Place, *, filters: Mapping[str, str], scheme: str, page: int = 1, size: int = PAGE
) -> Listing:
    """Return open invoice lines, the oldest due day first; totals stand by currency."""
    where, values = _where(filters, _LINE_FILTERS, _LINE_STATES)
    aging = books.scheme(place, scheme)
    values |= {"skip": (page - 1) * size, "size": size}
    rows = books.run(
        place,
        f"SELECT * FROM lines WHERE {where} ORDER BY due_date, number, id OFFSET %(skip)s LIMIT %(size)s",
        values=values,
        aging=aging,
    )
    totals = books.run(
        place,
        "SELECT currency, count(*) AS count, count(DISTINCT customer_id) AS customers, sum(amount) AS amount,"
        " sum(open_amount) AS open_amount, coalesce(sum(open_amount) FILTER (WHERE is_overdue), 0) AS overdue"
        f" FROM lines WHERE {where} GROUP BY currency ORDER BY currency",
        values=values,
        aging=aging,
    )
    return Listing(rows=rows, totals=totals, count=sum(row["count"] for row in totals), page=page, size=size)


_LATE = """ FROM accounts a LEFT JOIN (SELECT customer_id, currency,
    sum(open_amount) FILTER (WHERE is_overdue) AS overdue, max(days_overdue) AS oldest, sum(open_amount) AS open_amount
    FROM lines GROUP BY customer_id, currency) late ON late.customer_id = a.customer_id AND late.currency = a.currency"""


def customers(place: Place, *, filters: Mapping[str, str], page: int = 1, size: int = PAGE) -> Listing:
    """Return customers by account, the largest overdue amount first; totals stand by currency."""
    where, values = _where(filters, _ACCOUNT_FILTERS, _ACCOUNT_STATES)
    values |= {"skip": (page - 1) * size, "size": size}
    rows = books.run(
        place,
        "SELECT a.*, a.limit_amount - a.used AS available, coalesce(late.overdue, 0) AS overdue,"
        " greatest(late.oldest, 0) AS oldest, coalesce(late.open_amount, 0) AS open_amount"
        f"{_LATE} WHERE {where} ORDER BY late.overdue DESC NULLS LAST, a.used DESC, a.customer_code, a.currency"
        " OFFSET %(skip)s LIMIT %(size)s",
        values=values,
    )
    totals = books.run(
        place,
        "SELECT a.currency, count(*) AS count, sum(a.limit_amount) AS limit_amount, sum(a.used) AS used,"
        " sum(a.limit_amount - a.used) AS available, coalesce(sum(late.overdue), 0) AS overdue,"
        f" coalesce(sum(late.open_amount), 0) AS open_amount{_LATE} WHERE {where}"
        " GROUP BY a.currency ORDER BY a.currency",
        values=values,
    )
    return Listing(rows=rows, totals=totals, count=sum(row["count"] for row in totals), page=page, size=size)


def lines_of_segment(place: Place, *, filters: Mapping[str, str], currency: str, most: int) -> list[str]:
    """Return the codes of the customers that the filters of `customers` leave and that have a line in the currency."""
    where, values = _where(filters, _ACCOUNT_FILTERS, _ACCOUNT_STATES)
    rows = books.run(
        place,
        f"SELECT a.customer_code{_LATE} WHERE {where} AND a.currency = %(line_currency)s"
        " AND a.limit_amount IS NOT NULL ORDER BY a.customer_code LIMIT %(most)s",
        values=values | {"line_currency": currency, "most": most},
    )
    return [row["customer_code"] for row in rows]


def standings(place: Place, *, codes: list[str]) -> dict[str, list[Row]]:
    """Return limit, use and overdue of the customers named, by customer, a row a currency."""
    found: dict[str, list[Row]] = {}
    rows = books.run(
        place,
        "SELECT a.customer_code, a.currency, a.limit_amount, a.used, a.limit_amount - a.used AS available,"
        f" coalesce(late.overdue, 0) AS overdue, greatest(late.oldest, 0) AS oldest{_LATE}"
        " WHERE a.customer_code = ANY(%(codes)s::text[]) ORDER BY a.used DESC",
        values={"codes": codes},
    )
    for row in rows:
        found.setdefault(row["customer_code"], []).append(row)
    return found


def choices(place: Place) -> dict[str, list[str]]:
    """Return the regions, salespeople, industries, grades and currencies that filters can choose from."""
    row = books.run(
        place,
        "SELECT array_agg(DISTINCT region) AS region, array_agg(DISTINCT salesperson) AS salesperson,"
        " array_agg(DISTINCT grade) AS grade, array_agg(DISTINCT currency) AS currency,"
        " (SELECT array_agg(DISTINCT c.industry) FROM dossier_customer c JOIN accounts x ON x.customer_id = c.id)"
        " AS industry FROM accounts",
    )[0]
    return {name: sorted(value for value in values or () if value) for name, values in row.items()}


def _where(
    filters: Mapping[str, str], known: Mapping[str, str], states: Mapping[str, str]
) -> tuple[str, Row]:
    parts, values = ["TRUE"], {}
    for name, condition in known.items():
        value = filters.get(name, "").strip()
        if name == "bucket" and not value.isdecimal():
            continue
        if value:
            parts.append(condition)
            values[name] = f"%{value}%" if name == "q" else int(value) if name == "bucket" else value
    state = states.get(filters.get("state", ""))
    if state:
        parts.append(f"({state})")
    return " AND ".join(parts), values
