"""What is known of a customer, by the names of facts, to fill a form with; values under consent are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.dossier import facts

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID


def by_name(customer_code: str, *, company_id: UUID, as_of: date) -> dict[str, str]:
    """Return the values that hold on the day; none for a customer who is not in sight."""
    customer = dossier.customer_by_code(customer_code)
    if customer is None or company_id not in customer.company_ids:
        return {}
    found = dossier.facts_in_force(customer_ids=[customer.id], as_of=as_of).get(customer.id, {})
    return {name: fact.value for name, fact in found.items() if facts.masked(name, fact.value) == fact.value}
