"""Feeds of news with what they brought, and the monitors that look for words in it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.models import CompanyRow


class NewsFeed(CompanyRow):
    """Where news comes from: read at an address (RSS, JSON), pushed to us, or written by people."""

    code = models.CharField(max_length=24)
    label = models.CharField(max_length=100)
    shape = models.CharField(max_length=8, help_text="rss, json, webhook or manual")
    place = models.CharField(max_length=8, help_text="search, media, social or network")
    address = models.TextField(blank=True)
    fields = models.JSONField(default=dict, help_text="where our fields stand in an item of JSON")
    every_minutes = models.PositiveIntegerField(default=60)
    is_active = models.BooleanField(default=True)
    tried_at = models.DateTimeField(null=True)
    whole_at = models.DateTimeField(null=True, help_text="when it was last read without a failure")
    items = models.PositiveBigIntegerField(default=0, help_text="new ones, since it was described")
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    failure = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="feed_once")]


class NewsMonitor(CompanyRow):
    """Words that people look out for; the latest recorded of a code counts."""

    is_append_only: ClassVar[bool] = True

    code = models.CharField(max_length=24)
    label = models.CharField(max_length=100)
    any_of = models.JSONField(default=list)
    none_of = models.JSONField(default=list)
    polarity = models.CharField(max_length=8, blank=True, help_text="empty: as the words of the text decide")
    is_active = models.BooleanField(default=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["company", "code", "-recorded_at"], name="monitor_latest")]


class HookCall(CompanyRow):
    """A call that came in at a feed's address, as it came, with what became of it; taking it again is a new row."""

    is_append_only: ClassVar[bool] = True

    feed = models.ForeignKey(NewsFeed, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(help_text="as it came, cut at a bound")
    status = models.CharField(max_length=8, help_text="taken or refused")
    words = models.JSONField(default=dict)
    read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    again_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["company", "-received_at"], name="hook_call_latest")]
