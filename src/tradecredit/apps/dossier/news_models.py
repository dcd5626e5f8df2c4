"""What was said of customers in public, and which words decided whether it speaks against them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.models import CompanyRow


class NewsItem(CompanyRow):
    """One piece of news as it came; the same story told elsewhere points to the first one."""

    is_append_only: ClassVar[bool] = True

    feed = models.CharField(max_length=24, help_text="code of the feed")
    place = models.CharField(max_length=8)
    key = models.CharField(max_length=64, help_text="digest by which the same piece is known again")
    story = models.CharField(
        max_length=64, help_text="digest of what the title says, without marks and outlets"
    )
    same_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    address = models.TextField(blank=True)
    polarity = models.CharField(max_length=8)
    score = models.SmallIntegerField()
    words = models.JSONField(default=list, help_text="lists: word, points, topic, what turned it round")
    monitors = models.JSONField(default=list)
    published_at = models.DateTimeField()
    received_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "key"], name="news_once")]
        indexes = [
            models.Index(fields=["company", "story", "published_at"], name="news_story"),
            models.Index(fields=["company", "-published_at"], name="news_latest"),
        ]


class NewsMention(CompanyRow):
    """A customer named in a piece of news: by which name, for or against, and the words that decided it."""

    is_append_only: ClassVar[bool] = True

    item = models.ForeignKey(NewsItem, on_delete=models.PROTECT, related_name="mentions")
    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    named = models.CharField(max_length=200)
    polarity = models.CharField(max_length=8)
    score = models.SmallIntegerField()
    words = models.JSONField(default=list, help_text="lists: word, points, topic, what turned it round")
    monitors = models.JSONField(default=list)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "customer"], name="mention_once")]
        indexes = [models.Index(fields=["customer", "-recorded_at"], name="mention_latest")]
