"""Invoices, credit notes and their instalments: the unit of overdue, dunning and matching."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.apps.receivables.adjustment_models import Adjustment, AdjustmentKind, AdjustmentStatus
from tradecredit.apps.receivables.bill_models import (
    AcceptorClass,
    Bill,
    BillEvent,
    BillKind,
    BillStatus,
    InvoiceSource,
    SourceKind,
)
from tradecredit.apps.receivables.confirmation_models import (
    AccountStatement,
    AccountStatementLine,
    AccountStatementProof,
    ConfirmationStatus,
    LineAnswer,
)
from tradecredit.apps.receivables.contract_models import (
    BuyerClass,
    Contract,
    ContractEvent,
    ContractLine,
    ContractStatus,
    ScheduleKind,
)
from tradecredit.apps.receivables.period_models import PeriodClose
from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow

__all__ = [
    "AcceptorClass",
    "AccountStatement",
    "AccountStatementLine",
    "AccountStatementProof",
    "Adjustment",
    "AdjustmentKind",
    "AdjustmentStatus",
    "Bill",
    "BillEvent",
    "BillKind",
    "BillStatus",
    "BuyerClass",
    "ConfirmationStatus",
    "Contract",
    "ContractEvent",
    "ContractLine",
    "ContractStatus",
    "Dispute",
    "Instalment",
    "Invoice",
    "InvoiceCorrection",
    "InvoiceKind",
    "InvoiceNature",
    "InvoiceSource",
    "LineAnswer",
    "PeriodClose",
    "ScheduleKind",
    "SourceKind",
]


class InvoiceKind(models.TextChoices):
    """What the document does to the debt."""

    INVOICE = "invoice", "invoice"
    CREDIT_NOTE = "credit_note", "credit note"


class InvoiceNature(models.TextChoices):
    """What a document is for: only a sale counts as credit sales, only a write-off is a loss."""

    SALE = "sale", "sale"
    INTEREST = "interest", "interest on late payment"
    FEE = "fee", "fee"
    OPENING = "opening", "opening balance"
    RECOVERY = "recovery", "written off, and owed again"
    CREDIT = "credit", "credit note"
    RED_LETTER = "red_letter", "red-letter invoice (红字发票)"
    WRITE_OFF = "write_off", "write-off (坏账核销)"
    DEDUCTION = "deduction", "accepted deduction"
    SET_OFF = "set_off", "set off against what we owe"


class Invoice(CompanyRow):
    """A document that makes a customer owe us, or owe us less."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=InvoiceKind.choices, default=InvoiceKind.INVOICE)
    nature = models.CharField(
        max_length=10, choices=InvoiceNature.choices, default=InvoiceNature.SALE, db_default="sale"
    )
    number = models.CharField(max_length=64)
    invoice_date = models.DateField()
    currency = CurrencyField()
    amount = AmountField()
    order_number = models.CharField(max_length=64, blank=True)
    contract_number = models.CharField(max_length=64, blank=True)
    salesperson = models.CharField(max_length=100, blank=True)
    refers_to = models.CharField(max_length=64, blank=True, help_text="the invoice a credit note corrects")
    source = models.CharField(max_length=100, blank=True)
    content_hash = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "kind", "number"], name="invoice_number_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="invoice_amount_positive"),
        ]
        indexes = [
            models.Index(fields=["customer", "invoice_date"], name="invoice_by_customer"),
            models.Index(fields=["company", "order_number"], name="invoice_by_order"),
            models.Index(
                fields=["company", "contract_number"],
                condition=~models.Q(contract_number=""),
                name="invoice_by_contract",
            ),
            models.Index(
                fields=["company", "refers_to"],
                condition=~models.Q(refers_to=""),
                name="invoice_by_correction",
            ),
            models.Index(
                fields=["company", "nature", "invoice_date"],
                condition=~models.Q(nature="sale"),
                name="invoice_by_nature",
            ),
        ]


class Instalment(CompanyRow):
    """A schedule line: an amount due on a day. Of a credit note: the amount available to set off."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="instalments")
    line = models.PositiveSmallIntegerField(default=1)
    due_date = models.DateField()
    currency = CurrencyField()
    amount = AmountField()
    settled_amount = AmountField(default=0, help_text="sum of the allocations to date; verified nightly")
    settled_on = models.DateField(null=True, help_text="the day it became fully settled")
    disputed_amount = AmountField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "line"], name="instalment_line_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="instalment_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(settled_amount__gte=0, settled_amount__lte=models.F("amount")),
                name="instalment_settled_within_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(disputed_amount__gte=0, disputed_amount__lte=models.F("amount")),
                name="instalment_disputed_within_amount",
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "customer", "due_date"],
                condition=models.Q(settled_amount__lt=models.F("amount")),
                name="instalment_open",
            ),
            models.Index(fields=["company", "due_date"], name="instalment_by_due"),
        ]


class Dispute(CompanyRow):
    """A customer contests an amount of one instalment."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="+")
    amount = AmountField()
    currency = CurrencyField()
    reason_code = models.CharField(max_length=32)
    text = models.TextField(blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True, help_text="when its end was recorded")
    resolution = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="dispute_amount_positive"),
            models.UniqueConstraint(
                fields=["instalment"],
                condition=models.Q(closed_on__isnull=True),
                name="dispute_open_once_a_line",
            ),
        ]


class InvoiceCorrection(CompanyRow):
    """What an invoice said before it was corrected by a later file."""

    is_append_only: ClassVar[bool] = True

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="+")
    before = models.TextField()
    after = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)
