"""The customer that an address names, or 404."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from tradecredit.apps.dossier import queries as dossier

if TYPE_CHECKING:
    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.plumbing.access.models import Company


def of(company: Company, code: str) -> CustomerRecord:
    """Return the company's customer of the code; raises Http404 where the actor sees none."""
    customer = dossier.customer_by_code(code)
    if customer is None or company.pk not in customer.company_ids:
        raise Http404
    return customer
