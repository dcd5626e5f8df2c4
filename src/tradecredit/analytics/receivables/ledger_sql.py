"""The SQL on which every receivables report stands: each line as it stood on a day, as known at a moment.

Note [As known at a moment]
A row counts when it was recorded by ``known_at``. An invoice that was corrected later is read back from what the
correction replaced, and so is a customer's region or salesperson, so that a report of last month, as known last month,
still says what it said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.analytics import master_data, scoping

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
    "grade": "grade",
}

_LINES_NOW = """
    SELECT l.id, l.invoice_id, l.line, v.kind, v.nature, v.number, l.company_id, l.customer_id, v.invoice_date,
        l.due_date, l.currency, l.amount
    FROM receivables_instalment l JOIN receivables_invoice v ON v.id = l.invoice_id
"""

# See Note [As known at a moment].
_LINES_AS_KNOWN = """
    SELECT l.id, l.invoice_id, l.line, v.kind, v.nature, v.number, l.company_id, l.customer_id, v.invoice_date,
        l.due_date, l.currency, l.amount
    FROM receivables_instalment l JOIN receivables_invoice v ON v.id = l.invoice_id
    WHERE v.recorded_at <= %(known_at)s AND NOT EXISTS (
        SELECT 1 FROM receivables_invoicecorrection k
        WHERE k.invoice_id = v.id AND k.recorded_at > %(known_at)s)
    UNION ALL
    SELECT (old.line->>'id')::uuid, v.id, (old.line->>'line')::smallint, v.kind, v.nature, v.number, v.company_id,
        v.customer_id, (k.before::jsonb->>'invoice_date')::date, (old.line->>'due_date')::date,
        k.before::jsonb->>'currency', (old.line->>'amount')::numeric
    FROM (
        SELECT DISTINCT ON (invoice_id) invoice_id, before FROM receivables_invoicecorrection
        WHERE recorded_at > %(known_at)s ORDER BY invoice_id, recorded_at, id
    ) k
    JOIN receivables_invoice v ON v.id = k.invoice_id AND v.recorded_at <= %(known_at)s
    CROSS JOIN LATERAL jsonb_array_elements(k.before::jsonb->'lines') AS old(line)
