"""Ratings: each with the facts, the model and the cause that made it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.models import CompanyRow


class Rating(CompanyRow):
    """A customer's score and grade from a day on; the latest one is in force. Never changed."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    model_name = models.CharField(max_length=64)
    policy_version_id = models.UUIDField()
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    score_low = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    score_high = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    completeness = models.DecimalField(max_digits=5, decimal_places=2)
    suggested_grade = models.CharField(max_length=32)
    grade = models.CharField(max_length=32)
    is_high_risk = models.BooleanField(default=False)
    result = models.TextField(help_text="canonical JSON of the whole result, parts and sentences")
    inputs = models.TextField(help_text="canonical JSON of the attribute values with their sources")
    old_grade = models.CharField(max_length=32, blank=True)
    old_score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    cause = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        indexes = [
            models.Index(fields=["company", "customer", "-as_of", "-recorded_at"], name="rating_latest")
        ]


class RatingOverride(CompanyRow):
    """A person's grade beside the system's: with reason, expiry and a second person's approval."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=32)
    reason = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    requested_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(requested_by=models.F("approved_by")), name="override_four_eyes"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__gt=models.F("valid_from")), name="override_ends_after_it_begins"
            ),
        ]
