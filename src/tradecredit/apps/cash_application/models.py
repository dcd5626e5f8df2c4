"""Payments and which instalments they settle."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.apps.cash_application.bank_models import (
    BankAccount,
    BankLine,
    BankSighting,
    BankStatement,
    LineStatus,
    PaymentReturn,
)
from tradecredit.apps.cash_application.match_models import MatchEnd, MatchOutcome, MatchSuggestion
from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow

__all__ = [
    "Allocation",
    "AllocationMethod",
    "BankAccount",
    "BankLine",
    "BankSighting",
    "BankStatement",
    "LineStatus",
    "MatchEnd",
    "MatchOutcome",
    "MatchSuggestion",
    "Payment",
    "PaymentReturn",
]


class Payment(CompanyRow):
    """Money received; what is not allocated stands on account."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    payment_date = models.DateField()
    currency = CurrencyField()
    amount = AmountField()
    allocated_amount = AmountField(default=0, help_text="sum of the allocations to date; verified nightly")
    returned_amount = AmountField(
        default=0, db_default=0, help_text="what left the account again; verified nightly"
    )
    invoice_number = models.CharField(max_length=64, blank=True)
    order_number = models.CharField(max_length=64, blank=True, help_text="earmarked for this order only")
    earmark_ended_at = models.DateTimeField(null=True)
    bill = models.OneToOneField("receivables.Bill", null=True, on_delete=models.PROTECT, related_name="+")
    payer = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    source = models.CharField(max_length=100, blank=True)
    content_hash = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="payment_number_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(
                    allocated_amount__gte=0,
                    returned_amount__gte=0,
                    allocated_amount__lte=models.F("amount") - models.F("returned_amount"),
                ),
                name="payment_allocated_within_amount",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "payment_date"], name="payment_by_customer"),
            models.Index(
                fields=["company", "order_number"],
                condition=~models.Q(order_number=""),
                name="payment_by_order",
            ),
        ]


class AllocationMethod(models.TextChoices):
    """How a match was found."""

    REFERENCE = "reference", "invoice number given"
    EXACT = "exact", "the amount fits one item only"
    FIFO = "fifo", "oldest due first"
    MANUAL = "manual", "a person"
    CREDIT_NOTE = "credit_note", "set off against a credit note"
    REVERSAL = "reversal", "undone"


class Allocation(CompanyRow):
    """An amount of a payment (or credit note) settles an amount of an instalment; undone by a reverse row."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="+")
    credit_instalment = models.ForeignKey(
        "receivables.Instalment", null=True, on_delete=models.PROTECT, related_name="+"
    )
    instalment = models.ForeignKey("receivables.Instalment", on_delete=models.PROTECT, related_name="+")
    currency = CurrencyField()
    amount = AmountField(help_text="positive; negative in a reverse row")
    effective_date = models.DateField()
    method = models.CharField(max_length=12, choices=AllocationMethod.choices)
    explanation_zh = models.TextField(blank=True)
    explanation_en = models.TextField(blank=True)
    reverses = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(payment__isnull=False, credit_instalment__isnull=True)
                | models.Q(payment__isnull=True, credit_instalment__isnull=False),
                name="allocation_from_one_source",
            ),
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=True, amount__gt=0)
                | models.Q(reverses__isnull=False, amount__lt=0),
                name="allocation_sign",
            ),
            models.UniqueConstraint(
                fields=["reverses"],
                condition=models.Q(reverses__isnull=False),
                name="allocation_reversed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["instalment", "effective_date"], name="allocation_by_instalment"),
            models.Index(fields=["payment"], name="allocation_by_payment"),
        ]
