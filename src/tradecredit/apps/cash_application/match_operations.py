"""Write suggestions and what became of matches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from tradecredit.apps.cash_application.models import MatchOutcome, MatchSuggestion
from tradecredit.core.cash_application.matcher import values
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from tradecredit.core.cash_application.matcher.values import Way

_BATCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutcome:
    """What became of a match with this evidence."""

    line_id: UUID
    evidence: str
    probability: Decimal
    end: str
    reason: str = ""


def replace_suggestions(*, company_id: UUID, ways: Mapping[UUID, Sequence[Way]]) -> None:
    """Write the ways of each line in place of those it had; a line without ways has none left."""
    db.transaction_required()
    moment = clock.now()
    MatchSuggestion.objects.filter(company_id=company_id, line_id__in=list(ways)).delete()
    MatchSuggestion.objects.bulk_create(
        [
            MatchSuggestion(
                company_id=company_id,
                line_id=line_id,
                customer_id=UUID(way.customer),
                rank=rank,
                evidence=way.signature,
                probability=way.probability,
                shares=[[share.item_id, share.amount] for share in way.shares],
                gap_amount=values.amount(way.gap),
                gap_reason=way.reason,
                explanation_zh=way.words.zh if way.words else "",
                explanation_en=way.words.en if way.words else "",
                recorded_at=moment,
            )
            for line_id, found in ways.items()
            for rank, way in enumerate(found, start=1)
        ],
        batch_size=_BATCH,
    )


def record_outcomes(*, company_id: UUID, outcomes: Sequence[NewOutcome], recorded_by: str) -> None:
    """Write what became of matches."""
    db.transaction_required()
    moment = clock.now()
    MatchOutcome.objects.bulk_create(
        [
            MatchOutcome(
                company_id=company_id,
                line_id=one.line_id,
                evidence=one.evidence,
                probability=one.probability,
                end=one.end,
                reason=one.reason,
                recorded_at=moment,
                recorded_by=recorded_by,
            )
            for one in outcomes
        ],
        batch_size=_BATCH,
    )
