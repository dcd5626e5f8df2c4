"""What the matcher suggests for a line, and what became of its matches: the statistics that it learns from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.fields import AmountField
from tradecredit.plumbing.models import CompanyRow


class MatchSuggestion(CompanyRow):
    """One way to settle receivables with a line, with its evidence; replaced when the line is matched again."""

    line = models.ForeignKey("cash_application.BankLine", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    evidence = models.CharField(max_length=80, help_text="payer/reference/fit/rivals")
    probability = models.DecimalField(max_digits=5, decimal_places=4)
    shares = models.JSONField(help_text="[[instalment, amount], …]")
    gap_amount = AmountField(help_text="above zero: short; below zero: too much")
    gap_reason = models.CharField(max_length=20, blank=True)
    explanation_zh = models.TextField()
    explanation_en = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "rank"], name="match_suggestion_once"),
            models.CheckConstraint(
                condition=models.Q(probability__gt=0, probability__lte=1), name="match_suggestion_probability"
            ),
        ]


class MatchEnd(models.TextChoices):
    """What became of a match."""

    BOOKED = "booked", "booked without a person"
    ACCEPTED = "accepted", "a person accepted it"
    REJECTED = "rejected", "a person chose something else"
    UNDONE = "undone", "booked or accepted, then undone by a person"


class MatchOutcome(CompanyRow):
    """A match with this evidence was booked, accepted, rejected or undone."""

    is_append_only: ClassVar[bool] = True

    line = models.ForeignKey("cash_application.BankLine", on_delete=models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=80)
    probability = models.DecimalField(max_digits=5, decimal_places=4)
    end = models.CharField(max_length=10, choices=MatchEnd.choices)
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        indexes = [
            models.Index(fields=["company", "evidence"], name="match_outcome_by_evidence"),
            models.Index(fields=["line", "recorded_at"], name="match_outcome_by_line"),
        ]
