"""What a customer's page shows of its bills, its covers and its exposure move by move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.analytics.exposure import timeline
from tradecredit.apps.limits import cover_queries
from tradecredit.apps.receivables import bill_queries

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.analytics.dashboards.books import Place
    from tradecredit.analytics.exposure.timeline import Move
    from tradecredit.plumbing.access.models import Company


def of(place: Place, *, customer_id: UUID) -> dict[str, Any]:
    """Return the bills and covers of a customer, whatever their state."""
    return {
        "bills": bill_queries.bills(company_id=place.company_id, customer_id=customer_id),
        "covers": [
            {"cover": one, "counts": one.counts_on(place.as_of)}
            for one in cover_queries.all_covers(company_id=place.company_id, customer_id=customer_id)
        ],
    }


def moves(company: Company, *, customer_id: UUID, document: str) -> tuple[Move, ...]:
    """Return the movements of a customer's exposure, of one document if one is named."""
    return timeline.timeline(
        company_id=company.pk, customer_id=customer_id, zone=company.time_zone, document=document, most=200
    )
