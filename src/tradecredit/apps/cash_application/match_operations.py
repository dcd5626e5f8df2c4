"""Write suggestions and what became of matches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.cash_application.models import MatchOutcome, MatchSuggestion
from tradecredit.core.cash_application.matcher import values
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.postgres import portions
from tradecredit.plumbing.postgres.among import among

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.core.cash_application.matcher.values import Share, Way


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
    MatchSuggestion.objects.filter(among("line_id", ways), company_id=company_id).delete()
    ranked = [
        (line_id, rank, way) for line_id, found in ways.items() for rank, way in enumerate(found, start=1)
    ]
    portions.insert(
        MatchSuggestion,
        {
            "line_id": [line_id for line_id, *_ in ranked],
            "customer_id": [way.customer for *_, way in ranked],
            "rank": [rank for _, rank, _ in ranked],
            "evidence": [way.signature for *_, way in ranked],
            "probability": [way.probability for *_, way in ranked],
            "shares": [[_plain(share) for share in way.shares] for *_, way in ranked],
            "gap_amount": [values.amount(way.gap) for *_, way in ranked],
            "gap_reason": [way.reason for *_, way in ranked],
            "explanation_zh": [way.words.zh if way.words else "" for *_, way in ranked],
            "explanation_en": [way.words.en if way.words else "" for *_, way in ranked],
        },
        same={"company_id": company_id, "recorded_at": clock.now()},
    )


def record_outcomes(*, company_id: UUID, outcomes: Sequence[NewOutcome], recorded_by: str) -> None:
    """Write what became of matches."""
    db.transaction_required()
    portions.insert(
        MatchOutcome,
        {
            "line_id": [one.line_id for one in outcomes],
            "evidence": [one.evidence for one in outcomes],
            "probability": [one.probability for one in outcomes],
            "end": [one.end for one in outcomes],
            "reason": [one.reason for one in outcomes],
        },
        same={"company_id": company_id, "recorded_at": clock.now(), "recorded_by": recorded_by},
    )


def _plain(share: Share) -> list[str | int]:
    """Write what a credit note takes with its line behind it."""
    credit = [share.credit_id] if share.credit_id else []
    return [share.item_id, share.amount, *credit]
