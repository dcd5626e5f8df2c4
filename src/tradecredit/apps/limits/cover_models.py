"""Cover: what stands behind a customer's debt for a time, and from when it counts."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow


class CoverKind(models.TextChoices):
    """What kind of cover it is; policy says what each kind does to the line."""

    GUARANTEE = "guarantee", "guarantee"
    INSURANCE = "insurance", "credit insurance"
    COLLATERAL = "collateral", "collateral"
    DEPOSIT = "deposit", "deposit or retention"


class CoverStatus(models.TextChoices):
    """A cover counts only while it is active, and within its validity."""

    WAITING = "waiting", "documents are missing"
    ACTIVE = "active", "active"
    WITHDRAWN = "withdrawn", "withdrawn"


class Cover(CompanyRow):
    """A guarantee, an insured limit, a mortgage or a deposit, with what is cut off its amount."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=CoverKind.choices)
    provider = models.CharField(max_length=200, help_text="the guarantor, the insurer, the owner")
    currency = CurrencyField()
    amount = AmountField()
    haircut_share = models.DecimalField(max_digits=6, decimal_places=4, default=0)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="the first day on which it no longer counts")
    notify_days = models.PositiveSmallIntegerField(
        null=True, help_text="insurance: days after the due day within which the insurer must hear of it"
    )
    documents_required = ArrayField(models.CharField(max_length=100), default=list)
    documents_received = ArrayField(models.CharField(max_length=100), default=list)
    status = models.CharField(max_length=9, choices=CoverStatus.choices, default=CoverStatus.WAITING)
    activated_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    note = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64)
    recorded_by_id = models.UUIDField()
    activated_by_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="cover_number_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="cover_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(haircut_share__gte=0, haircut_share__lte=1), name="cover_haircut_is_share"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="cover_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="active")
                | models.Q(
                    activated_on__isnull=False, documents_received__contains=models.F("documents_required")
                ),
                name="cover_active_with_documents",
            ),
        ]
        indexes = [models.Index(fields=["company", "customer", "currency"], name="cover_by_customer")]
