"""Bills of exchange received (承兑汇票) and what an invoice bills, source by source."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow


class SourceKind(models.TextChoices):
    """What a part of an invoice bills."""

    ORDER = "order", "an order"
    DELIVERY = "delivery", "a delivery"
    USAGE = "usage", "a usage of consignment stock"


class InvoiceSource(CompanyRow):
    """An amount of an invoice that bills one order, delivery or usage; without rows its order number says it all."""

    invoice = models.ForeignKey("receivables.Invoice", on_delete=models.PROTECT, related_name="sources")
    kind = models.CharField(max_length=8, choices=SourceKind.choices)
    number = models.CharField(max_length=64)
    amount = AmountField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "kind", "number"], name="invoice_source_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="invoice_source_positive"),
        ]
        indexes = [models.Index(fields=["company", "kind", "number"], name="invoice_source_by_number")]


class BillKind(models.TextChoices):
    """Who has accepted the bill."""

    BANK = "bank", "banker's acceptance"
    COMMERCIAL = "commercial", "commercial acceptance"
    FINANCE_COMPANY = "finance_company", "finance company's acceptance"


class AcceptorClass(models.TextChoices):
    """How good the acceptor is, as the trade speaks of it."""

    STATE_BANK = "state_bank", "state-owned or joint-stock bank (国股)"
    CITY_BANK = "city_bank", "city commercial bank (城商)"
    RURAL_BANK = "rural_bank", "rural commercial bank (农商)"
    FINANCE_COMPANY = "finance_company", "finance company (财务公司)"
    COMMERCIAL = "commercial", "company (商票)"


class BillStatus(models.TextChoices):
    """What has become of the bill; the last five are ends."""

    HELD = "held", "held"
    PLEDGED = "pledged", "pledged"
    ENDORSED = "endorsed", "endorsed with recourse"
    DISCOUNTED = "discounted", "discounted with recourse"
    SOLD = "sold", "passed on without recourse"
    COLLECTED = "collected", "collected"
    LAPSED = "lapsed", "recourse lapsed"
    DISHONOURED = "dishonoured", "dishonoured"
    SPLIT = "split", "split into parts"


class Bill(CompanyRow):
    """A bill that a customer gave in payment; it counts by its acceptor and by what was done with it.

    A part of a package is a bill of its own: ``package`` is the bill as it was received, ``first_unit`` where its range
    begins (its amount says where it ends).
    """

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=BillKind.choices)
    acceptor = models.CharField(max_length=200)
    acceptor_class = models.CharField(max_length=16, choices=AcceptorClass.choices)
    drawer = models.CharField(max_length=200, blank=True)
    currency = CurrencyField()
    amount = AmountField()
    issue_date = models.DateField()
    received_on = models.DateField()
    due_date = models.DateField()
    status = models.CharField(max_length=12, choices=BillStatus.choices, default=BillStatus.HELD)
    passed_to = models.CharField(
        max_length=200, blank=True, help_text="the endorsee, the bank or the pledgee"
    )
    invoice_number = models.CharField(max_length=64, blank=True)
    order_number = models.CharField(max_length=64, blank=True)
    package = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    first_unit = models.BigIntegerField(null=True, help_text="of a package: units of 0.01, numbered from 1")
    source = models.CharField(max_length=100, blank=True)
    content_hash = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="bill_number_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="bill_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(due_date__gt=models.F("issue_date")), name="bill_due_after_issue"
            ),
            models.CheckConstraint(
                condition=models.Q(first_unit__gt=0)
                | models.Q(first_unit__isnull=True, package__isnull=True),
                name="bill_range_of_package",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "due_date"], name="bill_by_customer"),
            models.Index(fields=["company", "status", "due_date"], name="bill_by_status"),
        ]


class BillEvent(CompanyRow):
    """One step in the life of a bill; never changed."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="events")
    status = models.CharField(max_length=12, choices=BillStatus.choices)
    day = models.DateField()
    counterparty = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["bill", "recorded_at"], name="bill_event_by_bill")]
