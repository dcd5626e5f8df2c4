"""Make tasks, once for their cause, and complete them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models.expressions import RawSQL

from tradecredit.apps.worklist.models import Task
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.postgres import portions

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

    from tradecredit.core.kernel.reasons import Words

PRIORITIES: Final[Mapping[str, int]] = {"high": 2, "normal": 5, "low": 8}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task for a role (or one person); its key makes it exist once."""

    kind: str
    words: Words
    dedupe_key: str
    customer_id: UUID | None = None
    role: str = ""
    assignee_id: UUID | None = None
    priority: str = "normal"
    link: str = ""
    due_in_days: int = 1


def make(*, company_id: UUID, tasks: Sequence[NewTask]) -> int:
    """Record tasks; one whose key is known is left out. Returns how many were offered."""
    db.transaction_required()
    if not tasks:
        return 0
    moment = clock.now()
    portions.insert(
        Task,
        {
            "customer_id": [task.customer_id for task in tasks],
            "kind": [task.kind for task in tasks],
            "role": [task.role for task in tasks],
            "assignee_id": [task.assignee_id for task in tasks],
            "priority": [PRIORITIES[task.priority] for task in tasks],
            "text_zh": [task.words.zh for task in tasks],
            "text_en": [task.words.en for task in tasks],
            "link": [task.link for task in tasks],
            "dedupe_key": [task.dedupe_key for task in tasks],
            "due_at": [moment + timedelta(days=task.due_in_days) for task in tasks],
        },
        same={"company_id": company_id, "created_at": moment},
        is_passing_known=True,
    )
    return len(tasks)


def complete_keys(*, company_id: UUID, keys: Collection[str], outcome: str, done_by: str) -> int:
    """Complete the tasks of these causes that are still open; returns how many were."""
    db.transaction_required()
    rows = Task.objects.filter(company_id=company_id, dedupe_key__in=keys, done_at__isnull=True)
    return rows.update(done_at=clock.now(), done_by=done_by, outcome=outcome)


def complete_begun(*, company_id: UUID, key: str, outcome: str, done_by: str) -> int:
    """Complete the open tasks whose key begins like this; returns how many were."""
    db.transaction_required()
    rows = Task.objects.filter(company_id=company_id, dedupe_key__startswith=key, done_at__isnull=True)
    return rows.update(done_at=clock.now(), done_by=done_by, outcome=outcome)


def complete(*, task_id: UUID, outcome: str, done_by: str) -> bool:
    """Complete a task with its outcome; tells whether it was open."""
    db.transaction_required()
    rows = Task.objects.filter(pk=task_id, done_at__isnull=True)
    return rows.update(done_at=clock.now(), done_by=done_by, outcome=outcome) == 1


def put_first(*, company_id: UUID, customer_ids: Collection[UUID]) -> int:
    """Give the open tasks about these customers a high priority; returns how many had a lower one."""
    db.transaction_required()
    rows = Task.objects.filter(
        company_id=company_id,
        # One array, however many they are.
        customer_id__in=RawSQL("SELECT unnest(%s::uuid[])", [list(customer_ids)]),
        done_at__isnull=True,
        priority__gt=PRIORITIES["high"],
    )
    return rows.update(priority=PRIORITIES["high"])
