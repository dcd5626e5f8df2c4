"""Tasks: what a person has to do, why, and by when."""

from __future__ import annotations

from django.db import models

from tradecredit.apps.worklist.inbox_models import IncomingDocument, IncomingStatus
from tradecredit.plumbing.models import CompanyRow

__all__ = [
    "IncomingDocument",
    "IncomingStatus",
    "Task",
]


class Task(CompanyRow):
    """One thing to do for a role (or one person); made once for its cause."""

    customer = models.ForeignKey("dossier.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=32)
    role = models.CharField(max_length=32, blank=True)
    assignee_id = models.UUIDField(null=True)
    priority = models.PositiveSmallIntegerField(default=5, help_text="1 first, 9 last")
    text_zh = models.TextField()
    text_en = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    dedupe_key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=100, blank=True)
    outcome = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["company", "role"], condition=models.Q(done_at__isnull=True), name="task_open"
            )
        ]
