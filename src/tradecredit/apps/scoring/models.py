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


class GradeProposal(CompanyRow):
    """A grade that a person asks for, beside the system's; those whom the authority table names decide. Never changed."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=32)
    system_grade = models.CharField(max_length=32, help_text="what the system said when it was asked for")
    reason = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    requested_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    requested_by_name = models.CharField(max_length=100)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__gt=models.F("valid_from")),
                name="grade_proposal_ends_after_it_begins",
            )
        ]


class RatingReview(CompanyRow):
    """A person looked at a customer's rating on a day; the next look is due from there. Never changed."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    reviewed_on = models.DateField()
    grade = models.CharField(max_length=32)
    note = models.TextField(blank=True)
    reviewed_by_id = models.UUIDField()
    reviewed_by_name = models.CharField(max_length=100)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["company", "customer", "-reviewed_on"], name="review_latest")]


class StatisticalModel(CompanyRow):
    """A learned model as data, with what it was learned from and how it was proven. Never changed: a new number instead."""

    is_append_only: ClassVar[bool] = True

    name = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, help_text="scorecard, boosted or lateness")
    trained_on = models.DateField(help_text="the day up to which the sample was known")
    document = models.TextField(help_text="canonical JSON: model, training, figures, protection")
    sha256 = models.CharField(max_length=64)
    data_digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "name", "number"], name="statistical_model_numbered")
        ]


class ModelPromotion(CompanyRow):
    """From a day on a model is the champion, a challenger, or retired; the latest word holds. Never changed."""

    is_append_only: ClassVar[bool] = True

    model = models.ForeignKey(StatisticalModel, on_delete=models.PROTECT, related_name="+")
    standing = models.CharField(
        max_length=16, choices=[(each, each) for each in ("champion", "challenger", "retired")]
    )
    valid_from = models.DateField()
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)


class Backtest(CompanyRow):
    """Ratings as known on a day against what became of the customers; a quarter's review is written once."""

    is_append_only: ClassVar[bool] = True

    as_of = models.DateField()
    quarter = models.CharField(
        max_length=8, blank=True, help_text="2026Q3, or empty for one asked for by hand"
    )
    document = models.TextField(help_text="canonical JSON of the whole report")
    findings = models.PositiveIntegerField(default=0)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "quarter"], condition=~models.Q(quarter=""), name="backtest_once_a_quarter"
            )
        ]
