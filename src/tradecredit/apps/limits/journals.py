"""Write and read journals: changes of many lines that are decided together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradecredit.apps.limits.models import JournalStatus, LimitJournal, LimitJournalLine
from tradecredit.core.kernel.periods import Validity
from tradecredit.plumbing import clock, db, ids
from tradecredit.plumbing.fields import limit_from_columns, limit_to_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from tradecredit.core.kernel.limit import Limit
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """One customer's line: what it was when the journal was made, and what it becomes."""

    customer_id: UUID
    customer_code: str
    customer_name: str
    currency: str
    before: Limit
    after: Limit
    days: int | None
    validity: Validity
    conditions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRecord:
    """A journal as it stands, with its lines."""

    id: UUID
    company_id: UUID
    title: str
    reason: str
    status: str
    undoes_id: UUID | None
    is_undone: bool
    requested_by_id: UUID
    requested_by_name: str
    decided_by_name: str
    decision_reason: str
    created_at: datetime
    decided_at: datetime | None
    lines: tuple[JournalLine, ...]
    origin: str = ""


def open_journal(
    *,
    company_id: UUID,
    title: str,
    reason: str,
    lines: Sequence[JournalLine],
    actor: Actor,
    undoes_id: UUID | None = None,
    origin: str = "",
) -> UUID:
    """Record a journal that waits for its decision; returns its identifier."""
    db.transaction_required()
    journal_id = ids.new_id()
    LimitJournal.objects.create(
        pk=journal_id,
        company_id=company_id,
        title=title,
        reason=reason,
        undoes_id=undoes_id,
        origin=origin,
        requested_by_id=actor.user_id,
        requested_by_name=actor.name,
        created_at=clock.now(),
    )
    LimitJournalLine.objects.bulk_create(
        [_row(company_id, journal_id, line) for line in lines], batch_size=500
    )
    return journal_id


def decide(*, journal_id: UUID, status: str, actor: Actor, reason: str) -> None:
    """Write the decision on an open journal; the database refuses whoever asked for it."""
    db.transaction_required()
    LimitJournal.objects.filter(pk=journal_id, status=JournalStatus.OPEN).update(
        status=status,
        decided_by_id=actor.user_id,
        decided_by_name=actor.name,
        decision_reason=reason,
        decided_at=clock.now(),
    )


def journal(journal_id: UUID, *, is_locked: bool = False) -> JournalRecord | None:
    """Return one journal in scope, locked until the transaction ends where that is asked for."""
    rows = LimitJournal.objects.filter(pk=journal_id)
    row = (rows.select_for_update(of=("self",)) if is_locked else rows).first()
    return None if row is None else _record(row)


def journals(*, company_id: UUID, most: int = 50) -> tuple[JournalRecord, ...]:
    """Return the journals of a company, latest first."""
    rows = LimitJournal.objects.filter(company_id=company_id).order_by("-created_at", "-id")[:most]
    return tuple(_record(row) for row in rows)


def of_origin(*, company_id: UUID, prefix: str) -> tuple[JournalRecord, ...]:
    """Return the journals that something in the policy asked for, those left out that another journal undoes or undid."""
    rows = LimitJournal.objects.filter(
        company_id=company_id, origin__startswith=prefix, undone_by__isnull=True
    )
    return tuple(_record(row) for row in rows.order_by("created_at", "id"))


def origins(*, company_id: UUID, prefix: str) -> frozenset[str]:
    """Return what in the policy has asked for a journal already, whatever became of it."""
    rows = LimitJournal.objects.filter(company_id=company_id, origin__startswith=prefix)
    return frozenset(rows.values_list("origin", flat=True))


def _row(company_id: UUID, journal_id: UUID, line: JournalLine) -> LimitJournalLine:
    from_kind, from_amount = limit_to_columns(line.before)
    to_kind, to_amount = limit_to_columns(line.after)
    return LimitJournalLine(
        company_id=company_id,
        journal_id=journal_id,
        customer_id=line.customer_id,
        currency=line.currency,
        from_kind=from_kind,
        from_amount=from_amount,
        to_kind=to_kind,
        to_amount=to_amount,
        days=line.days,
        conditions=dict(line.conditions),
        valid_from=line.validity.valid_from,
        valid_to=line.validity.valid_to,
    )


def _record(row: LimitJournal) -> JournalRecord:
    lines = LimitJournalLine.objects.filter(journal_id=row.pk).select_related("customer")
    return JournalRecord(
        id=row.pk,
        company_id=row.company_id,
        title=row.title,
        reason=row.reason,
        status=row.status,
        undoes_id=row.undoes_id,
        is_undone=LimitJournal.objects.filter(undoes_id=row.pk, status=JournalStatus.APPROVED).exists(),
        requested_by_id=row.requested_by_id,
        requested_by_name=row.requested_by_name,
        decided_by_name=row.decided_by_name,
        decision_reason=row.decision_reason,
        created_at=row.created_at,
        decided_at=row.decided_at,
        lines=tuple(_line(line) for line in lines.order_by("customer__code", "currency")),
        origin=row.origin,
    )


def _line(row: LimitJournalLine) -> JournalLine:
    return JournalLine(
        customer_id=row.customer_id,
        customer_code=row.customer.code,
        customer_name=row.customer.name,
        currency=row.currency,
        before=limit_from_columns(kind=row.from_kind, amount=row.from_amount, currency=row.currency),
        after=limit_from_columns(kind=row.to_kind, amount=row.to_amount, currency=row.currency),
        days=row.days,
        validity=Validity(row.valid_from, row.valid_to),
        conditions=row.conditions,
    )
