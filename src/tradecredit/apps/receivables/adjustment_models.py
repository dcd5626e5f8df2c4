"""Claims to reduce what is owed without money: asked for by one person, decided by another."""

from __future__ import annotations

from django.db import models

from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow


class AdjustmentKind(models.TextChoices):
    """Why an open amount becomes less (or what was written off comes back)."""

    WRITE_OFF = "write_off", "write-off of a bad debt (坏账核销)"
    DEDUCTION = "deduction", "accepted deduction (扣款)"
    SET_OFF = "set_off", "set off against what we owe the customer (抵销)"
    RECOVERY = "recovery", "recovery of a written-off debt (坏账收回)"


class AdjustmentStatus(models.TextChoices):
    """Where a claim stands."""

    OPEN = "open", "open"
    POSTED = "posted", "posted"
    REJECTED = "rejected", "rejected"


class Adjustment(CompanyRow):
    """A reduction of one instalment with its reason, and the document that it became."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    instalment = models.ForeignKey("receivables.Instalment", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=AdjustmentKind.choices)
    number = models.CharField(max_length=64, help_text="the number of the document that it becomes")
    amount = AmountField()
    currency = CurrencyField()
    reason_code = models.CharField(max_length=32)
    text = models.TextField(blank=True)
    counter_document = models.CharField(max_length=64, blank=True, help_text="what a set-off is set off with")
    status = models.CharField(max_length=8, choices=AdjustmentStatus.choices, default=AdjustmentStatus.OPEN)
    requested_by_id = models.UUIDField(null=True)
    requested_by_name = models.CharField(max_length=100)
    requested_at = models.DateTimeField()
    decided_by_id = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)
    posted_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="adjustment_number_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="adjustment_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(decided_by_id__isnull=True)
                | ~models.Q(decided_by_id=models.F("requested_by_id")),
                name="adjustment_four_eyes",
            ),
        ]
        indexes = [models.Index(fields=["company", "status"], name="adjustment_by_status")]
