"""Our bank accounts, their statements, and each line once however many statements show it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow


class BankAccount(CompanyRow):
    """One account of the company in one currency; ``number`` is compared by letters and digits only."""

    number = models.CharField(max_length=64)
    number_key = models.CharField(max_length=64)
    currency = CurrencyField()
    name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number_key", "currency"], name="bank_account_once"),
        ]


class BankStatement(CompanyRow):
    """A statement as it came; ``difference`` is closing less opening less movements."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    format = models.CharField(max_length=16)
    profile = models.CharField(max_length=64, blank=True)
    number = models.CharField(max_length=200, blank=True)
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)
    opening_amount = AmountField(null=True)
    closing_amount = AmountField(null=True)
    credit_amount = AmountField()
    debit_amount = AmountField()
    entries = models.PositiveIntegerField()
    pending = models.PositiveIntegerField(default=0)
    difference = AmountField(null=True)
    is_balanced = models.BooleanField(null=True)
    content_hash = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    notes_zh = models.TextField(blank=True)
    notes_en = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "content_hash"], name="bank_statement_once"),
        ]
        indexes = [models.Index(fields=["company", "-recorded_at"], name="bank_statement_latest")]


class LineStatus(models.TextChoices):
    """What became of a line."""

    MATCHED = "matched", "its payment settles receivables"
    SUGGESTED = "suggested", "the customer is known, what it pays is not certain"
    UNIDENTIFIED = "unidentified", "nobody knows who paid"
    HELD = "held", "the statement does not add up, or the line may be known already"
    RETURNED = "returned", "took an earlier payment back"
    REFUND = "refund", "paid back to a customer; a person says out of what"
    OUTGOING = "outgoing", "none of the receivables' business"
    DISMISSED = "dismissed", "a person said it is not a receipt"


class BankLine(CompanyRow):
    """One transaction on an account, recorded once: equal ones are told apart by their count."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("dossier.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(
        "cash_application.Payment", null=True, on_delete=models.PROTECT, related_name="+"
    )
    fingerprint = models.CharField(max_length=64, help_text="of the entry; the parts of a batch share it")
    occurrence = models.PositiveIntegerField()
    part = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=12)
    status = models.CharField(max_length=12, choices=LineStatus.choices)
    booking_date = models.DateField()
    value_date = models.DateField(null=True)
    currency = CurrencyField()
    amount = AmountField(help_text="above zero for money coming in")
    original_currency = CurrencyField(blank=True)
    original_amount = AmountField(null=True)
    counterparty = models.CharField(max_length=200, blank=True)
    counterparty_account = models.CharField(max_length=64, blank=True)
    text = models.TextField(blank=True)
    bank_reference = models.CharField(max_length=140, blank=True)
    end_to_end = models.CharField(max_length=140, blank=True)
    format = models.CharField(max_length=16)
    reason_zh = models.TextField(blank=True)
    reason_en = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    decided_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "fingerprint", "occurrence", "part"], name="bank_line_once"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "booking_date"], name="bank_line_by_day"),
            models.Index(fields=["company", "status"], name="bank_line_by_status"),
            models.Index(fields=["account", "counterparty_account"], name="bank_line_by_payer"),
        ]


class BankSighting(CompanyRow):
    """A statement showed a line, at this place of it."""

    is_append_only: ClassVar[bool] = True

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    is_first = models.BooleanField(help_text="the line was recorded from this statement")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "position"], name="bank_sighting_place"),
        ]
        indexes = [models.Index(fields=["line"], name="bank_sighting_by_line")]


class PaymentReturn(CompanyRow):
    """Money of a payment that left the account again: a returned debit or transfer, or a refund."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey("cash_application.Payment", on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(BankLine, null=True, on_delete=models.PROTECT, related_name="+")
    currency = CurrencyField()
    amount = AmountField()
    effective_date = models.DateField()
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_return_positive"),
            models.UniqueConstraint(
                fields=["line"], condition=models.Q(line__isnull=False), name="payment_return_once_a_line"
            ),
        ]
        indexes = [models.Index(fields=["payment"], name="payment_return_by_payment")]
