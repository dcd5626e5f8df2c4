"""Closed periods: up to which day a company's receivables are shut."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.models import CompanyRow


class PeriodClose(CompanyRow):
    """The books are shut up to a day (included), or open again from it; the latest row holds."""

    is_append_only: ClassVar[bool] = True

    closed_until = models.DateField(help_text="the last day of the closed time")
    is_reopening = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    figures = models.JSONField(default=dict, help_text="open, unapplied and credits by currency on that day")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["company", "-recorded_at"], name="period_close_latest")]
