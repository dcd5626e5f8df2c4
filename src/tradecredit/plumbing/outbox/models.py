"""Events for ourselves, messages for the outside: both committed with what caused them."""

from __future__ import annotations

from django.db import models

from tradecredit.plumbing.models import CompanyRow


class NextEvent(models.Func):
    """The next number of the event sequence (guards.py creates it)."""

    function = "nextval"
    template = "nextval('outbox_event_number')"
    output_field = models.BigIntegerField()
    allowed_default = True


class Event(CompanyRow):
    """Something that happened; drained in order, each once, by flows/reactions.py."""

    # The row is written by whoever has the company in scope, which row security checks: see ADR 0010.
    company = models.ForeignKey(
        "access.Company", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    sequence = models.BigIntegerField(unique=True, editable=False, db_default=NextEvent())
    name = models.CharField(max_length=64)
    subject = models.CharField(max_length=64, blank=True)
    payload = models.JSONField(default=dict)
    emitted_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["sequence"], condition=models.Q(processed_at__isnull=True), name="event_waiting"
            )
        ]


class MessageStatus(models.TextChoices):
    """Where a message stands."""

    PENDING = "pending", "pending"
    SENT = "sent", "sent"
    DROPPED = "dropped", "dropped"
    FAILED = "failed", "failed"


class Message(CompanyRow):
    """One message for the outside (mail, chat card, webhook); ``dedupe_key`` makes it exist once."""

    channel = models.CharField(max_length=16)
    recipient = models.CharField(max_length=254)
    language = models.CharField(max_length=16, default="zh-hans")
    subject = models.CharField(max_length=300)
    body = models.TextField()
    cause_kind = models.CharField(max_length=32)
    cause_id = models.UUIDField(null=True)
    dedupe_key = models.CharField(max_length=200, unique=True)
    status = models.CharField(max_length=8, choices=MessageStatus.choices, default=MessageStatus.PENDING)
    created_at = models.DateTimeField()
    send_after = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(status="pending"), name="message_pending")
        ]
