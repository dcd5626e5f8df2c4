"""What lies beside a request: files, the answers to its form, and the links under which it may be decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.models import CompanyRow


class Attachment(CompanyRow):
    """A file of a request: named by its content, seen by whoever sees the request."""

    is_append_only: ClassVar[bool] = True

    request = models.ForeignKey("approvals.ApprovalRequest", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=100)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "sha256"], name="attachment_once_a_request")
        ]


class FilledForm(CompanyRow):
    """A form as it was filled in, with the fields that it had then; filling it in again is a new row."""

    is_append_only: ClassVar[bool] = True

    request = models.ForeignKey("approvals.ApprovalRequest", on_delete=models.PROTECT, related_name="+")
    form = models.TextField(help_text="canonical JSON: the form as it was published")
    answers = models.TextField(help_text="canonical JSON: values by the names of the fields")
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=100)
    filled_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["request", "filled_at"], name="form_of_request")]


class DecisionLink(CompanyRow):
    """A way for one person to decide one step once, out of a mail or a chat; of its token only the digest is kept."""

    request = models.ForeignKey("approvals.ApprovalRequest", on_delete=models.PROTECT, related_name="+")
    step = models.ForeignKey("approvals.FlowStep", null=True, on_delete=models.PROTECT, related_name="+")
    user_id = models.UUIDField()
    channel = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "user_id", "channel"],
                condition=models.Q(step__isnull=False),
                name="link_once_a_step_and_person",
            )
        ]
