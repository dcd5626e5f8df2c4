"""The kinds of files that can be imported, each with its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.integrations.erp_csv import (
    document_columns,
    dossier_columns,
    level_columns,
    security_columns,
)

if TYPE_CHECKING:
    from tradecredit.integrations.erp_csv.vocabulary import Layout

LAYOUTS: Final[dict[str, Layout]] = {
    "customers": dossier_columns.CUSTOMERS,
    "contacts": dossier_columns.CONTACTS,
    "orders": document_columns.ORDERS,
    "deliveries": document_columns.DELIVERIES,
    "invoices": document_columns.INVOICES,
    "credit-notes": document_columns.CREDIT_NOTES,
    "contracts": document_columns.CONTRACTS,
    "payments": document_columns.PAYMENTS,
    "bills": security_columns.BILLS,
    "goods-events": security_columns.GOODS_EVENTS,
    "covers": security_columns.COVERS,
    "financial-statements": dossier_columns.STATEMENTS,
    "facts": dossier_columns.FACTS,
    "limits": dossier_columns.LIMITS,
    "groups": level_columns.GROUPS,
    "rates": level_columns.RATES,
    # Read at the cash desk, not imported: see flows/imports/read_advice.py.
    "remittance-advice": document_columns.ADVICE,
}
