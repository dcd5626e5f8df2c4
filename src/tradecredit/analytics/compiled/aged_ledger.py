"""Aging as an expression over two tables of any database: a second, independent reading of the core's buckets.

``lines`` has one row a due amount (line, customer, currency, invoice_date, due_date, amount), ``settlements`` one a
settling amount (line, day, amount). Amounts are decimals; what comes out is exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ibis.expr.types import IntegerValue, Table

    from tradecredit.core.receivables.aging import Scheme

BUCKET: Final = "bucket"


def aged(
    *,
    lines: Table,
    settlements: Table,
    scheme: Scheme,
    as_of: date,
    by: Sequence[str] = ("customer", "currency"),
) -> Table:
    """Return the open amount and the number of lines by group and bucket (its place in the scheme) on the day."""
    settled = (
        settlements.filter(settlements.day <= as_of)
        .group_by("line")
        .agg(settled=lambda rows: rows.amount.sum())
    )
    issued = lines.filter(lines.invoice_date <= as_of)
    standing = issued.left_join(settled, "line").mutate(
        open=lambda rows: rows.amount - rows.settled.fill_null(0).cast("decimal(38, 4)")
    )
    still_open = standing.filter(standing.open != 0)
    base = still_open.due_date if scheme.measure == "days_overdue" else still_open.invoice_date
    placed = still_open.mutate(**{BUCKET: _place(scheme, base, as_of)})
    return placed.group_by([*by, BUCKET]).agg(
        open=lambda rows: rows.open.sum(), items=lambda rows: rows.count()
    )


def _place(scheme: Scheme, base: ibis.expr.types.DateValue, as_of: date) -> IntegerValue:
    place: IntegerValue = ibis.literal(0)
    for position, bucket in enumerate(scheme.buckets):
        if bucket.edge is None:
            continue
        begins = base + ibis.interval(months=bucket.edge.months)
        begins = begins.cast("date") + ibis.interval(days=bucket.edge.days)
        place = ibis.ifelse(begins.cast("date") <= ibis.literal(as_of), position, place)
    return place
