"""Statements of account (对账单/询证函) sent to customers, and what they answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow


class ConfirmationStatus(models.TextChoices):
    """Where a statement of account stands."""

    SENT = "sent", "sent"
    CONFIRMED = "confirmed", "confirmed"
    DISAGREED = "disagreed", "disagreed"
    WITHDRAWN = "withdrawn", "withdrawn"


class LineAnswer(models.TextChoices):
    """What the customer says of one line."""

    NONE = "", "nothing"
    AGREED = "agreed", "agreed"
    DISAGREED = "disagreed", "disagreed"


class AccountStatement(CompanyRow):
    """What one customer owes on a day, frozen as it was sent; only the digest of its token is kept."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    as_of = models.DateField()
    language = models.CharField(max_length=16, default="zh-hans")
    recipient = models.CharField(max_length=254, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    status = models.CharField(
        max_length=9, choices=ConfirmationStatus.choices, default=ConfirmationStatus.SENT
    )
    totals = models.JSONField(help_text="[{currency, open, overdue, unapplied, credits}] as text")
    content_hash = models.CharField(max_length=64)
    seen_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=100, blank=True)
    answer_text = models.TextField(blank=True)
    promised_date = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="statement_number_once")]
        indexes = [models.Index(fields=["company", "status", "as_of"], name="account_statement_by_status")]


class AccountStatementLine(CompanyRow):
    """One open item on a statement of account, and the customer's word on it."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey(AccountStatement, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    instalment = models.ForeignKey(
        "receivables.Instalment", null=True, on_delete=models.PROTECT, related_name="+"
    )
    document = models.CharField(max_length=80)
    document_date = models.DateField()
    due_date = models.DateField(null=True)
    currency = CurrencyField()
    amount = AmountField()
    open_amount = AmountField(help_text="negative: cash or a credit note that waits")
    answer = models.CharField(max_length=9, choices=LineAnswer.choices, blank=True)
    answered_amount = AmountField(null=True, help_text="what the customer says is owed")
    answer_text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "position"], name="statement_line_once"),
        ]


class AccountStatementProof(CompanyRow):
    """A file that the customer sent along with the answer."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey(AccountStatement, on_delete=models.PROTECT, related_name="proofs")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
