"""What bureaus were asked and what they said; what customers have consented to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.fields import AmountField
from tradecredit.plumbing.models import CompanyRow
from tradecredit.plumbing.rows import Row


class BureauCall(CompanyRow):
    """One request that was sent to a bureau, without anything secret: what came of it and what it cost."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    path = models.CharField(max_length=200)
    page = models.PositiveIntegerField(default=1)
    attempt = models.PositiveIntegerField(default=1)
    act = models.CharField(max_length=16)
    code = models.CharField(max_length=100, blank=True)
    is_billed = models.BooleanField(default=False)
    cost = AmountField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    called_at = models.DateTimeField()
    called_by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["company", "provider", "-called_at"], name="call_latest")]


class BureauReport(CompanyRow):
    """What came back to one question over all its pages."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    act = models.CharField(max_length=16)
    code = models.CharField(max_length=100, blank=True)
    words = models.JSONField(default=dict)
    is_complete = models.BooleanField(default=False)
    found = models.PositiveIntegerField(default=0)
    unreadable = models.PositiveIntegerField(default=0)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "provider", "kind", "-recorded_at"], name="report_latest")
        ]


class BureauFinding(Row):
    """One thing that a bureau says about a customer; a change or an end is a later row of the same key."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(BureauReport, on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=128)
    values = models.JSONField(default=dict)
    gaps = models.JSONField(default=dict)
    began_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    is_gone = models.BooleanField(default=False, help_text="no longer in a whole answer")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["customer", "provider", "kind", "key", "-recorded_at"], name="finding_latest"
            )
        ]


class RequestState(models.TextChoices):
    """Where a wish for reports stands."""

    WAITING = "waiting", "waiting"
    DONE = "done", "done"
    FAILED = "failed", "failed"


class BureauRequest(CompanyRow):
    """Somebody's wish for fresh reports, answered by the worker so that no page waits for a provider."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=32)
    state = models.CharField(max_length=8, choices=RequestState.choices, default=RequestState.WAITING)
    words = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=100)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "customer", "provider"],
                condition=models.Q(state="waiting"),
                name="request_waits_once",
            )
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=models.Q(state="waiting"), name="request_waiting")
        ]


class ConsentScope(models.TextChoices):
    """What a customer allows to be asked and kept."""

    CREDIT = "credit", "credit reports"
    BANK = "bank", "bank statements and flows"
    IDENTITY = "identity", "identity numbers of people"


class Consent(CompanyRow):
    """What a customer allowed, for what purpose and until when; a withdrawal is a later row that says no."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=16, choices=ConsentScope.choices)
    is_granted = models.BooleanField(default=True)
    purpose = models.CharField(max_length=200, blank=True)
    evidence = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="consent_ends_after_it_begins",
            )
        ]
        indexes = [models.Index(fields=["customer", "scope", "-recorded_at"], name="consent_latest")]
