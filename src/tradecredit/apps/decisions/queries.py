"""Read recorded decisions as frozen values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.decisions.models import Decision
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision:
    """One verdict as it was recorded: facts, policy version, verdict, who and when."""

    id: UUID
    company_id: UUID
    customer_id: UUID
    account_id: UUID
    policy_version_id: UUID
    control_point: str
    reference: str
    amount: Money
    as_of: date
    facts: Mapping[str, Any]
    verdict: Mapping[str, Any]
    outcome: str
    is_committed: bool
    purpose: str
    previous_id: UUID | None
    actor_id: UUID
    actor_name: str
    decided_at: datetime


def by_id(decision_id: UUID) -> StoredDecision | None:
    """Return one decision in scope."""
    row = Decision.objects.filter(pk=decision_id).first()
    return None if row is None else _stored(row)


def by_ids(decision_ids: Iterable[UUID]) -> dict[UUID, StoredDecision]:
    """Return decisions in scope by identifier, with one statement."""
    return {row.pk: _stored(row) for row in Decision.objects.filter(pk__in=set(decision_ids))}


def of_reference(*, company_id: UUID, reference: str) -> tuple[StoredDecision, ...]:
    """Return the decisions about one document, latest first."""
    rows = Decision.objects.filter(company_id=company_id, reference=reference).order_by("-decided_at", "-pk")
    return tuple(_stored(row) for row in rows)


def of_customer(*, customer_id: UUID, most: int = 50) -> tuple[StoredDecision, ...]:
    """Return the latest decisions about a customer's documents."""
    rows = Decision.objects.filter(customer_id=customer_id).order_by("-decided_at", "-pk")[:most]
    return tuple(_stored(row) for row in rows)


def since(day: date | None, *, company_id: UUID | None = None) -> Iterator[StoredDecision]:
    """Walk the decisions from a day on (its recorded moment), oldest first, without holding them all."""
    rows = Decision.objects.order_by("decided_at", "pk")
    if day is not None:
        rows = rows.filter(decided_at__date__gte=day)
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    return (_stored(row) for row in rows.iterator(chunk_size=500))


def _stored(row: Decision) -> StoredDecision:
    return StoredDecision(
        id=row.pk,
        company_id=row.company_id,
        customer_id=row.customer_id,
        account_id=row.account_id,
        policy_version_id=row.policy_version_id,
        control_point=row.control_point,
        reference=row.reference,
        amount=Money(row.amount, row.currency),
        as_of=row.as_of,
        facts=json.loads(row.facts),
        verdict=json.loads(row.verdict),
        outcome=row.outcome,
        is_committed=row.is_committed,
        purpose=row.purpose,
        previous_id=row.previous_id,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        decided_at=row.decided_at,
    )
