"""Search from anywhere: customers, invoices, orders and amounts, each list short and the nearest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from tradecredit.analytics import scoping
from tradecredit.analytics.receivables.reading import fetch
from tradecredit.apps.dossier import queries as dossier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.analytics.dashboards.books import Place, Row
    from tradecredit.apps.dossier.queries import CustomerRecord

_UNITS: Final = {
    "万": Decimal(10_000),
    "亿": Decimal(100_000_000),
    "k": Decimal(1000),
    "m": Decimal(1_000_000),
}
_LEAST_DIGITS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found, by kind."""

    customers: Sequence[CustomerRecord] = ()
    documents: Sequence[Row] = ()


def find(place: Place, text: str, *, most: int = 8) -> Found:
    """Return customers by name, code, USCC or pinyin, and documents by number or exact amount."""
    wanted = text.strip()
    if not wanted:
        return Found()
    return Found(customers=dossier.search(wanted, limit=most), documents=_documents(place, wanted, most=most))


def amount_of(text: str) -> Decimal | None:
    """Read an amount as people type it: ``12.5万`` and ``125,000`` are both 125000."""
    match = re.fullmatch(r"[¥$€£]?\s*([\d,]+(?:\.\d+)?)\s*([万亿kKmM]?)", text.strip())
    if match is None:
        return None
    try:
        value = Decimal(match[1].replace(",", ""))
    except InvalidOperation:
        return None
    return value * _UNITS.get(match[2].lower(), Decimal(1))


def _documents(place: Place, text: str, *, most: int) -> list[Row]:
    amount = amount_of(text)
    # Two digits are no number of a document: nearly every one would be found.
    if amount is None and sum(letter.isdigit() for letter in text) < _LEAST_DIGITS:
        return []
    scope = scoping.rows(company="d.company_id", customer="c")
    return fetch(
        _DOCUMENTS.format(scope=scope.sql),
        {
            "company": place.company_id,
            "like": f"{text.upper()}%",
            "amount": amount,
            "most": most,
            **scope.values,
        },
    )


_DOCUMENTS = """
(SELECT 'invoice' AS kind, d.number, d.amount, d.currency, d.invoice_date AS day, NULL::uuid AS decision_id,
    c.code AS customer_code, c.name AS customer_name
FROM receivables_invoice d JOIN dossier_customer c ON c.id = d.customer_id
WHERE d.company_id = %(company)s AND (d.number LIKE %(like)s OR d.amount = %(amount)s::numeric) AND {scope}
ORDER BY d.invoice_date DESC LIMIT %(most)s)
UNION ALL
(SELECT 'order', d.reference, d.amount, d.currency, d.order_date, d.decision_id, c.code, c.name
FROM orders_order d JOIN dossier_customer c ON c.id = d.customer_id
WHERE d.company_id = %(company)s AND (d.reference LIKE %(like)s OR d.amount = %(amount)s::numeric) AND {scope}
ORDER BY d.order_date DESC LIMIT %(most)s)
"""
