"""Record ratings and grades set by people; neither is ever changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from tradecredit.apps.scoring.models import GradeProposal, RatingOverride, RatingReview
from tradecredit.core.kernel import canonical
from tradecredit.plumbing import clock, db, ids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.core.scoring.overrides import Override
    from tradecredit.core.scoring.scorecard import ScoreResult
    from tradecredit.plumbing.access import Actor


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
    recorded_by: str,
    ratings: Sequence[NewRating],
) -> tuple[UUID, ...]:
    """Append the ratings with one statement; returns their identifiers in order."""
    db.transaction_required()
    identifiers = tuple(ids.new_id() for _ in ratings)
    same = {
        "company_id": str(company_id),
        "as_of": as_of.isoformat(),
        "policy_version_id": str(policy_version_id),
        "recorded_at": clock.now().isoformat(),
        "recorded_by": recorded_by,
    }
    rows = [
        {"id": str(identifier), **same, **_columns(each)}
        for identifier, each in zip(identifiers, ratings, strict=True)
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [json.dumps(rows, ensure_ascii=False)])
    return identifiers


def _columns(new: NewRating) -> dict[str, Any]:
    return {
        "customer_id": str(new.customer_id),
        "model_name": new.result.model,
        "score": _text(new.result.score),
        "score_low": _text(new.result.low),
        "score_high": _text(new.result.high),
        "completeness": _text(new.result.completeness),
        "suggested_grade": new.suggested_grade,
        "grade": new.grade,
        "is_high_risk": new.is_high_risk,
        "result": canonical.dumps(dict(new.recorded)),
        "inputs": canonical.dumps(dict(new.inputs)),
        "old_grade": new.old_grade,
        "old_score": _text(new.old_score),
        "cause": new.cause,
    }


# One JSON parameter: the driver escapes every quotation mark of an array of texts in Python, and a rating has many.
_INSERT = """
INSERT INTO scoring_rating (
    id, company_id, customer_id, as_of, model_name, policy_version_id, score, score_low, score_high, completeness,
    suggested_grade, grade, is_high_risk, result, inputs, old_grade, old_score, cause, recorded_at, recorded_by)
SELECT
    id, company_id, customer_id, as_of, model_name, policy_version_id, score, score_low, score_high, completeness,
    suggested_grade, grade, is_high_risk, result, inputs, old_grade, old_score, cause, recorded_at, recorded_by
FROM jsonb_to_recordset(%s::jsonb) AS new (
    id uuid, company_id uuid, customer_id uuid, as_of date, model_name text, policy_version_id uuid, score numeric,
    score_low numeric, score_high numeric, completeness numeric, suggested_grade text, grade text,
    is_high_risk boolean, result text, inputs text, old_grade text, old_score numeric, cause text,
    recorded_at timestamptz, recorded_by text)
"""


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def record_override(*, company_id: UUID, customer_id: UUID, override: Override) -> None:
    """Append an approved grade set by a person."""
    db.transaction_required()
    RatingOverride.objects.create(
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


def record_proposal(
    *, company_id: UUID, customer_id: UUID, override: Override, system_grade: str, actor: Actor
) -> UUID:
    """Append a grade that a person asks for; returns its identifier."""
    db.transaction_required()
    row = GradeProposal.objects.create(
        company_id=company_id,
        customer_id=customer_id,
        grade=override.grade,
        system_grade=system_grade,
        reason=override.reason,
        valid_from=override.validity.valid_from,
        valid_to=override.validity.valid_to,
        requested_by_id=actor.user_id,
        requested_by_name=actor.name,
        recorded_at=clock.now(),
    )
    identifier: UUID = row.pk
    return identifier


def record_review(
    *, company_id: UUID, customer_id: UUID, reviewed_on: date, grade: str, note: str, actor: Actor
) -> None:
    """Append that a person looked at the customer's rating."""
    db.transaction_required()
    RatingReview.objects.create(
        company_id=company_id,
        customer_id=customer_id,
        reviewed_on=reviewed_on,
        grade=grade,
        note=note,
        reviewed_by_id=actor.user_id,
        reviewed_by_name=actor.name,
        recorded_at=clock.now(),
    )
