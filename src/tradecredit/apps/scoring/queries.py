"""Read ratings and the grades that people set."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.scoring.models import GradeProposal, Rating, RatingOverride
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.scoring import recording
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rating as a step of its customer's history."""

    customer_id: UUID
    grade: str
    score: Decimal | None
    is_high_risk: bool
    old_grade: str
    old_score: Decimal | None
    points: Mapping[str, Decimal | None]


def steps(*, company_id: UUID) -> tuple[Step, ...]:
    """Return every rating of the company in the order in which they were recorded."""
    rows = Rating.objects.filter(company_id=company_id).order_by("recorded_at", "id")
    return tuple(
        Step(
            customer_id=row.customer_id,
            grade=row.grade,
            score=row.score,
            is_high_risk=row.is_high_risk,
            old_grade=row.old_grade,
            old_score=row.old_score,
            points=recording.snapshot_from(json.loads(row.result)).points,
        )
        for row in rows.iterator()
    )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRecord:
    """A grade that somebody asked for."""

    id: UUID
    customer_id: UUID
    override: Override
    system_grade: str
    requested_by_name: str
    recorded_at: datetime


def proposal(proposal_id: UUID) -> ProposalRecord | None:
    """Return a grade that somebody asked for, if it is in scope."""
    row = GradeProposal.objects.filter(pk=proposal_id).first()
    return None if row is None else _proposal(row)


def proposals(*, company_id: UUID, customer_id: UUID, most: int = 20) -> tuple[ProposalRecord, ...]:
    """Return the grades that were asked for, the latest first."""
    rows = GradeProposal.objects.filter(company_id=company_id, customer_id=customer_id)
    return tuple(_proposal(row) for row in rows.order_by("-recorded_at", "-id")[:most])


def customers_whose_override_ended(*, company_id: UUID, since: date, as_of: date) -> tuple[UUID, ...]:
    """Return the customers with a grade set by people whose first day without it came after ``since``."""
    rows = RatingOverride.objects.filter(company_id=company_id, valid_to__gt=since, valid_to__lte=as_of)
    return tuple(rows.order_by("customer_id").values_list("customer_id", flat=True).distinct())


def _proposal(row: GradeProposal) -> ProposalRecord:
    return ProposalRecord(
        id=row.pk,
        customer_id=row.customer_id,
        override=Override(
            grade=row.grade,
            reason=row.reason,
            validity=Validity(row.valid_from, row.valid_to),
            proposed_by=str(row.requested_by_id),
        ),
        system_grade=row.system_grade,
        requested_by_name=row.requested_by_name,
        recorded_at=row.recorded_at,
    )


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
