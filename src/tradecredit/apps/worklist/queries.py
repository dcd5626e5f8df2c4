"""Tasks, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from tradecredit.apps.worklist.models import Task
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTask:
    """One thing to do, for whom, why and by when."""

    id: UUID
    company_id: UUID
    customer_id: UUID | None
    kind: str
    role: str
    assignee_id: UUID | None
    priority: int
    words: Words
    link: str
    created_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    done_by: str
    outcome: str


def of_key(*, company_id: UUID, key: str) -> Sequence[StoredTask]:
    """Return the tasks whose key begins like this, in the order in which they are due."""
    rows = Task.objects.filter(company_id=company_id, dedupe_key__startswith=key)
    return [_stored(row) for row in rows.order_by("due_at", "id")]


def tasks(
    *,
    company_id: UUID | None = None,
    customer_id: UUID | None = None,
    roles: Collection[str] | None = None,
    assignee_id: UUID | None = None,
    is_open: bool | None = True,
    limit: int = 200,
) -> Sequence[StoredTask]:
    """Return tasks in scope, most urgent first: for any of the roles, or for the one person."""
    rows = Task.objects.order_by("priority", "due_at", "id")
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if roles is not None:
        mine = Q(role__in=roles, assignee_id__isnull=True)
        rows = rows.filter(mine | Q(assignee_id=assignee_id) if assignee_id else mine)
    if is_open is not None:
        rows = rows.filter(done_at__isnull=is_open)
    return [_stored(row) for row in rows[:limit]]


def task(task_id: UUID) -> StoredTask | None:
    """Return one task, if it is in scope."""
    row = Task.objects.filter(pk=task_id).first()
    return _stored(row) if row else None


def open_kinds(
    *, company_id: UUID, customer_ids: Collection[UUID]
) -> frozenset[tuple[UUID | None, str, str]]:
    """Return (customer, kind, role) of the tasks that are still to do."""
    rows = Task.objects.filter(company_id=company_id, customer_id__in=customer_ids, done_at__isnull=True)
    return frozenset(rows.values_list("customer_id", "kind", "role"))


def _stored(row: Task) -> StoredTask:
    return StoredTask(
        id=row.pk,
        company_id=row.company_id,
        customer_id=row.customer_id,
        kind=row.kind,
        role=row.role,
        assignee_id=row.assignee_id,
        priority=row.priority,
        words=Words(zh=row.text_zh, en=row.text_en),
        link=row.link,
        created_at=row.created_at,
        due_at=row.due_at,
        done_at=row.done_at,
        done_by=row.done_by,
        outcome=row.outcome,
    )