"""

# A customer's grade of the day: what a person set for a time, else what was rated last; empty where nobody rated.
_GRADES = """, rated AS (
    SELECT DISTINCT ON (company_id, customer_id) company_id, customer_id, grade FROM scoring_rating
    WHERE as_of <= %(as_of)s AND {known} ORDER BY company_id, customer_id, as_of DESC, recorded_at DESC, id DESC
), overridden AS (
    SELECT DISTINCT ON (company_id, customer_id) company_id, customer_id, grade FROM scoring_ratingoverride
    WHERE valid_from <= %(as_of)s AND valid_to > %(as_of)s AND {known}
    ORDER BY company_id, customer_id, recorded_at DESC, id DESC
), graded AS (
    SELECT company_id, customer_id, coalesce(o.grade, r.grade) AS grade
    FROM rated r FULL JOIN overridden o USING (company_id, customer_id)
)"""
_GRADE_JOIN = "LEFT JOIN graded g ON g.company_id = {row}.company_id AND g.customer_id = {row}.customer_id"

# What a row carries of its customer and company, and the tables that it comes from.
_MASTER_DATA = ("name", "salesperson", "region", "team", "industry")
_WHOSE = """c.code AS customer_code, {master_data}, f.code AS company_code, {grade} AS grade"""
_CUSTOMERS = """JOIN dossier_customer c ON c.id = {row}.customer_id {was}
    LEFT JOIN access_company f ON f.id = {row}.company_id {grades}"""

_WITH = """
WITH {was}lines AS ({lines}
){grades}, scoped AS (
    SELECT l.*, {whose}
    FROM lines l
    {customers}
    WHERE l.invoice_date <= %(as_of)s AND {scope} AND {filters}
), held AS (
    SELECT instalment_id, credit_instalment_id, payment_id, effective_date, amount
    FROM cash_application_allocation a
    WHERE effective_date <= %(as_of)s AND {known} AND {filters_held}
), settled AS (
    SELECT id, sum(amount) AS amount FROM (
        SELECT instalment_id AS id, amount FROM held
        UNION ALL SELECT credit_instalment_id, amount FROM held WHERE credit_instalment_id IS NOT NULL) AS moved
    GROUP BY id
), standing AS (
    SELECT s.*, s.amount - coalesce(t.amount, 0) AS open, coalesce(t.amount, 0) AS settled
    FROM scoped s LEFT JOIN settled t ON t.id = s.id
)
"""

# What came in for each line: on its due day, in all, and when the last of it came. What was reversed nets out on
# its day. `loss` is what was written off: never paid, and no longer open.
PAID = """, taken AS (
    SELECT *, coalesce(credit_instalment_id IN (SELECT w.id FROM receivables_instalment w
        JOIN receivables_invoice x ON x.id = w.invoice_id WHERE x.nature = 'write_off'), FALSE) AS is_loss
    FROM held
), by_day AS (
    SELECT h.instalment_id, h.effective_date, sum(h.amount) FILTER (WHERE h.payment_id IS NOT NULL) AS cash,
        sum(h.amount) FILTER (WHERE h.payment_id IS NULL AND NOT h.is_loss) AS credit,
        sum(h.amount) FILTER (WHERE h.is_loss) AS loss
    FROM taken h GROUP BY h.instalment_id, h.effective_date
), paid AS (
    SELECT l.id, coalesce(sum(d.cash), 0) AS cash, coalesce(sum(d.credit), 0) AS credit,
        coalesce(sum(d.loss), 0) AS loss,
        coalesce(sum(d.cash) FILTER (WHERE d.effective_date <= l.due_date), 0) AS in_time,
        max(d.effective_date) FILTER (WHERE d.cash <> 0) AS latest_day,
        max(d.effective_date) FILTER (WHERE d.loss <> 0) AS latest_loss
    FROM {lines} l LEFT JOIN by_day d ON d.instalment_id = l.id GROUP BY l.id, l.due_date
)"""

_PAYMENTS = """, allocated AS (
    SELECT payment_id AS id, sum(amount) AS amount FROM held WHERE payment_id IS NOT NULL GROUP BY payment_id
), gone AS (
    SELECT payment_id AS id, sum(amount) AS amount FROM cash_application_paymentreturn
    WHERE effective_date <= %(as_of)s AND {known} GROUP BY payment_id
), unapplied AS (
    SELECT p.company_id, p.customer_id, p.currency, p.number, p.payment_date, p.amount AS paid,
        p.amount - coalesce(a.amount, 0) - coalesce(e.amount, 0) AS open, {whose}
    FROM cash_application_payment p
    LEFT JOIN allocated a ON a.id = p.id
    LEFT JOIN gone e ON e.id = p.id
    {customers}
    WHERE p.payment_date <= %(as_of)s AND {known_payment} AND {scope} AND {filters}
), papers AS (
    SELECT b.company_id, b.customer_id, b.currency, b.number, b.received_on, b.due_date, b.amount AS open, {whose}
    FROM receivables_bill b
    JOIN LATERAL (SELECT e.status FROM receivables_billevent e
        WHERE e.bill_id = b.id AND e.day <= %(as_of)s AND {known_event}
        ORDER BY e.recorded_at DESC, e.id DESC LIMIT 1) step
        ON step.status IN ('held', 'pledged', 'endorsed', 'discounted')
    {customers_of_bill}
    WHERE {scope_of_bill} AND {filters_of_bill}
), contested AS (
    SELECT instalment_id AS id, sum(amount) AS amount FROM receivables_dispute
    WHERE opened_on <= %(as_of)s AND (closed_on IS NULL OR %(as_of)s < closed_on OR {closed_later}) AND {known}
    GROUP BY instalment_id
)
"""


class Ledger:
    """The books as of a day and as known at a moment, of the companies and customers that are asked for.

    ``sql(query)`` puts the common table expressions before a query, which may read ``standing`` (lines with
    their open amount; credit notes have ``kind = 'credit_note'``), ``held`` (allocations) and, with
    ``with_payments``, ``unapplied`` cash, ``papers`` (bills that stand) and ``contested`` amounts by line.
    ``has_grades`` fills the column ``grade``. ``values`` are what it binds.
    """

    def __init__(
        self,
        *,
        as_of: date,
        known_at: datetime | None = None,
        company_id: UUID | None = None,
        customer_ids: tuple[UUID, ...] | None = None,
        has_grades: bool = False,
    ) -> None:
        self._has_moment = known_at is not None
        self._has_grades = has_grades
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
            was=f"{master_data.WAS}, " if self._has_moment else "",
            lines=_LINES_AS_KNOWN if self._has_moment else _LINES_NOW,
            scope=self._scope("l"),
            filters=self._filter("l"),
            filters_held=self._filter("a"),
            known=known,
            grades=_GRADES.format(known=known) if self._has_grades else "",
            whose=self._whose(),
            customers=self._customers("l"),
        )
        if with_payments:
            text += _PAYMENTS.format(
                known=known,
                known_payment=f"p.{known}" if self._has_moment else "TRUE",
                known_event=f"e.{known}" if self._has_moment else "TRUE",
                closed_later="closed_at > %(known_at)s" if self._has_moment else "FALSE",
                scope=self._scope("p"),
                filters=self._filter("p"),
                whose=self._whose(),
                customers=self._customers("p"),
                customers_of_bill=self._customers("b"),
                scope_of_bill=self._scope("b"),
                filters_of_bill=self._filter("b"),
            )
        return text + query

    def _whose(self) -> str:
        columns = ", ".join(
            f"{master_data.column(name) if self._has_moment else f'c.{name}'} AS"
            f" {'customer_name' if name == 'name' else name}"
            for name in _MASTER_DATA
        )
        return _WHOSE.format(master_data=columns, grade="coalesce(g.grade, '')" if self._has_grades else "''")

    def _customers(self, row: str) -> str:
        return _CUSTOMERS.format(
            row=row,
            was=master_data.JOIN if self._has_moment else "",
            grades=_GRADE_JOIN.format(row=row) if self._has_grades else "",
        )

    def _scope(self, row: str) -> str:
        condition = scoping.rows(company=f"{row}.company_id", customer="c")
        self.values.update(condition.values)
        return condition.sql

    def _filter(self, row: str) -> str:
        return " AND ".join(text.format(row=row) for text in self._filters) or "TRUE"
