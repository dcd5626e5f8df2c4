"""The nightly proof of the receivables books: every stored total is rebuilt from its rows, and compared.

What a line says is settled and a payment says is allocated is compared with the allocations, what a document says
with its lines, what is disputed with the disputes, what the credit accounts say with the open documents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.analytics.receivables import reading
from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One stored figure that is not what its rows make: ``place`` names the row, ``words`` say it."""

    check: str
    place: str
    currency: str
    stored: Decimal
    rebuilt: Decimal

    @property
    def difference(self) -> Decimal:
        """Return stored less rebuilt."""
        return self.stored - self.rebuilt

    @property
    def words(self) -> Words:
        """Return the finding as a sentence."""
        stored, rebuilt = money.plain(self.stored, self.currency), money.plain(self.rebuilt, self.currency)
        return Words(
            zh=f"{self.place}：账面 {stored} {self.currency}，重算 {rebuilt}",
            en=f"{self.place}: stored {stored} {self.currency}, rebuilt {rebuilt}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was compared, and every difference."""

    lines: int
    payments: int
    accounts: int
    differences: tuple[Difference, ...]


_LINES = """
SELECT 'line settled' AS check, concat(v.kind, ' ', v.number, '#', l.line) AS place, l.currency,
    l.settled_amount AS stored, coalesce(t.amount, 0) + coalesce(u.amount, 0) AS rebuilt
FROM receivables_instalment l JOIN receivables_invoice v ON v.id = l.invoice_id
LEFT JOIN (SELECT instalment_id, sum(amount) AS amount FROM cash_application_allocation GROUP BY 1) t
    ON t.instalment_id = l.id
LEFT JOIN (SELECT credit_instalment_id, sum(amount) AS amount FROM cash_application_allocation
    WHERE credit_instalment_id IS NOT NULL GROUP BY 1) u ON u.credit_instalment_id = l.id
WHERE {company} AND l.settled_amount <> coalesce(t.amount, 0) + coalesce(u.amount, 0)
ORDER BY place
"""

_DOCUMENTS = """
SELECT 'lines sum to the document' AS check, concat(v.kind, ' ', v.number) AS place, v.currency,
    v.amount AS stored, sum(l.amount) AS rebuilt
FROM receivables_instalment l JOIN receivables_invoice v ON v.id = l.invoice_id
WHERE {company} GROUP BY v.id HAVING v.amount <> sum(l.amount) ORDER BY place
"""

_PAYMENTS = """
SELECT 'payment allocated' AS check, concat('payment ', p.number) AS place, p.currency,
    p.allocated_amount AS stored, coalesce(t.amount, 0) AS rebuilt
FROM cash_application_payment p
LEFT JOIN (SELECT payment_id, sum(amount) AS amount FROM cash_application_allocation
    WHERE payment_id IS NOT NULL GROUP BY 1) t ON t.payment_id = p.id
WHERE {company_p} AND p.allocated_amount <> coalesce(t.amount, 0)
ORDER BY place
"""

_RETURNS = """
SELECT 'payment returned' AS check, concat('payment ', p.number) AS place, p.currency,
    p.returned_amount AS stored, coalesce(t.amount, 0) AS rebuilt
FROM cash_application_payment p
LEFT JOIN (SELECT payment_id, sum(amount) AS amount FROM cash_application_paymentreturn GROUP BY 1) t
    ON t.payment_id = p.id
WHERE {company_p} AND p.returned_amount <> coalesce(t.amount, 0)
ORDER BY place
"""

# A statement's movements are the lines that it shows, whichever statement brought them; where the demo's lines were
# erased, fewer are left than it had entries.
_STATEMENTS = """
SELECT 'bank statement lines' AS check, concat('statement ', s.number, ' ', a.number) AS place, a.currency,
    s.credit_amount - s.debit_amount AS stored, t.amount AS rebuilt
FROM cash_application_bankstatement s JOIN cash_application_bankaccount a ON a.id = s.account_id
JOIN (SELECT g.statement_id, count(*) AS lines, sum(l.amount) AS amount
    FROM cash_application_banksighting g JOIN cash_application_bankline l ON l.id = g.line_id GROUP BY 1) t
    ON t.statement_id = s.id AND t.lines >= s.entries
WHERE {company_s} AND s.credit_amount - s.debit_amount <> t.amount
ORDER BY place
"""

_ACCOUNTS = """
WITH billed AS (
    SELECT l.company_id, l.customer_id, l.currency,
        sum(l.amount - l.settled_amount) FILTER (WHERE v.kind = 'invoice') AS billed,
        sum(l.settled_amount - l.amount) FILTER (WHERE v.kind = 'credit_note') AS credits
    FROM receivables_instalment l JOIN receivables_invoice v ON v.id = l.invoice_id GROUP BY 1, 2, 3
), cash AS (
    SELECT company_id, customer_id, currency, sum(allocated_amount + returned_amount - amount) AS cash
    FROM cash_application_payment GROUP BY 1, 2, 3
), papers AS (
    SELECT company_id, customer_id, currency, sum(amount) AS bill FROM receivables_bill
    WHERE status IN ('held', 'pledged', 'endorsed', 'discounted') GROUP BY 1, 2, 3
), books AS (
    SELECT company_id, customer_id, currency, coalesce(b.billed, 0) AS billed,
        coalesce(b.credits, 0) + coalesce(c.cash, 0) AS unapplied, coalesce(p.bill, 0) AS bill
    FROM billed b FULL JOIN cash c USING (company_id, customer_id, currency)
    FULL JOIN papers p USING (company_id, customer_id, currency)
), both_sides AS (
    SELECT company_id, customer_id, currency, coalesce(a.billed, 0) AS stored_billed,
        coalesce(b.billed, 0) AS billed, coalesce(a.unapplied, 0) AS stored_unapplied,
        coalesce(b.unapplied, 0) AS unapplied, coalesce(a.bill, 0) AS stored_bill, coalesce(b.bill, 0) AS bill
    FROM exposure_creditaccount a FULL JOIN books b USING (company_id, customer_id, currency)
)
SELECT concat('account ', s.stage) AS check, concat('account ', c.code, ' ', l.currency, ' ', s.stage) AS place,
    l.currency, s.stored, s.rebuilt
FROM both_sides l JOIN dossier_customer c ON c.id = l.customer_id
CROSS JOIN LATERAL (VALUES ('billed', l.stored_billed, l.billed),
    ('unapplied', l.stored_unapplied, l.unapplied), ('bill', l.stored_bill, l.bill)) AS s(stage, stored, rebuilt)
WHERE {company} AND s.stored <> s.rebuilt
ORDER BY place
"""

_DISPUTES = """
SELECT 'line disputed' AS check, concat(v.kind, ' ', v.number, '#', l.line) AS place, l.currency,
    l.disputed_amount AS stored, coalesce(d.amount, 0) AS rebuilt
FROM receivables_instalment l JOIN receivables_invoice v ON v.id = l.invoice_id
LEFT JOIN receivables_dispute d ON d.instalment_id = l.id AND d.closed_on IS NULL
WHERE {company} AND l.disputed_amount <> coalesce(d.amount, 0)
ORDER BY place
"""

# What was reduced or recovered is a document of the same number and amount, in the books with everything else.
_ADJUSTMENTS = """
SELECT 'adjustment posted' AS check, concat('adjustment ', l.number) AS place, l.currency,
    l.amount AS stored, coalesce(v.amount, 0) AS rebuilt
FROM receivables_adjustment l
LEFT JOIN receivables_invoice v ON v.company_id = l.company_id AND v.number = l.number
    AND v.nature IN ('write_off', 'deduction', 'set_off', 'recovery')
WHERE {company} AND l.status = 'posted' AND l.amount <> coalesce(v.amount, 0)
ORDER BY place
"""

_COUNTS = """
SELECT (SELECT count(*) FROM receivables_instalment l WHERE {company}) AS lines,
    (SELECT count(*) FROM cash_application_payment p WHERE {company_p}) AS payments,
    (SELECT count(*) FROM exposure_creditaccount l WHERE {company}) AS accounts
"""

_CHECKS = (_LINES, _DOCUMENTS, _PAYMENTS, _RETURNS, _STATEMENTS, _ACCOUNTS, _DISPUTES, _ADJUSTMENTS)


def verify(*, company_id: UUID | None = None) -> Verified:
    """Rebuild every stored figure of the receivables books in scope and return the differences."""
    condition = "TRUE" if company_id is None else "{row}.company_id = %(company_id)s"
    values: dict[str, Any] = {"company_id": company_id}

    def run(query: str) -> list[dict[str, Any]]:
        text = query.format(
            company=condition.format(row="l"),
            company_p=condition.format(row="p"),
            company_s=condition.format(row="s"),
        )
        return reading.fetch(text, values)

    counts = run(_COUNTS)[0]
    differences = [Difference(**row) for query in _CHECKS for row in run(query)]
    return Verified(
        lines=counts["lines"],
        payments=counts["payments"],
        accounts=counts["accounts"],
        differences=tuple(differences),
    )
