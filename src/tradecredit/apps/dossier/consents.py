"""What customers have consented to: read and recorded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.dossier.models import Consent
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRecord:
    """One grant or withdrawal."""

    scope: str
    is_granted: bool
    purpose: str
    evidence: str
    valid_from: date
    valid_to: date | None
    recorded_at: datetime
    recorded_by: str


def in_force(*, customer_ids: Iterable[UUID], company_id: UUID, as_of: date) -> dict[UUID, frozenset[str]]:
    """Return the scopes that each customer allows the company on the day: the latest word on each counts."""
    latest: defaultdict[UUID, dict[str, Consent]] = defaultdict(dict)
    rows = Consent.objects.filter(
        customer_id__in=set(customer_ids), company_id=company_id, valid_from__lte=as_of
    )
    for row in rows.order_by("recorded_at", "id"):
        latest[row.customer_id][row.scope] = row
    return {
        customer_id: frozenset(
            scope
            for scope, row in scopes.items()
            if row.is_granted and (row.valid_to is None or as_of < row.valid_to)
        )
        for customer_id, scopes in latest.items()
    }


def allowed(history: Iterable[ConsentRecord], *, as_of: date) -> frozenset[str]:
    """Return the scopes that hold on the day, of a history with the latest first: the latest word on each counts."""
    latest: dict[str, ConsentRecord] = {}
    for one in history:
        if one.valid_from <= as_of:
            latest.setdefault(one.scope, one)
    return frozenset(
        scope
        for scope, one in latest.items()
        if one.is_granted and (one.valid_to is None or as_of < one.valid_to)
    )


def ended(*, company_id: UUID, since: date, as_of: date) -> tuple[UUID, ...]:
    """Return the customers of whom a consent ended after ``since``, up to and including the day."""
    rows = Consent.objects.filter(
        company_id=company_id, is_granted=True, valid_to__gt=since, valid_to__lte=as_of
    )
    return tuple(rows.order_by("customer_id").values_list("customer_id", flat=True).distinct())


def history(*, customer_id: UUID, company_id: UUID) -> tuple[ConsentRecord, ...]:
    """Return every grant and withdrawal of a customer, the latest first."""
    rows = Consent.objects.filter(customer_id=customer_id, company_id=company_id)
    return tuple(
        ConsentRecord(
            scope=row.scope,
            is_granted=row.is_granted,
            purpose=row.purpose,
            evidence=row.evidence,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in rows.order_by("-recorded_at", "-id")
    )


def record(
    *,
    customer_id: UUID,
    company_id: UUID,
    scope: str,
    is_granted: bool,
    purpose: str,
    evidence: str,
    valid_from: date,
    valid_to: date | None,
    actor: Actor,
) -> None:
    """Append a grant or a withdrawal."""
    db.transaction_required()
    Consent.objects.create(
        customer_id=customer_id,
        company_id=company_id,
        scope=scope,
        is_granted=is_granted,
        purpose=purpose,
        evidence=evidence,
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )
