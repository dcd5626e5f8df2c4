"""Documents that came in and could not be recorded: kept with the reason until they can be, or a person says no."""

from __future__ import annotations

from django.db import models

from tradecredit.plumbing.models import CompanyRow


class IncomingStatus(models.TextChoices):
    """Waiting ones are tried again when what they wait for arrives."""

    WAITING = "waiting", "waiting"
    RECORDED = "recorded", "recorded since"
    DISMISSED = "dismissed", "dismissed by a person"


class IncomingDocument(CompanyRow):
    """One refused row: what it said, why it was refused, and what it waits for; none is dropped."""

    kind = models.CharField(max_length=24)
    number = models.CharField(max_length=64)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    waits_for = models.CharField(
        max_length=100, blank=True, help_text="order:SO-1, delivery:DN-1, customer:C001"
    )
    field = models.CharField(max_length=64, blank=True)
    text_zh = models.TextField()
    text_en = models.TextField()
    status = models.CharField(max_length=9, choices=IncomingStatus.choices, default=IncomingStatus.WAITING)
    attempts = models.PositiveIntegerField(default=1)
    first_refused_at = models.DateTimeField()
    latest_refused_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=100, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "kind", "content_hash"], name="incoming_content_once"),
            models.CheckConstraint(
                condition=models.Q(status="waiting", ended_at__isnull=True)
                | (~models.Q(status="waiting") & models.Q(ended_at__isnull=False)),
                name="incoming_ended_when_not_waiting",
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "waits_for"],
                condition=models.Q(status="waiting"),
                name="incoming_waiting",
            )
        ]
