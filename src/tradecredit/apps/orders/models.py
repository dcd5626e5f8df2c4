"""Orders and deliveries as far as credit is concerned, what holds them and what people let through."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tradecredit.apps.orders.goods_models import GoodsEvent, GoodsEventKind
from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow

__all__ = [
    "Delivery",
    "DeliveryKind",
    "GoodsEvent",
    "GoodsEventKind",
    "HeldDelivery",
    "HeldDeliveryStatus",
    "HoldReview",
    "Order",
    "OrderLine",
    "OrderStatus",
    "Release",
]


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
    MERGED = "merged", "merged: gone back into the order it was split from"


class Order(CompanyRow):
    """An order under its reference; amounts delivered and invoiced never exceed what moved."""

    # Every writer has both parents under its lock, and neither is deleted while orders exist: see ADR 0010.
    company = models.ForeignKey(
        "access.Company", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    customer = models.ForeignKey(
        "dossier.Customer", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    reference = models.CharField(max_length=64)
    order_date = models.DateField()
    requested_date = models.DateField(null=True)
    currency = CurrencyField()
    amount = AmountField()
    delivered_amount = AmountField(default=0)
    invoiced_amount = AmountField(default=0)
    split_of = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="remainders", db_index=False
    )
    apart_amount = AmountField(default=0, help_text="what stands apart from it as remainders")
    terms_days = models.PositiveSmallIntegerField(null=True, help_text="as they were asked for")
    agreed_terms_days = models.PositiveSmallIntegerField(
        null=True, help_text="as they are: what was asked, or what line and grade give; follows the grade"
    )
    first_terms_days = models.PositiveSmallIntegerField(
        null=True, help_text="what was agreed before a lower grade shortened the terms"
    )
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
            models.CheckConstraint(condition=models.Q(apart_amount__gte=0), name="order_apart_not_negative"),
            models.CheckConstraint(
                condition=models.Q(split_of__isnull=True) | models.Q(apart_amount=0),
                name="order_remainder_has_none",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "held_at"], condition=models.Q(status="held"), name="order_held"),
            models.Index(fields=["customer", "order_date"], name="order_by_customer"),
            models.Index(
                fields=["split_of"], condition=models.Q(split_of__isnull=False), name="order_remainders"
            ),
        ]


class DeliveryKind(models.TextChoices):
    """Goods sold leave for good; consignment stock stays ours until it is used."""

    SALE = "sale", "sold"
    CONSIGNMENT = "consignment", "to a consignment stock"


class Delivery(CompanyRow):
    """Goods that left for an order."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="deliveries")
    number = models.CharField(max_length=64)
    kind = models.CharField(max_length=11, choices=DeliveryKind.choices, default=DeliveryKind.SALE)
    delivery_date = models.DateField()
    currency = CurrencyField()
    amount = AmountField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="delivery_number_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="delivery_amount_positive"),
        ]


class OrderLine(CompanyRow):
    """One line of an order, where the caller gives lines: item, quantity, amount."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=500, blank=True)
    quantity = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    amount = AmountField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "line"], name="order_line_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="order_line_not_negative"),
        ]


class HeldDeliveryStatus(models.TextChoices):
    """Where a delivery stands that did not pass."""

    HELD = "held", "held"
    RELEASED = "released", "released: the goods have left"
    REJECTED = "rejected", "rejected"
    WITHDRAWN = "withdrawn", "withdrawn"


class HeldDelivery(CompanyRow):
    """A delivery that was stopped: it occupies nothing of its own, its order goes on counting."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="held_deliveries")
    number = models.CharField(max_length=64)
    delivery_date = models.DateField()
    currency = CurrencyField()
    amount = AmountField()
    status = models.CharField(
        max_length=9, choices=HeldDeliveryStatus.choices, default=HeldDeliveryStatus.HELD
    )
    decision_id = models.UUIDField(help_text="the latest decision")
    held_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "number"],
                condition=models.Q(status="held"),
                name="held_delivery_number_once",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="held_delivery_positive"),
        ]
        indexes = [
            models.Index(
                fields=["company", "held_at"], condition=models.Q(status="held"), name="delivery_held"
            )
        ]


class Release(CompanyRow):
    """What people let through although the check did not: how much, how far over, until when, for which steps."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="releases")
    delivery_number = models.CharField(max_length=64, blank=True, help_text="a delivery's release")
    request_id = models.UUIDField(help_text="the question that people answered")
    decision_id = models.UUIDField(help_text="the decision that looked at it once more")
    currency = CurrencyField()
    amount = AmountField(help_text="the whole order as it was released")
    over_amount = AmountField(help_text="how far the release goes over the line")
    over_most = AmountField(null=True, help_text="how far the authority goes; null: without bound")
    tolerance_share = models.DecimalField(max_digits=6, decimal_places=4)
    covers = ArrayField(models.CharField(max_length=16), help_text="later steps: delivery, invoice")
    stops = ArrayField(models.CharField(max_length=64), help_text="the checks that stopped it")
    released_on = models.DateField()
    expires_on = models.DateField(null=True, help_text="the first day on which it no longer holds")
    days_most = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField()
    reason_code = models.CharField(max_length=32, blank=True)
    requested_by_id = models.UUIDField()
    released_by_id = models.UUIDField()
    released_by_name = models.CharField(max_length=100)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="release_has_reason"),
            models.CheckConstraint(
                condition=~models.Q(released_by_id=models.F("requested_by_id")), name="release_four_eyes"
            ),
            models.CheckConstraint(
                condition=models.Q(over_most__isnull=True) | models.Q(over_amount__lte=models.F("over_most")),
                name="release_within_authority",
            ),
            models.CheckConstraint(
                condition=models.Q(days_most__isnull=True)
                | models.Q(
                    expires_on__isnull=False, expires_on__lte=models.F("released_on") + models.F("days_most")
                ),
                name="release_within_days",
            ),
        ]
        indexes = [
            models.Index(fields=["order", "-recorded_at"], name="release_of_order"),
            models.Index(fields=["company", "released_on"], name="release_by_day"),
        ]


class HoldReview(CompanyRow):
    """A later word on a hold or a release: was it right? A later one follows, none is changed."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    decision_id = models.UUIDField()
    was_right = models.BooleanField()
    note = models.TextField(blank=True)
    reviewed_by_id = models.UUIDField()
    reviewed_by_name = models.CharField(max_length=100)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["decision_id", "-recorded_at"], name="review_of_decision")]
