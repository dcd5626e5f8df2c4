"""What stands behind customers' lines on a day: active covers after their haircut, by kind."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q

from tradecredit.apps.limits.cover_models import Cover, CoverStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID


def amounts(
    *, company_id: UUID, customer_ids: Iterable[UUID], as_of: date
) -> dict[tuple[UUID, str, str], Decimal]:
    """Return by customer, currency and kind what is covered: 1,000,000 with a haircut of 0.30 is 700,000."""
    rows = Cover.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=as_of),
        company_id=company_id,
        customer_id__in=set(customer_ids),
        status=CoverStatus.ACTIVE,
        valid_from__lte=as_of,
    )
    found: dict[tuple[UUID, str, str], Decimal] = {}
    for row in rows:
        key = (row.customer_id, row.currency, row.kind)
        found[key] = found.get(key, Decimal(0)) + row.amount * (1 - row.haircut_share)
    return found
