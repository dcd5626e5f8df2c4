"""Orders and deliveries as far as credit is concerned."""

from __future__ import annotations

from django.db import models

from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow


class OrderStatus(models.TextChoices):
    """Where an order stands with credit control."""

    HELD = "held", "held"
    RELEASED = "released", "released"
    DELIVERED = "delivered", "delivered"
    INVOICED = "invoiced", "invoiced"
    CLOSED = "closed", "closed"
    CANCELLED = "cancelled", "cancelled"
    REJECTED = "rejected", "rejected"
    EXPIRED = "expired", "expired"


class Order(CompanyRow):
    """An order under its reference; amounts delivered and invoiced never exceed what moved."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=64)
    order_date = models.DateField()
    requested_date = models.DateField(null=True)
    currency = CurrencyField()
    amount = AmountField()
    delivered_amount = AmountField(default=0)
    invoiced_amount = AmountField(default=0)
    terms_days = models.PositiveSmallIntegerField(null=True)
    salesperson = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=10, choices=OrderStatus.choices)
    is_opening = models.BooleanField(default=False, help_text="came in open, without a verdict of ours")
    decision_id = models.UUIDField(null=True, help_text="the latest decision")
    held_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "reference"], name="order_reference_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="order_amount_not_negative"),
            models.CheckConstraint(
                condition=models.Q(delivered_amount__gte=0, invoiced_amount__gte=0),
                name="order_parts_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "held_at"], condition=models.Q(status="held"), name="order_held"),
            models.Index(fields=["customer", "order_date"], name="order_by_customer"),
        ]


class Delivery(CompanyRow):
    """Goods that left for an order."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="deliveries")
    number = models.CharField(max_length=64)
    delivery_date = models.DateField()
    currency = CurrencyField()
    amount = AmountField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="delivery_number_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="delivery_amount_positive"),
        ]
