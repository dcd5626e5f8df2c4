"""What happened, by whom, in a chain that shows every change."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.models import CompanyRow


class LogEntry(CompanyRow):
    """One entry of a stream (a customer, an account, a policy): gapless sequence, SHA-256 chain."""

    is_append_only: ClassVar[bool] = True

    stream = models.CharField(max_length=80)
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=64)
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=100)
    text_zh = models.TextField()
    text_en = models.TextField()
    payload = models.TextField()
    recorded_at = models.DateTimeField()
    format = models.PositiveSmallIntegerField(default=1)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "sequence"], name="log_entry_gapless_in_stream"),
        ]
        indexes = [models.Index(fields=["stream", "recorded_at"], name="log_entry_by_time")]
