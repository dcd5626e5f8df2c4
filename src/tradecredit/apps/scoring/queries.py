"""Read ratings and the grades that people set."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.scoring.models import Rating, RatingOverride
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.scoring.overrides import Override

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingRecord:
    """One recorded rating; ``result`` is the whole of it: parts, sentences, marks, what changed."""

    id: UUID
    customer_id: UUID
    as_of: date
    model_name: str
    policy_version_id: UUID
    score: Decimal | None
    score_low: Decimal | None
    score_high: Decimal | None
    completeness: Decimal
    suggested_grade: str
    grade: str
    is_high_risk: bool
    old_grade: str
    old_score: Decimal | None
    cause: str
    recorded_at: datetime
    recorded_by: str
    result: Mapping[str, Any]
    inputs: Mapping[str, Any]


def latest(
    *, company_id: UUID, customer_ids: Iterable[UUID], as_of: date, known_at: datetime | None = None
) -> dict[UUID, RatingRecord]:
    """Return the rating in force of each customer on the day; customers never rated are left out."""
    rows = Rating.objects.filter(company_id=company_id, customer_id__in=list(customer_ids), as_of__lte=as_of)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    newest = rows.order_by("customer_id", "-as_of", "-recorded_at", "-id").distinct("customer_id")
    return {row.customer_id: _record(row) for row in newest}


def history(*, company_id: UUID, customer_id: UUID, most: int = 50) -> tuple[RatingRecord, ...]:
    """Return the customer's ratings, newest first."""
    rows = Rating.objects.filter(company_id=company_id, customer_id=customer_id)
    return tuple(_record(row) for row in rows.order_by("-as_of", "-recorded_at", "-id")[:most])


def overrides(*, company_id: UUID, customer_ids: Iterable[UUID]) -> dict[UUID, tuple[Override, ...]]:
    """Return the approved grades set by people, by customer."""
    rows = RatingOverride.objects.filter(company_id=company_id, customer_id__in=list(customer_ids))
    found: dict[UUID, list[Override]] = {}
    for row in rows.order_by("valid_from", "recorded_at"):
        override = Override(
            grade=row.grade,
            reason=row.reason,
            validity=Validity(row.valid_from, row.valid_to),
            proposed_by=str(row.requested_by_id),
            approved_by=str(row.approved_by_id),
        )
        found.setdefault(row.customer_id, []).append(override)
    return {customer: tuple(each) for customer, each in found.items()}


def _record(row: Rating) -> RatingRecord:
    return RatingRecord(
        id=row.pk,
        customer_id=row.customer_id,
        as_of=row.as_of,
        model_name=row.model_name,
        policy_version_id=row.policy_version_id,
        score=row.score,
        score_low=row.score_low,
        score_high=row.score_high,
        completeness=row.completeness,
        suggested_grade=row.suggested_grade,
        grade=row.grade,
        is_high_risk=row.is_high_risk,
        old_grade=row.old_grade,
        old_score=row.old_score,
        cause=row.cause,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        result=json.loads(row.result),
        inputs=json.loads(row.inputs),
    )
