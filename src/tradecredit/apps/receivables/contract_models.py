"""Contracts with their terms, and the schedule of what they make due."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow


class ContractStatus(models.TextChoices):
    """Where a contract stands; a signed one has its schedule."""

    DRAFT = "draft", "draft"
    IN_REVIEW = "in_review", "with legal"
    REVIEWED = "reviewed", "cleared by legal"
    SIGNED = "signed", "signed"
    ENDED = "ended", "ended"


class BuyerClass(models.TextChoices):
    """What the buyer is, where the law gives small sellers a latest day of payment."""

    OTHER = "other", "other"
    LARGE = "large", "large enterprise (大型企业)"
    PUBLIC = "public", "public body (机关、事业单位)"


class ScheduleKind(models.TextChoices):
    """What makes a part of a contract due."""

    PREPAYMENT = "prepayment", "prepayment"
    INSTALMENT = "instalment", "instalment"
    MILESTONE = "milestone", "milestone"
    RETENTION = "retention", "retention"


class Contract(CompanyRow):
    """An agreement with a customer: its amount, its time, its terms and the clauses that its grade asks for."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    title = models.CharField(max_length=200, blank=True)
    amount = AmountField()
    currency = CurrencyField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    salesperson = models.CharField(max_length=100, blank=True)
    buyer_class = models.CharField(max_length=8, choices=BuyerClass.choices, default=BuyerClass.OTHER)
    is_small_seller = models.BooleanField(default=False, help_text="we sell as a small or medium enterprise")
    interest_daily_rate = models.DecimalField(max_digits=12, decimal_places=8, null=True)
    terms = models.JSONField(help_text="the parts of the schedule, as core/receivables/contracts writes them")
    grade = models.CharField(max_length=16, blank=True)
    template = models.CharField(max_length=64, blank=True)
    clauses = models.JSONField(default=list, help_text="keys of the policy's clauses that stand in it")
    acceleration_days = models.PositiveSmallIntegerField(null=True)
    review_reasons = models.JSONField(default=list, help_text="[{key, zh, en}] why legal has to look")
    status = models.CharField(max_length=9, choices=ContractStatus.choices, default=ContractStatus.DRAFT)
    reviewed_by_id = models.UUIDField(null=True)
    reviewed_by_name = models.CharField(max_length=100, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    review_text = models.TextField(blank=True)
    signed_on = models.DateField(null=True)
    accelerated_on = models.DateField(null=True)
    created_by_id = models.UUIDField(null=True)
    created_by_name = models.CharField(max_length=100)
    content_hash = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="contract_number_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="contract_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="contract_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by_id__isnull=True)
                | ~models.Q(reviewed_by_id=models.F("created_by_id")),
                name="contract_review_four_eyes",
            ),
        ]
        indexes = [models.Index(fields=["company", "valid_to"], name="contract_by_end")]


class ContractLine(CompanyRow):
    """One part of a signed contract's schedule: an amount, what makes it due, and when."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="lines")
    sequence = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=ScheduleKind.choices)
    label = models.CharField(max_length=200, blank=True)
    amount = AmountField()
    currency = CurrencyField()
    days = models.PositiveSmallIntegerField(default=0, help_text="from what makes it due to the due day")
    is_from_month_end = models.BooleanField(default=False)
    reached_on = models.DateField(null=True, help_text="the day on which what makes it due happened")
    due_date = models.DateField(null=True, help_text="unknown until a milestone is reached")
    invoice_number = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "sequence"], name="contract_line_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="contract_line_amount_positive"),
        ]
        indexes = [models.Index(fields=["company", "due_date"], name="contract_line_by_due")]


class ContractEvent(CompanyRow):
    """One step in the life of a contract; never changed."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16)
    day = models.DateField()
    text_zh = models.TextField()
    text_en = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["contract", "recorded_at"], name="contract_event_by_contract")]
