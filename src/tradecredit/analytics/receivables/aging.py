"""Aging of whole books by SQL: at any day, as known at any moment, by either scheme, a row a group and currency."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.receivables import policies, reading
from tradecredit.analytics.receivables.ledger_sql import DIMENSIONS, Ledger
from tradecredit.core.kernel.money import Money, total
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.core.receivables.aging import Aged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.core.receivables.aging import Scheme


# How many sums stand beside the buckets: unapplied cash, credit notes, bills, disputed.
_BESIDE: Final = 4


class UnableToAgeError(UnableToError):
    """The scheme or a dimension asked for is not known."""

    code = "unable_to_age"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgedGroup:
    """One group's aging in one currency: ``keys`` are its values of the dimensions asked for."""

    keys: tuple[str, ...]
    currency: str
    aged: Aged
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgingReport:
    """Groups in order; currencies are never added together, ``totals`` has a row for each."""

    as_of: date
    known_at: datetime | None
    by: tuple[str, ...]
    scheme: Scheme
    groups: tuple[AgedGroup, ...]
    totals: tuple[AgedGroup, ...]


def aging(
    *,
    as_of: date,
    known_at: datetime | None = None,
    by: Sequence[str] = ("customer",),
    scheme: str = policies.DEFAULT_SCHEME,
    company_id: UUID | None = None,
    customer_ids: tuple[UUID, ...] | None = None,
) -> AgingReport:
    """Return the aging of everything in scope; raises UnableToAgeError for an unknown scheme or dimension."""
    found = scheme_named(scheme, company_id=company_id, as_of=as_of, known_at=known_at)
    columns = dimension_columns(by)
    ledger = Ledger(
        as_of=as_of, known_at=known_at, company_id=company_id, customer_ids=customer_ids,
        has_grades="grade" in by,
    )  # fmt: skip
    rows = reading.fetch_rows(ledger.sql(_query(found, columns, ledger), with_payments=True), ledger.values)
    groups = tuple([_group(row, found) for row in rows])
    return AgingReport(
        as_of=as_of, known_at=known_at, by=tuple(by), scheme=found, groups=groups,
        totals=_totals(groups, found),
    )  # fmt: skip


def dimension_columns(by: Sequence[str]) -> list[str]:
    """Return the columns of the dimensions; raises UnableToAgeError naming those that exist."""
    unknown = [name for name in by if name not in DIMENSIONS and name != "currency"]
    if unknown:
        known = ", ".join([*DIMENSIONS, "currency"])
        raise UnableToAgeError(
            Words(
                zh=f"不能按 {', '.join(unknown)} 分组；可选：{known}。",
                en=f"Cannot group by {', '.join(unknown)}; choose from {known}.",
            )
        )
    # Every report is by currency already.
    return [DIMENSIONS[name] for name in by if name != "currency"]


def scheme_named(
    name: str, *, company_id: UUID | None, as_of: date, known_at: datetime | None = None
) -> Scheme:
    """Return an aging scheme of the policy in force; raises UnableToAgeError naming those that exist."""
    schemes = policies.in_force(company_id=company_id, as_of=as_of, known_at=known_at).schemes
    if name not in schemes:
        raise UnableToAgeError(
            Words(
                zh=f"没有名为 {name} 的账龄方案；可选：{'、'.join(schemes)}。",
                en=f"There is no aging scheme {name}; choose from {', '.join(schemes)}.",
            )
        )
    return schemes[name]


