"""What was said to customers about money due, exactly once each."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tradecredit.apps.collections.agreement_models import InstalmentPlan, LetterProof, OptOut, PlanLine
from tradecredit.apps.collections.case_models import ActionPlan, ActionStep, Case, CaseEvent, Channel
from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow

__all__ = [
    "ActionPlan",
    "ActionStep",
    "Case",
    "CaseEvent",
    "Channel",
    "InstalmentPlan",
    "Letter",
    "LetterProof",
    "Notice",
    "OptOut",
    "PlanLine",
    "Promise",
]


class Letter(CompanyRow):
    """A reminder or letter with its numbers frozen at issue."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64, unique=True)
    stage = models.CharField(max_length=32)
    kind = models.CharField(max_length=16, help_text="reminder, letter")
    language = models.CharField(max_length=16)
    recipient = models.CharField(max_length=254, blank=True)
    currency = CurrencyField()
    total = AmountField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    items = models.JSONField(
        help_text="[{invoice, instalment, due_date, days_overdue, amount}] with amounts as text"
    )
    content_hash = models.CharField(max_length=64)
    status = models.CharField(
        max_length=8, default="pending", help_text="draft, pending, sent, dropped, failed"
    )
    dropped_because = models.TextField(blank=True)
    as_of = models.DateField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    trial = models.CharField(
        max_length=64, blank=True, db_default="", help_text="the trial of strategies it is part of"
    )
    arm = models.CharField(max_length=10, blank=True, db_default="", help_text="champion, challenger")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(trial="", arm="")
                | (~models.Q(trial="") & models.Q(arm__in=["champion", "challenger"])),
                name="letter_arm_of_a_trial",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "created_at"], name="letter_by_time"),
            models.Index(fields=["company", "as_of"], name="letter_by_day"),
            # Letters are long: when a customer had its latest is told without reading them.
            models.Index(
                fields=["customer", "company", "as_of"],
                condition=models.Q(kind="letter"),
                name="letter_latest",
            ),
        ]


class Notice(CompanyRow):
    """One instalment was spoken of at one stage; there is never a second."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    instalment = models.ForeignKey("receivables.Instalment", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=32)
    letter = models.ForeignKey(Letter, null=True, on_delete=models.PROTECT, related_name="+")
    open_amount = AmountField()
    currency = CurrencyField()
    days_overdue = models.IntegerField()
    as_of = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instalment", "stage"], name="notice_once_a_stage"),
        ]
        indexes = [models.Index(fields=["customer", "as_of"], name="notice_by_customer")]


class Promise(CompanyRow):
    """A customer promised to pay an amount by a day; until then nobody writes about the items it covers."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    instalment_ids = ArrayField(
        models.UUIDField(), default=list, help_text="empty: every item of the customer"
    )
    amount = AmountField()
    currency = CurrencyField()
    promised_date = models.DateField()
    made_on = models.DateField()
    text = models.TextField(blank=True)
    withdrawn_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="promise_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(promised_date__gte=models.F("made_on")), name="promise_looks_ahead"
            ),
        ]
        indexes = [models.Index(fields=["customer", "promised_date"], name="promise_by_customer")]
