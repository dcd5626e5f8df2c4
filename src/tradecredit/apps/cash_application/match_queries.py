"""Read suggestions and what became of matches as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from tradecredit.apps.cash_application.models import (
    BankLine,
    LineStatus,
    MatchEnd,
    MatchOutcome,
    MatchSuggestion,
    Payment,
)
from tradecredit.core.cash_application.matcher import names, values
from tradecredit.core.cash_application.matcher.odds import Tally
from tradecredit.core.cash_application.matcher.values import Share, Way
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.postgres.among import among

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRecord:
    """How a line's match ended."""

    evidence: str
    probability: Decimal
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Which customers earlier lines of a payer's account, and of its name, were for."""

    accounts: dict[str, frozenset[str]]
    names: dict[str, frozenset[str]]


def suggestions(*, line_ids: Iterable[UUID]) -> dict[UUID, tuple[Way, ...]]:
    """Return the suggestions of lines, the likeliest first."""
    found: dict[UUID, list[Way]] = {}
    for row in MatchSuggestion.objects.filter(line_id__in=list(line_ids)).order_by("line_id", "rank"):
        found.setdefault(row.line_id, []).append(_way(row))
    return {line_id: tuple(ways) for line_id, ways in found.items()}


def tallies(*, company_id: UUID, known_at: datetime | None = None) -> dict[str, Tally]:
    """Return how often each kind of evidence was shown and right, as known at a moment.

    What was booked or accepted counts as right until it is undone.
    """
    rows = MatchOutcome.objects.filter(company_id=company_id)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    kept = Q(end__in=[MatchEnd.BOOKED, MatchEnd.ACCEPTED])
    counted = rows.values("evidence").annotate(
        kept=Count("pk", filter=kept),
        rejected=Count("pk", filter=Q(end=MatchEnd.REJECTED)),
        undone=Count("pk", filter=Q(end=MatchEnd.UNDONE)),
    )
    return {
        row["evidence"]: Tally(shown=row["kept"] + row["rejected"], right=max(row["kept"] - row["undone"], 0))
        for row in counted
    }


def latest_end(*, line_id: UUID) -> EndRecord | None:
    """Return how the line's match ended last, rejected ones left out."""
    row = (
        MatchOutcome.objects.filter(line_id=line_id)
        .exclude(end=MatchEnd.REJECTED)
        .order_by("-recorded_at", "-pk")
        .first()
    )
    return None if row is None else EndRecord(evidence=row.evidence, probability=row.probability, end=row.end)


def undone_lines(*, line_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of the lines whose match a person undid: nothing books them by itself again."""
    rows = MatchOutcome.objects.filter(line_id__in=list(line_ids), end=MatchEnd.UNDONE)
    return frozenset(rows.values_list("line_id", flat=True))


def learned(*, company_id: UUID, accounts: Iterable[str], payers: Iterable[str]) -> Learned:
    """Return which customers lines of these payers were for, by account and by name as it was written then.

    A line that merely waits for its payer teaches nothing.
    """
    rows = BankLine.objects.filter(
        company_id=company_id, customer__isnull=False, status__in=[LineStatus.MATCHED, LineStatus.SUGGESTED]
    )
    by_account = rows.filter(among("counterparty_account", {one for one in accounts if one}))
    by_name = rows.filter(among("counterparty", {one for one in payers if one}))
    return Learned(
        accounts=_customers_of(by_account.values_list("counterparty_account", "customer_id").distinct()),
        names={
            name: keys
            for name, keys in _customers_of(
                by_name.values_list("counterparty", "customer_id").distinct()
            ).items()
            if names.bare(name)
        },
    )


def numbers_taken(*, company_id: UUID, number: str) -> int:
    """Return how many payments have this number, or this number with a mark of a later attempt."""
    rows = Payment.objects.filter(company_id=company_id)
    return rows.filter(Q(number=number) | Q(number__startswith=f"{number}-r")).count()


def _customers_of(pairs: Iterable[tuple[str, UUID | None]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for text, customer_id in pairs:
        found.setdefault(text, set()).add(str(customer_id))
    return {text: frozenset(keys) for text, keys in found.items()}


def _way(row: MatchSuggestion) -> Way:
    payer, reference, fit, rivals = row.evidence.split("/")
    return Way(
        customer=str(row.customer_id),
        payer=payer,
        reference=reference,
        fit=fit,
        rivals=rivals,
        shares=tuple(
            Share(item_id=item_id, amount=int(amount), credit_id="".join(credit))
            for item_id, amount, *credit in row.shares
        ),
        gap=values.units(row.gap_amount),
        reason=row.gap_reason,
        probability=row.probability,
        words=Words(zh=row.explanation_zh, en=row.explanation_en),
    )
