"""Connections to other systems, how far each was read, what was written back, and files that people brought."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.apps.sources.file_models import FileImport, FilePart, FileUndo, RememberedMapping
from tradecredit.apps.sources.news_models import HookCall, NewsFeed, NewsMonitor
from tradecredit.plumbing.models import CompanyRow

__all__ = [
    "Connection",
    "FileImport",
    "FilePart",
    "FileUndo",
    "HookCall",
    "NewsFeed",
    "NewsMonitor",
    "Portion",
    "Progress",
    "RememberedMapping",
    "WrittenStanding",
]


class Connection(CompanyRow):
    """Another system as somebody described it; what is secret stands in the environment, never here."""

    code = models.CharField(max_length=24)
    system = models.CharField(max_length=24)
    label = models.CharField(max_length=100)
    settings = models.JSONField(
        default=dict, help_text="names and texts that the system's description asks for"
    )
    described = models.TextField(blank=True, help_text="YAML that replaces parts of the shipped description")
    kinds = models.JSONField(default=list)
    every_minutes = models.PositiveIntegerField(default=5)
    writes_back = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=100)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="connection_once")]


class Progress(CompanyRow):
    """How far one kind was read, what became of it so far, and why the latest attempt failed, if it did."""

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    position = models.TextField(blank=True, help_text="canonical JSON; changes only with the rows up to it")
    portions = models.PositiveBigIntegerField(default=0)
    read = models.PositiveBigIntegerField(default=0)
    created = models.PositiveBigIntegerField(default=0)
    updated = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True, help_text="when rows last came")
    whole_at = models.DateTimeField(null=True, help_text="when there was last nothing left to read")
    tried_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    failure = models.JSONField(
        default=dict, help_text="the words of the latest failure, empty when it went well"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "kind"], name="progress_once_a_kind")]


class Portion(CompanyRow):
    """Rows that were recorded together, in the transaction that moved the position over them."""

    is_append_only: ClassVar[bool] = True

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    position_before = models.TextField(blank=True)
    position_after = models.TextField()
    read = models.PositiveIntegerField()
    created = models.PositiveIntegerField()
    updated = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    refusals = models.JSONField(default=list, help_text="the first refused rows with their reasons")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["connection", "-recorded_at"], name="portion_latest")]


class WrittenStanding(CompanyRow):
    """What another system is to know of a customer, and when it was told; the latest wish counts, not the order of messages."""

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    customer_code = models.CharField(max_length=64)
    wanted = models.JSONField()
    digest = models.CharField(max_length=64)
    wanted_at = models.DateTimeField()
    written_digest = models.CharField(max_length=64, blank=True)
    written_at = models.DateTimeField(null=True)
    failure = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "customer_code"], name="standing_once_a_customer")
        ]
