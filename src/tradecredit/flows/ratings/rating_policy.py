"""The parts of the policy in force that rate customers and propose lines: scorecard, grades, limits, authority."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.decisions import policies
from tradecredit.core.approvals import authority
from tradecredit.core.limits import grade_policy, recommend
from tradecredit.core.scoring import moves, rating, review_calendar, scorecard_document, support_policy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.core.approvals.authority import Authority
    from tradecredit.core.limits.grade_policy import GradePolicy
    from tradecredit.core.limits.recommend import LimitPolicy
    from tradecredit.core.scoring.attributes import Attribute
    from tradecredit.core.scoring.moves import Moves
    from tradecredit.core.scoring.rating import GradeScale
    from tradecredit.core.scoring.review_calendar import ReviewCalendar
    from tradecredit.core.scoring.scorecard import Scorecard
    from tradecredit.core.scoring.support_policy import Support


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingPolicy:
    """What a policy version says about scores, grades and lines."""

    version_id: UUID
    attributes: Mapping[str, Attribute]
    scorecard: Scorecard
    scale: GradeScale
    grades: tuple[GradePolicy, ...]
    limits: LimitPolicy
    authority: Authority
    moves: Moves
    reviews: ReviewCalendar | None
    support: Support | None


# A version never changes, so what was read from it may be kept.
_read: dict[UUID, RatingPolicy] = {}


def in_force(*, company_id: UUID, as_of: date) -> RatingPolicy:
    """Return the policy in force on the day; raises UnableToFindPolicyError."""
    stored = policies.in_force(company_id=company_id, as_of=as_of)
    found = _read.get(stored.id)
    if found is None:
        found = _read[stored.id] = of_document(stored.document, version_id=stored.id)
    return found


def of_document(document: Mapping[str, Any], *, version_id: UUID) -> RatingPolicy:
    """Return what a document says, whether or not it is published; raises PolicyError."""
    known = scorecard_document.attributes_of(document["scorecard"])
    return RatingPolicy(
        version_id=version_id,
        attributes=known,
        scorecard=scorecard_document.parse(document["scorecard"]),
        scale=rating.parse(document["grades"], known=known),
        grades=grade_policy.parse(document["grades"]),
        limits=recommend.parse(document["limits"], grades=document["grades"], known=known),
        authority=authority.parse(document["authority"]),
        moves=moves.parse(document["grades"].get("moves"), known=frozenset(known)),
        reviews=review_calendar.parse(
            document["grades"].get("reviews"),
            grades=tuple(each["grade"] for each in document["grades"]["grades"]),
        ),
        support=support_policy.parse(document["grades"].get("support")),
    )