def _query(scheme: Scheme, columns: Sequence[str], ledger: Ledger) -> str:
    bucket = bucket_sql(scheme, ledger)
    dimensions = "".join(f"{column}, " for column in columns)
    sums = ", ".join(
        f"sum(open) FILTER (WHERE bucket = {position}) AS bucket_{position}"
        for position in range(len(scheme.buckets))
    )
    # What nobody contests has no disputed amount at all: a sum passes over it.
    return f"""
SELECT {dimensions}currency, {sums},
    sum(open) FILTER (WHERE bucket = -1) AS unapplied_cash,
    sum(open) FILTER (WHERE bucket = -2) AS credit_notes,
    sum(open) FILTER (WHERE bucket = -3) AS bills,
    sum(disputed) FILTER (WHERE bucket >= 0) AS disputed,
    count(*) FILTER (WHERE bucket >= 0) AS items
FROM (
    SELECT {dimensions}currency, open, CASE WHEN t.amount > 0 THEN least(open, t.amount) END AS disputed,
        CASE WHEN kind = 'invoice' THEN {bucket} ELSE -2 END AS bucket
    FROM standing LEFT JOIN contested t ON t.id = standing.id WHERE standing.amount <> settled
    UNION ALL
    SELECT {dimensions}currency, open, NULL, -1 FROM unapplied WHERE open <> 0
    UNION ALL
    SELECT {dimensions}currency, open, NULL, -3 FROM papers
) counted
GROUP BY {dimensions}currency ORDER BY {dimensions}currency
"""


def bucket_sql(scheme: Scheme, ledger: Ledger) -> str:
    """Return the bucket's position as an expression; the twin of ``core.receivables.aging.bucket_position``."""
    base = "due_date" if scheme.measure == "days_overdue" else "invoice_date"
    cases = []
    for position, bucket in reversed(list(enumerate(scheme.buckets))):
        if bucket.edge is None:
            continue
        ledger.values[f"days_{position}"] = bucket.edge.days
        if not bucket.edge.months:
            # Without months the last day of the bucket is one day for all rows.
            cases.append(f"WHEN {base} <= %(as_of)s::date - %(days_{position})s::int THEN {position}")
            continue
        ledger.values[f"months_{position}"] = bucket.edge.months
        cases.append(
            f"WHEN ({base} + make_interval(months => %(months_{position})s))::date + %(days_{position})s::int"
            f" <= %(as_of)s::date THEN {position}"
        )
    return f"CASE {' '.join(cases)} ELSE 0 END" if cases else "0"


def _group(row: tuple[Any, ...], scheme: Scheme) -> AgedGroup:
    """Return a row of the statement as a group: dimensions, currency, buckets, what stands beside them, the count."""
    first = len(row) - len(scheme.buckets) - _BESIDE - 1
    currency = row[first - 1]
    nothing = _nothing(currency)
    # Most customers have most buckets empty.
    moneys = [Money(amount, currency) if amount else nothing for amount in row[first:-1]]
    amounts = tuple(moneys[:-_BESIDE])
    unapplied_cash, credit_notes, bills, disputed = moneys[-_BESIDE:]
    some = [one for one in amounts if one is not nothing]
    return AgedGroup(
        keys=row[: first - 1],
        currency=currency,
        aged=Aged(
            scheme=scheme,
            amounts=amounts,
            open=some[0] if len(some) == 1 else total(some, currency),
            unapplied_cash=unapplied_cash,
            credit_notes=credit_notes,
            disputed=disputed,
            bills=bills,
        ),
        items=row[-1],
    )


@cache
def _nothing(currency: str) -> Money:
    return Money.zero(currency)


def _totals(groups: Sequence[AgedGroup], scheme: Scheme) -> tuple[AgedGroup, ...]:
    by_currency: dict[str, list[AgedGroup]] = {}
    for group in groups:
        by_currency.setdefault(group.currency, []).append(group)
    return tuple(_total(currency, found, scheme) for currency, found in sorted(by_currency.items()))


def _total(currency: str, groups: Sequence[AgedGroup], scheme: Scheme) -> AgedGroup:
    aged = [group.aged for group in groups]
    return AgedGroup(
        keys=(),
        currency=currency,
        aged=Aged(
            scheme=scheme,
            amounts=tuple(
                total(column, currency) for column in zip(*(one.amounts for one in aged), strict=True)
            ),
            open=total((one.open for one in aged), currency),
            unapplied_cash=total((one.unapplied_cash for one in aged), currency),
            credit_notes=total((one.credit_notes for one in aged), currency),
            disputed=total((one.disputed for one in aged), currency),
            bills=total((one.bills for one in aged), currency),
        ),
        items=sum(group.items for group in groups),
    )
