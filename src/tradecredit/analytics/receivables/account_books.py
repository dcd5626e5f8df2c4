"""What stands on a customer's account on a day: open instalments, and cash and credit notes that wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.analytics import columns
from tradecredit.analytics.receivables import reading
from tradecredit.analytics.receivables.ledger_sql import Ledger
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.tables import Table

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

# Everything that makes up the account: its sum is open less unapplied cash and credit notes, as in the aging.
_QUERY = """
SELECT company_code, customer_code, customer_name, instalment_id, document, document_date, due_date, currency,
    amount, open
FROM (
    SELECT company_code, customer_code, customer_name, CASE WHEN kind = 'invoice' THEN id END AS instalment_id,
        number || CASE WHEN line > 1 THEN '#' || line ELSE '' END AS document, invoice_date AS document_date,
        CASE WHEN kind = 'invoice' THEN due_date END AS due_date, currency,
        CASE WHEN kind = 'invoice' THEN amount ELSE -amount END AS amount,
        CASE WHEN kind = 'invoice' THEN open ELSE -open END AS open
    FROM standing WHERE open <> 0
    UNION ALL
    SELECT company_code, customer_code, customer_name, NULL, number, payment_date, NULL, currency, -paid, -open
    FROM unapplied WHERE open <> 0
) items ORDER BY customer_code, currency, open < 0, due_date, document
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountItem:
    """One open document; negative amounts are cash or credit that waits."""

    company: str
    customer_code: str
    customer_name: str
    instalment_id: UUID | None
    document: str
    document_date: date
    due_date: date | None
    currency: str
    amount: Decimal
    open_amount: Decimal


def items_of(
    *, company_id: UUID | None, customer_id: UUID | None, as_of: date, known_at: datetime | None = None
) -> tuple[AccountItem, ...]:
    """Return what stands on the account of a customer (of all) on the day."""
    customer_ids = None if customer_id is None else (customer_id,)
    ledger = Ledger(as_of=as_of, known_at=known_at, company_id=company_id, customer_ids=customer_ids)
    rows = reading.fetch(ledger.sql(_QUERY, with_payments=True), ledger.values)
    return tuple(
        AccountItem(
            company=row["company_code"],
            customer_code=row["customer_code"],
            customer_name=row["customer_name"],
            instalment_id=row["instalment_id"],
            document=row["document"],
            document_date=row["document_date"],
            due_date=row["due_date"],
            currency=row["currency"],
            amount=row["amount"],
            open_amount=row["open"],
        )
        for row in rows
    )


def account_table(*, as_of: date, known_at: datetime | None, company_id: UUID | None) -> Table:
    """Return the statement of account of every customer: each open document, and what waits with a minus."""
    return Table(
        name="statement-of-account",
        title=Words(zh=f"客户对账单，截至 {as_of}", en=f"Statement of account as of {as_of}"),
        columns=(
            columns.COMPANY,
            columns.CUSTOMER,
            columns.CUSTOMER_NAME,
            columns.DOCUMENT,
            columns.DOCUMENT_DATE,
            columns.DUE_DATE,
            columns.CURRENCY,
            columns.AMOUNT,
            columns.OPEN,
        ),
        rows=tuple(
            (
                one.company, one.customer_code, one.customer_name, one.document, one.document_date, one.due_date,
                one.currency, Money(one.amount, one.currency), Money(one.open_amount, one.currency),
            )
            for one in items_of(company_id=company_id, customer_id=None, as_of=as_of, known_at=known_at)
        ),
    )  # fmt: skip
