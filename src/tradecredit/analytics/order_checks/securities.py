"""What stands beside the balances of credit accounts: whose bills they hold, what covers them, cash for one order only."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection

from tradecredit.core.exposure import components
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.core.exposure.components import ExposureParts

Key = tuple["UUID", "UUID", str]

_SQL = """
WITH wanted AS (
    SELECT * FROM unnest(%(companies)s::uuid[], %(customers)s::uuid[], %(currencies)s::text[])
        AS w(company_id, customer_id, currency)
), advance AS MATERIALIZED (
    SELECT * FROM earmarked_orders(%(customers)s::uuid[])
)
SELECT w.company_id, w.customer_id, w.currency, held.bills, standing.covers, cash.earmarked, cash.paid
FROM wanted w
LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(b.kind, b.amount) AS bills FROM (
        SELECT acceptor_class || '.' || status AS kind, sum(amount)::text AS amount FROM receivables_bill
        WHERE company_id = w.company_id AND customer_id = w.customer_id AND currency = w.currency
            AND status IN ('held', 'pledged', 'endorsed', 'discounted') GROUP BY 1) b
) held ON TRUE
LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(c.kind, c.amount) AS covers FROM (
        SELECT kind, sum(trunc(amount * (1 - haircut_share), 2))::text AS amount FROM limits_cover
        WHERE company_id = w.company_id AND customer_id = w.customer_id AND currency = w.currency
            AND status = 'active' AND activated_on <= %(as_of)s AND valid_from <= %(as_of)s
            AND (valid_to IS NULL OR valid_to > %(as_of)s) GROUP BY 1) c
) standing ON TRUE
LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(e.reference, e.amount::text) AS earmarked, jsonb_build_object(
        'delivered', sum(e.delivered)::text, 'ordered', sum(e.ordered)::text, 'reserved', sum(e.reserved)::text) AS paid
    FROM advance e
    WHERE e.company_id = w.company_id AND e.customer_id = w.customer_id AND e.currency = w.currency
    HAVING count(*) > 0
) cash ON TRUE
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Securities:
    """The bills by acceptor and status, the covers by kind after their haircut, the cash earmarked by order.

    ``paid`` is what earmarked cash pays for of what its orders count, by stage.
    """

    currency: str
    bills: Mapping[str, Money] = field(default_factory=dict)
    covers: Mapping[str, Money] = field(default_factory=dict)
    earmarked: Mapping[str, Money] = field(default_factory=dict)
    paid: Mapping[str, Money] = field(default_factory=dict)

    def added_to(self, parts: ExposureParts) -> ExposureParts:
        """Return the parts of the account with what stands beside them."""
        return components.with_securities(
            parts,
            bills=self.bills,
            covers=self.covers,
            earmarked=money.total(self.earmarked.values(), self.currency),
            paid=self.paid,
        )

    def earmarked_for(self, reference: str) -> Money:
        """Return the cash that covers this order and no other."""
        return self.earmarked.get(reference, Money.zero(self.currency))


def of_accounts(keys: Iterable[Key], *, as_of: date) -> dict[Key, Securities]:
    """Return what stands beside each account (company, customer, currency) on a day, with one statement."""
    wanted = sorted(set(keys), key=str)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "companies": [key[0] for key in wanted],
                "customers": [key[1] for key in wanted],
                "currencies": [key[2] for key in wanted],
                "as_of": as_of,
            },
        )
        rows = cursor.fetchall()
    return {
        (company, customer, currency): Securities(
            currency=currency,
            bills=_amounts(bills, currency),
            covers=_amounts(covers, currency),
            earmarked=_amounts(earmarked, currency),
            paid=_amounts(paid, currency),
        )
        for company, customer, currency, bills, covers, earmarked, paid in rows
    }


def _amounts(value: Any, currency: str) -> dict[str, Money]:
    # Raw cursors give JSON as text.
    found = json.loads(value) if isinstance(value, str) else value
    return {name: Money(Decimal(amount), currency) for name, amount in (found or {}).items()}
