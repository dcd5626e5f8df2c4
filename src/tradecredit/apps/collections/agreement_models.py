"""What was agreed with customers and what they wish: instalment plans, opt-outs, and proof of what reached them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow


class InstalmentPlan(CompanyRow):
    """A customer pays what it owes in parts on agreed days; whether it is kept follows from what was paid."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    instalment_ids = ArrayField(
        models.UUIDField(), default=list, help_text="empty: all that was due on the day"
    )
    currency = CurrencyField()
    amount = AmountField()
    agreed_on = models.DateField()
    accelerates_after_days = models.PositiveSmallIntegerField(
        default=0, help_text="a part so many days late makes all the rest due"
    )
    acknowledges_debt = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    ended_on = models.DateField(null=True)
    ended_because = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="instalment_plan_number_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="instalment_plan_positive"),
            models.UniqueConstraint(
                fields=["company", "customer", "currency"],
                condition=models.Q(ended_on__isnull=True),
                name="instalment_plan_runs_once",
            ),
        ]


class PlanLine(CompanyRow):
    """One part of an instalment plan."""

    plan = models.ForeignKey(InstalmentPlan, on_delete=models.PROTECT, related_name="lines")
    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    due_date = models.DateField()
    amount = AmountField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="plan_line_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="plan_line_positive"),
        ]


class LetterProof(CompanyRow):
    """That a letter left, arrived, was signed for or came back, with the reference that proves it."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey("collections.Letter", on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=12, help_text="dispatched, delivered, signed, read, returned")
    way = models.CharField(max_length=16, help_text="courier, registered, mail, by_hand, message")
    reference = models.CharField(max_length=100, blank=True)
    day = models.DateField()
    text = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "kind", "day"], name="letter_proof_once"),
        ]


class OptOut(CompanyRow):
    """A customer, or one of its instalments, is not to be written to, on any channel, until somebody ends it."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    instalment = models.ForeignKey(
        "receivables.Instalment", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=200)
    since = models.DateField()
    ends_on = models.DateField(null=True, help_text="the first day on which it no longer holds by itself")
    ended_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "customer", "instalment"],
                condition=models.Q(ended_on__isnull=True),
                nulls_distinct=False,
                name="opt_out_once",
            )
        ]
