"""Record ratings and grades set by people; neither is ever changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.scoring.models import Rating, RatingOverride
from tradecredit.core.kernel import canonical
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.core.scoring.overrides import Override
    from tradecredit.core.scoring.scorecard import ScoreResult


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRating:
    """A rating to record, with what came before it and why it was made."""

    customer_id: UUID
    result: ScoreResult
    suggested_grade: str
    grade: str
    is_high_risk: bool
    old_grade: str
    old_score: Decimal | None
    cause: str
    recorded: Mapping[str, Any]
    inputs: Mapping[str, Any]


def record_ratings(
    *,
    company_id: UUID,
    as_of: date,
    policy_version_id: UUID,
    model_name: str,
    recorded_by: str,
    ratings: Sequence[NewRating],
) -> tuple[UUID, ...]:
    """Append the ratings with one statement; returns their identifiers in order."""
    db.transaction_required()
    moment = clock.now()
    rows = [
        Rating(
            company_id=company_id,
            customer_id=each.customer_id,
            as_of=as_of,
            model_name=model_name,
            policy_version_id=policy_version_id,
            score=each.result.score,
            score_low=each.result.low,
            score_high=each.result.high,
            completeness=each.result.completeness,
            suggested_grade=each.suggested_grade,
            grade=each.grade,
            is_high_risk=each.is_high_risk,
            result=canonical.dumps(dict(each.recorded)),
            inputs=canonical.dumps(dict(each.inputs)),
            old_grade=each.old_grade,
            old_score=each.old_score,
            cause=each.cause,
            recorded_at=moment,
            recorded_by=recorded_by,
        )
        for each in ratings
    ]
    return tuple(row.pk for row in Rating.objects.bulk_create(rows, batch_size=500))


def record_override(*, company_id: UUID, customer_id: UUID, override: Override) -> UUID:
    """Append an approved grade set by a person."""
    db.transaction_required()
    row = RatingOverride.objects.create(
        company_id=company_id,
        customer_id=customer_id,
        grade=override.grade,
        reason=override.reason,
        valid_from=override.validity.valid_from,
        valid_to=override.validity.valid_to,
        requested_by_id=override.proposed_by,
        approved_by_id=override.approved_by,
        recorded_at=clock.now(),
    )
    return row.pk
