"""Closed periods: up to which day the receivables of a company are shut, and shutting them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from tradecredit.apps.receivables.models import PeriodClose
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """One closing (or reopening) with the figures of its last day."""

    closed_until: date
    is_reopening: bool
    reason: str
    figures: Mapping[str, Any]
    recorded_at: datetime
    recorded_by: str


def closed_until(*, company_id: UUID) -> date | None:
    """Return the last shut day; None while the books were never closed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT receivables_closed_until(%s)", [company_id])
        found: date | None = cursor.fetchone()[0]
    return found


def first_open_day(*, company_id: UUID) -> date | None:
    """Return the first day into which may be posted; None while every day is open."""
    shut = closed_until(company_id=company_id)
    return None if shut is None else shut + timedelta(days=1)


def closings(*, company_id: UUID, most: int = 50) -> tuple[Closing, ...]:
    """Return the closings, the latest first."""
    rows = PeriodClose.objects.filter(company_id=company_id).order_by("-recorded_at", "-pk")[:most]
    return tuple(
        Closing(
            closed_until=row.closed_until,
            is_reopening=row.is_reopening,
            reason=row.reason,
            figures=row.figures,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in rows
    )


def lock_for_closing(*, company_id: UUID) -> None:
    """Wait for everything that is being posted, and let nothing post until the transaction ends."""
    db.transaction_required()
    with connection.cursor() as cursor:
        cursor.execute("SELECT receivables_lock_period(%s, true)", [company_id])


def record(
    *,
    company_id: UUID,
    until: date,
    is_reopening: bool,
    reason: str,
    figures: Mapping[str, Any],
    recorded_by: str,
) -> None:
    """Write a closing or reopening; the latest one holds."""
    db.transaction_required()
    PeriodClose.objects.create(
        company_id=company_id,
        closed_until=until,
        is_reopening=is_reopening,
        reason=reason,
        figures=dict(figures),
        recorded_at=clock.now(),
        recorded_by=recorded_by,
    )
