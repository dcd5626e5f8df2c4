"""Policy in force, and every verdict with the facts it rests on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow


class PolicyVersion(CompanyRow):
    """A whole policy pack as published for a company from a day on. Superseded, never edited."""

    is_append_only: ClassVar[bool] = True

    pack = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    document = models.TextField(help_text="canonical JSON of all sections")
    sha256 = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    published_by_id = models.UUIDField()
    approved_by_id = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="policy_number_once"),
        ]
        indexes = [models.Index(fields=["company", "-valid_from", "-number"], name="policy_as_of")]


class Decision(CompanyRow):
    """One verdict: request, facts, policy version, outcome, reasons. Never changed."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("exposure.CreditAccount", on_delete=models.PROTECT, related_name="+")
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    control_point = models.CharField(max_length=10)
    reference = models.CharField(max_length=64)
    amount = AmountField()
    currency = CurrencyField()
    as_of = models.DateField()
    facts = models.TextField(help_text="canonical JSON of the request and every fact that was gathered")
    outcome = models.CharField(max_length=8)
    verdict = models.TextField(help_text="canonical JSON of checks, reasons, remedies, deciders")
    headroom_before = AmountField(null=True)
    headroom_after = AmountField(null=True)
    is_committed = models.BooleanField(help_text="False: asked without reserving anything")
    purpose = models.CharField(
        max_length=16, default="check", help_text="check, release, amend, reopen, recheck"
    )
    previous_id = models.UUIDField(null=True, help_text="the decision this one re-examines")
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=100)
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["company", "decided_at"], name="decision_by_time"),
            models.Index(fields=["company", "reference"], name="decision_by_reference"),
            models.Index(fields=["customer", "decided_at"], name="decision_by_customer"),
        ]
