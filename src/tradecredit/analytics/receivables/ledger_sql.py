"""The SQL on which every receivables report stands: each line as it stood on a day, as known at a moment.

Note [As known at a moment]
A row counts when it was recorded by ``known_at``. An invoice that was corrected later is read back from what the
correction replaced, so that a report of last month, as known last month, still says what it said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.analytics import scoping

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from uuid import UUID

# What a report may be grouped by, and the column of `standing` (or of `money`) that carries it.
DIMENSIONS: Mapping[str, str] = {
    "customer": "customer_code",
    "salesperson": "salesperson",
    "region": "region",
    "team": "team",
    "industry": "industry",
    "company": "company_code",
}

_LINES_NOW = """
    SELECT l.id, l.invoice_id, l.line, v.kind, v.number, l.company_id, l.customer_id, v.invoice_date,
        l.due_date, l.currency, l.amount
    FROM receivables_instalment l JOIN receivables_invoice v ON v.id = l.invoice_id
"""

# See Note [As known at a moment].
_LINES_AS_KNOWN = """
    SELECT l.id, l.invoice_id, l.line, v.kind, v.number, l.company_id, l.customer_id, v.invoice_date,
        l.due_date, l.currency, l.amount
    FROM receivables_instalment l JOIN receivables_invoice v ON v.id = l.invoice_id
    WHERE v.recorded_at <= %(known_at)s AND NOT EXISTS (
        SELECT 1 FROM receivables_invoicecorrection k
        WHERE k.invoice_id = v.id AND k.recorded_at > %(known_at)s)
    UNION ALL
    SELECT (old.line->>'id')::uuid, v.id, (old.line->>'line')::smallint, v.kind, v.number, v.company_id,
        v.customer_id, (k.before::jsonb->>'invoice_date')::date, (old.line->>'due_date')::date,
        k.before::jsonb->>'currency', (old.line->>'amount')::numeric
    FROM (
        SELECT DISTINCT ON (invoice_id) invoice_id, before FROM receivables_invoicecorrection
        WHERE recorded_at > %(known_at)s ORDER BY invoice_id, recorded_at, id
    ) k
    JOIN receivables_invoice v ON v.id = k.invoice_id AND v.recorded_at <= %(known_at)s
    CROSS JOIN LATERAL jsonb_array_elements(k.before::jsonb->'lines') AS old(line)
"""

_WITH = """
WITH lines AS ({lines}
), scoped AS (
    SELECT l.*, c.code AS customer_code, c.name AS customer_name, c.salesperson, c.region, c.team, c.industry,
        f.code AS company_code
    FROM lines l
    JOIN dossier_customer c ON c.id = l.customer_id
    JOIN access_company f ON f.id = l.company_id
    WHERE l.invoice_date <= %(as_of)s AND {scope} AND {filters}
), held AS (
    SELECT instalment_id, credit_instalment_id, payment_id, effective_date, amount
    FROM cash_application_allocation a
    WHERE effective_date <= %(as_of)s AND {known} AND {filters_held}
), settled AS (
    SELECT instalment_id AS id, sum(amount) AS amount FROM held GROUP BY instalment_id
), used AS (
    SELECT credit_instalment_id AS id, sum(amount) AS amount FROM held
    WHERE credit_instalment_id IS NOT NULL GROUP BY credit_instalment_id
), standing AS (
    SELECT s.*, s.amount - coalesce(t.amount, 0) - coalesce(u.amount, 0) AS open
    FROM scoped s LEFT JOIN settled t ON t.id = s.id LEFT JOIN used u ON u.id = s.id
)
"""

_PAYMENTS = """, allocated AS (
    SELECT payment_id AS id, sum(amount) AS amount FROM held WHERE payment_id IS NOT NULL GROUP BY payment_id
), gone AS (
    SELECT payment_id AS id, sum(amount) AS amount FROM cash_application_paymentreturn
    WHERE effective_date <= %(as_of)s AND {known} GROUP BY payment_id
), unapplied AS (
    SELECT p.company_id, p.customer_id, p.currency,
        p.amount - coalesce(a.amount, 0) - coalesce(g.amount, 0) AS open,
        c.code AS customer_code, c.name AS customer_name, c.salesperson, c.region, c.team, c.industry,
        f.code AS company_code
    FROM cash_application_payment p
    LEFT JOIN allocated a ON a.id = p.id
    LEFT JOIN gone g ON g.id = p.id
    JOIN dossier_customer c ON c.id = p.customer_id
    JOIN access_company f ON f.id = p.company_id
    WHERE p.payment_date <= %(as_of)s AND {known_payment} AND {scope} AND {filters}
)
"""


class Ledger:
    """The books as of a day and as known at a moment, of the companies and customers that are asked for.

    ``sql(query)`` puts the common table expressions before a query, which may read ``standing`` (lines with
    their open amount; credit notes have ``kind = 'credit_note'``), ``held`` (allocations) and, with
    ``with_payments``, ``unapplied``. ``values`` are what it binds.
    """

    def __init__(
        self,
        *,
        as_of: date,
        known_at: datetime | None = None,
        company_id: UUID | None = None,
        customer_ids: tuple[UUID, ...] | None = None,
    ) -> None:
        self._has_moment = known_at is not None
        self.values: dict[str, Any] = {"as_of": as_of, "known_at": known_at}
        self._filters = []
        if company_id is not None:
            self.values["company_id"] = company_id
            self._filters.append("{row}.company_id = %(company_id)s")
        if customer_ids is not None:
            self.values["customer_ids"] = list(customer_ids)
            self._filters.append("{row}.customer_id = ANY(%(customer_ids)s)")

    def sql(self, query: str, *, with_payments: bool = False) -> str:
        """Return the whole statement."""
        known = "recorded_at <= %(known_at)s" if self._has_moment else "TRUE"
        text = _WITH.format(
            lines=_LINES_AS_KNOWN if self._has_moment else _LINES_NOW,
            scope=self._scope("l"),
            filters=self._filter("l"),
            filters_held=self._filter("a"),
            known=known,
        )
        if with_payments:
            text += _PAYMENTS.format(
                known=known,
                known_payment=f"p.{known}" if self._has_moment else "TRUE",
                scope=self._scope("p"),
                filters=self._filter("p"),
            )
        return text + query

    def _scope(self, row: str) -> str:
        condition = scoping.rows(company=f"{row}.company_id", customer="c")
        self.values.update(condition.values)
        return condition.sql

    def _filter(self, row: str) -> str:
        return " AND ".join(text.format(row=row) for text in self._filters) or "TRUE"
