"""What some policies ask beyond standings: payment behaviour, stages of dunning, what lies beyond a horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection

from tradecredit.core.decisions.outlook import Horizon
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

Key = tuple["UUID", "UUID", str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOutlook:
    """What was found about one account."""

    average_days_late: Decimal | None
    paid_count: int
    dunning_stages: frozenset[str]
    horizons: tuple[Horizon, ...]


def of_accounts(
    keys: Iterable[Key], *, as_of: date, behaviour_days: int, horizons: Sequence[int]
) -> dict[Key, AccountOutlook]:
    """Return the outlook of each account (company, customer, currency), with one statement.

    Late days are weighted by amount over what was settled within ``behaviour_days``; a horizon leaves out what falls
    due, or is wanted, more than its days from now.
    """
    wanted = sorted(set(keys), key=str)
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "companies": [key[0] for key in wanted],
                "customers": [key[1] for key in wanted],
                "currencies": [key[2] for key in wanted],
                "as_of": as_of,
                "window": behaviour_days,
                "horizons": list(horizons),
            },
        )
        rows = cursor.fetchall()
    return {
        (company, customer, currency): AccountOutlook(
            average_days_late=late,
            paid_count=paid,
            dunning_stages=frozenset(stages or ()),
            horizons=tuple(
                Horizon(days=days, beyond=Money(amount, currency))
                for days, amount in zip(horizons, beyond or (), strict=True)
            ),
        )
        for company, customer, currency, late, paid, stages, beyond in rows
    }


_SQL: Final = """
WITH wanted AS (
    SELECT * FROM unnest(%(companies)s::uuid[], %(customers)s::uuid[], %(currencies)s::text[])
        AS w(company_id, customer_id, currency)
)
SELECT w.company_id, w.customer_id, w.currency, paid.late, paid.paid_count, dunned.stages, ahead.beyond
FROM wanted w
LEFT JOIN LATERAL (
    SELECT round(sum((i.settled_on - i.due_date) * i.amount) / nullif(sum(i.amount), 0), 1) AS late,
        count(*) AS paid_count
    FROM receivables_instalment i JOIN receivables_invoice v ON v.id = i.invoice_id
    WHERE i.company_id = w.company_id AND i.customer_id = w.customer_id AND i.currency = w.currency
        AND v.kind = 'invoice' AND i.settled_on <= %(as_of)s AND i.settled_on > %(as_of)s - %(window)s::int
) paid ON TRUE
LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT n.stage) AS stages
    FROM collections_notice n JOIN receivables_instalment i ON i.id = n.instalment_id
    WHERE n.company_id = w.company_id AND n.customer_id = w.customer_id AND n.currency = w.currency
        AND n.as_of <= %(as_of)s AND i.settled_amount < i.amount
) dunned ON TRUE
LEFT JOIN LATERAL (
    SELECT array_agg(
        coalesce((SELECT sum(i.amount - i.settled_amount)
            FROM receivables_instalment i JOIN receivables_invoice v ON v.id = i.invoice_id
            WHERE i.company_id = w.company_id AND i.customer_id = w.customer_id AND i.currency = w.currency
                AND v.kind = 'invoice' AND i.settled_amount < i.amount AND i.due_date > %(as_of)s + h.days), 0)
        + coalesce((SELECT sum(greatest(o.amount - greatest(o.delivered_amount, o.invoiced_amount), 0))
            FROM orders_order o
            WHERE o.company_id = w.company_id AND o.customer_id = w.customer_id AND o.currency = w.currency
                AND o.status IN ('released', 'delivered') AND o.requested_date > %(as_of)s + h.days), 0)
        ORDER BY h.place) AS beyond
    FROM unnest(%(horizons)s::int[]) WITH ORDINALITY AS h(days, place)
) ahead ON TRUE
"""
