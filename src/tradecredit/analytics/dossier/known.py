"""How complete the dossiers of customers are, by the checklist of the policy in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from tradecredit.analytics.dossier import policy_section
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.dossier import completeness

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.core.dossier.completeness import Completeness

_FIELDS: Final = ("industry", "region", "salesperson", "customer_since", "customer_type", "email")


def completeness_of(
    *,
    customers: Mapping[UUID, CustomerRecord],
    company_id: UUID,
    as_of: date,
    known_at: datetime | None = None,
    section: Mapping[str, Any] | None = None,
) -> dict[UUID, Completeness]:
    """Return for each customer the share of its checklist that is known, and what is missing, the weightiest first.

    ``section`` is the policy's, where the caller has read it already.
    """
    checklist = completeness.parse(
        section or policy_section.section(company_id=company_id, as_of=as_of, known_at=known_at)
    )
    facts = dossier.facts_in_force(customer_ids=customers, as_of=as_of, known_at=known_at)
    statements = dossier.statements(customer_ids=customers, as_of=as_of, known_at=known_at)
    contacts = dossier.contacts(customer_ids=customers, known_at=known_at)
    traded = _traded(customers, company_id=company_id, as_of=as_of, known_at=known_at)
    result = {}
    for customer_id, customer in customers.items():
        known = {name for name in _FIELDS if getattr(customer, name)} | set(facts.get(customer_id, ()))
        known |= {"uscc"} if customer.is_uscc_valid else set()
        known |= {"financial_statements"} if customer_id in statements else set()
        known |= {"contacts"} if customer_id in contacts else set()
        known |= {"trade_history"} if customer_id in traded else set()
        result[customer_id] = completeness.measure(
            checklist=checklist, customer_type=customer.customer_type, known=frozenset(known)
        )
    return result


def _traded(
    customers: Mapping[UUID, CustomerRecord], *, company_id: UUID, as_of: date, known_at: datetime | None
) -> frozenset[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT customer_id FROM receivables_invoice WHERE customer_id = ANY(%s::uuid[])"
            " AND company_id = %s AND invoice_date <= %s"
            " AND (%s::timestamptz IS NULL OR recorded_at <= %s)",
            [list(customers), company_id, as_of, known_at, known_at],
        )
        return frozenset(row[0] for row in cursor.fetchall())
