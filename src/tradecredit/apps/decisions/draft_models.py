"""Policies being written: nobody decides by them until a second person has published them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tradecredit.plumbing.models import CompanyRow


class DraftStatus(models.TextChoices):
    """Where a draft stands."""

    OPEN = "open", "being written"
    PUBLISHED = "published", "published"
    WITHDRAWN = "withdrawn", "withdrawn"


class DraftOrigin(models.TextChoices):
    """Where the document of a draft comes from."""

    LATEST = "latest", "the latest version"
    FORMER = "former", "a former version, to go back to it"
    COMPANY = "company", "a version of another company"


class PolicyDraft(CompanyRow):
    """A whole policy document on its way to the next version, and the version that it changes."""

    title = models.CharField(max_length=120)
    base = models.ForeignKey("decisions.PolicyVersion", on_delete=models.PROTECT, related_name="+")
    document = models.TextField(help_text="canonical JSON of all sections")
    valid_from = models.DateField()
    reason = models.TextField()
    origin = models.CharField(max_length=7, choices=DraftOrigin.choices, default=DraftOrigin.LATEST)
    origin_id = models.UUIDField(null=True, help_text="the version that the document was taken from")
    status = models.CharField(max_length=9, choices=DraftStatus.choices, default=DraftStatus.OPEN)
    author_id = models.UUIDField()
    author_name = models.CharField(max_length=100)
    editor_ids = ArrayField(models.UUIDField(), default=list, help_text="who has changed it, the first first")
    ended_by_id = models.UUIDField(null=True)
    ended_by_name = models.CharField(max_length=100, blank=True)
    published = models.ForeignKey(
        "decisions.PolicyVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="published", published__isnull=False)
                | (~models.Q(status="published") & models.Q(published__isnull=True)),
                name="draft_published_has_version",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="published")
                | (models.Q(ended_by_id__isnull=False) & ~models.Q(ended_by_id=models.F("author_id"))),
                name="draft_four_eyes",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="published")
                | ~models.Q(editor_ids__contains=[models.F("ended_by_id")]),
                name="draft_published_by_no_editor",
            ),
        ]
        indexes = [models.Index(fields=["company", "status", "-updated_at"], name="draft_open")]


class Stance(models.TextChoices):
    """What somebody who was heard about a draft thinks of it."""

    AGREE = "agree", "agrees"
    OBJECT = "object", "objects"
    REMARK = "remark", "remarks"


class PolicyRemark(CompanyRow):
    """What somebody says about a draft before it is published: sales has its say, whoever publishes reads it."""

    is_append_only: ClassVar[bool] = True

    draft = models.ForeignKey(PolicyDraft, on_delete=models.PROTECT, related_name="+")
    draft_version = models.PositiveIntegerField()
    stance = models.CharField(max_length=6, choices=Stance.choices)
    text = models.TextField()
    author_id = models.UUIDField()
    author_name = models.CharField(max_length=100)
    roles = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["draft", "recorded_at"], name="remark_by_draft")]
