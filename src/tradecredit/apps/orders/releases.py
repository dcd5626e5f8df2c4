"""Write and read what people let through: one row a release, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F

from tradecredit.apps.orders.models import OrderStatus, Release
from tradecredit.core.kernel.money import Money
from tradecredit.plumbing import clock, db, ids

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRelease:
    """What people let through, with the bounds of their authority."""

    company_id: UUID
    customer_id: UUID
    order_id: UUID
    request_id: UUID
    decision_id: UUID
    amount: Money
    over: Money
    over_most: Decimal | None
    tolerance: Decimal
    covers: tuple[str, ...]
    stops: tuple[str, ...]
    released_on: date
    expires_on: date | None
    days_most: int | None
    reason: str
    reason_code: str
    requested_by_id: UUID
    released_by_id: UUID
    released_by_name: str
    delivery_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRecord:
    """A release as it was recorded; ``expires_on`` is the first day on which it no longer holds."""

    id: UUID
    order_id: UUID
    delivery_number: str
    decision_id: UUID
    amount: Money
    over: Money
    tolerance: Decimal
    covers: tuple[str, ...]
    stops: tuple[str, ...]
    released_on: date
    expires_on: date | None
    reason: str
    reason_code: str
    released_by_name: str
    recorded_at: datetime


def record(new: NewRelease) -> UUID:
    """Append a release; the database refuses one without the votes, beyond authority, or by who asked for it."""
    db.transaction_required()
    release_id = ids.new_id()
    Release.objects.create(
        pk=release_id,
        company_id=new.company_id,
        customer_id=new.customer_id,
        order_id=new.order_id,
        delivery_number=new.delivery_number,
        request_id=new.request_id,
        decision_id=new.decision_id,
        currency=new.amount.currency,
        amount=new.amount.amount,
        over_amount=new.over.amount,
        over_most=new.over_most,
        tolerance_share=new.tolerance,
        covers=list(new.covers),
        stops=list(new.stops),
        released_on=new.released_on,
        expires_on=new.expires_on,
        days_most=new.days_most,
        reason=new.reason,
        reason_code=new.reason_code,
        requested_by_id=new.requested_by_id,
        released_by_id=new.released_by_id,
        released_by_name=new.released_by_name,
        recorded_at=clock.now(),
    )
    return release_id


def latest(order_ids: Iterable[UUID]) -> dict[UUID, ReleaseRecord]:
    """Return the latest release of each whole order that people let through, in force or not."""
    wanted = set(order_ids)
    if not wanted:
        return {}
    rows = Release.objects.filter(order_id__in=wanted, delivery_number="")
    return {
        row.order_id: _release(row)
        for row in rows.order_by("order_id", "-recorded_at", "-id").distinct("order_id")
    }


def of_order(order_id: UUID) -> tuple[ReleaseRecord, ...]:
    """Return every release of an order and its deliveries, latest first."""
    return tuple(
        _release(row) for row in Release.objects.filter(order_id=order_id).order_by("-recorded_at", "-id")
    )


def references_of_due(*, company_id: UUID, day: date, most: int = 1000) -> tuple[str, ...]:
    """Return the orders whose release has ended and that stand by nothing else, oldest first."""
    rows = Release.objects.filter(
        company_id=company_id,
        delivery_number="",
        expires_on__lte=day,
        order__status=OrderStatus.RELEASED,
        # A later decision about the order stands on its own feet.
        order__decision_id=F("decision_id"),
    )
    return tuple(rows.order_by("expires_on", "pk").values_list("order__reference", flat=True)[:most])


def _release(row: Release) -> ReleaseRecord:
    return ReleaseRecord(
        id=row.pk,
        order_id=row.order_id,
        delivery_number=row.delivery_number,
        decision_id=row.decision_id,
        amount=Money(row.amount, row.currency),
        over=Money(row.over_amount, row.currency),
        tolerance=row.tolerance_share,
        covers=tuple(row.covers),
        stops=tuple(row.stops),
        released_on=row.released_on,
        expires_on=row.expires_on,
        reason=row.reason,
        reason_code=row.reason_code,
        released_by_name=row.released_by_name,
        recorded_at=row.recorded_at,
    )
