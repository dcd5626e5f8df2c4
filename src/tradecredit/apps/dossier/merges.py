"""Merges of customers and verdicts about pairs: read and recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from tradecredit.apps.dossier.models import Customer, CustomerMerge, DuplicateVerdict
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRecord:
    """Two records that are one customer, with what was moved."""

    id: UUID
    customer_id: UUID
    customer_code: str
    absorbed_id: UUID
    absorbed_code: str
    absorbed_name: str
    reason: str
    moved: Mapping[str, Sequence[str]]
    transfers: Sequence[Mapping[str, Any]]
    merged_at: datetime
    merged_by: str
    is_undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRecord:
    """Two records that look alike, and what was decided about them."""

    id: UUID
    customer_code: str
    customer_name: str
    customer_uscc: str
    other_code: str
    other_name: str
    other_uscc: str
    score: Decimal
    evidence: Sequence[str]
    verdict: str


def move(*, giver: UUID, taker: UUID, lineage: Mapping[str, Sequence[str]] | None) -> dict[str, list[str]]:
    """Give the rows of a customer (all, or those of a lineage) to another; return which were moved, by table."""
    db.transaction_required()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customers_move(%s, %s, %s::jsonb)",
            [giver, taker, None if lineage is None else json.dumps(lineage)],
        )
        found = cursor.fetchone()[0]
    moved: dict[str, list[str]] = json.loads(found) if isinstance(found, str) else found
    return moved


def move_headroom(*, giver: UUID, taker: UUID, decision_ids: Sequence[str]) -> None:
    """Let decisions and reservations follow their documents from one account to another."""
    db.transaction_required()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customers_move_headroom(%s, %s, %s::uuid[])", [giver, taker, list(decision_ids)]
        )


def obligations(
    *, account_id: UUID, only: Sequence[str] | None = None
) -> tuple[tuple[str, str, Decimal], ...]:
    """Return what each obligation of an account comes to by stage."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT obligation, stage, amount FROM customers_obligations(%s, %s::text[])",
            [account_id, None if only is None else list(only)],
        )
        return tuple(cursor.fetchall())


def record_merge(
    *,
    company_id: UUID,
    customer_id: UUID,
    absorbed_id: UUID,
    reason: str,
    moved: Mapping[str, Sequence[str]],
    transfers: Sequence[Mapping[str, Any]],
    actor: Actor,
    merge_id: UUID,
) -> None:
    """Record the merge and let the absorbed record name the one it is."""
    db.transaction_required()
    CustomerMerge.objects.create(
        pk=merge_id,
        company_id=company_id,
        customer_id=customer_id,
        absorbed_id=absorbed_id,
        reason=reason,
        moved=dict(moved),
        transfers=list(transfers),
        merged_at=clock.now(),
        merged_by=actor.name,
    )
    Customer.objects.filter(pk=absorbed_id).update(merged_into_id=customer_id, updated_at=clock.now())


def record_undone(*, merge_id: UUID, absorbed_id: UUID, actor: Actor) -> None:
    """Record that a merge was taken apart."""
    db.transaction_required()
    CustomerMerge.objects.filter(pk=merge_id).update(undone_at=clock.now(), undone_by=actor.name)
    Customer.objects.filter(pk=absorbed_id).update(merged_into_id=None, updated_at=clock.now())


def by_id(merge_id: UUID) -> MergeRecord | None:
    """Return a merge, locked until the flow ends."""
    rows = CustomerMerge.objects.select_for_update(of=("self",)).filter(pk=merge_id)
    row = rows.select_related("customer", "absorbed").first()
    return _merge(row) if row else None


def of_company(*, company_id: UUID, customer_id: UUID | None = None) -> tuple[MergeRecord, ...]:
    """Return the merges of a company (into one customer), the latest first."""
    rows = CustomerMerge.objects.filter(company_id=company_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    rows = rows.select_related("customer", "absorbed").defer("transfers")
    return tuple(_merge(row) for row in rows.order_by("-merged_at", "-id")[:200])


def keep_pairs(*, company_id: UUID, found: Sequence[tuple[UUID, UUID, Decimal, Sequence[str]]]) -> int:
    """Record pairs that look alike; one that was recorded before keeps its verdict. Returns how many are new."""
    db.transaction_required()
    known = {
        frozenset(pair)
        for pair in DuplicateVerdict.objects.filter(company_id=company_id).values_list(
            "customer_id", "other_id"
        )
    }
    new = [
        DuplicateVerdict(
            company_id=company_id,
            customer_id=one,
            other_id=other,
            score=score,
            evidence=list(evidence),
            found_at=clock.now(),
        )
        for one, other, score, evidence in found
        if frozenset((one, other)) not in known
    ]
    DuplicateVerdict.objects.bulk_create(new, batch_size=1000)
    return len(new)


def pairs(*, company_id: UUID, verdict: str = "open", limit: int = 200) -> tuple[PairRecord, ...]:
    """Return the pairs of a company with a verdict, the surest first; merged records are left out."""
    rows = DuplicateVerdict.objects.filter(
        company_id=company_id,
        verdict=verdict,
        customer__merged_into__isnull=True,
        other__merged_into__isnull=True,
    ).select_related("customer", "other")
    return tuple(
        PairRecord(
            id=row.pk,
            customer_code=row.customer.code,
            customer_name=row.customer.name,
            customer_uscc=row.customer.uscc,
            other_code=row.other.code,
            other_name=row.other.name,
            other_uscc=row.other.uscc,
            score=row.score,
            evidence=tuple(row.evidence),
            verdict=row.verdict,
        )
        for row in rows.order_by("-score", "customer__code", "other__code")[:limit]
    )


def decide_pair(*, pair_id: UUID, verdict: str, actor: Actor) -> None:
    """Record whether a pair is one customer (``same``) or two (``other``)."""
    db.transaction_required()
    DuplicateVerdict.objects.filter(pk=pair_id).update(
        verdict=verdict, decided_at=clock.now(), decided_by=actor.name
    )


def _merge(row: CustomerMerge) -> MergeRecord:
    return MergeRecord(
        id=row.pk,
        customer_id=row.customer_id,
        customer_code=row.customer.code,
        absorbed_id=row.absorbed_id,
        absorbed_code=row.absorbed.code,
        absorbed_name=row.absorbed.name,
        reason=row.reason,
        moved=row.moved,
        transfers=row.transfers,
        merged_at=row.merged_at,
        merged_by=row.merged_by,
        is_undone=row.undone_at is not None,
    )
