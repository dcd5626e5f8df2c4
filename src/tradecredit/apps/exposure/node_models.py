"""Levels above the credit account (groups, regions, portfolios), their limits and members, and exchange rates.

A node has no balance: its exposure is the sum of its member accounts, taken under the lock of the node's row.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.fields import AmountField, CurrencyField, LimitKind, limit_check
from tradecredit.plumbing.rows import Row


class NodeKind(models.TextChoices):
    """What makes an account a member: being named, a parent above it, or what stands in the customer's dossier."""

    GROUP = "group", "customers that are named"
    FAMILY = "family", "a customer and those below it"
    SALESPERSON = "salesperson", "salesperson"
    DEPARTMENT = "department", "department"
    REGION = "region", "region"
    INDUSTRY = "industry", "industry"
    CONTROLLER = "controller", "ultimate controller"
    PRODUCT_GROUP = "product_group", "product group"
    PORTFOLIO = "portfolio", "every customer"


class Strength(models.TextChoices):
    """Joint: this level must have room beside all others. Single: this level alone decides."""

    JOINT = "joint", "joint"
    SINGLE = "single", "single"


class NodeLimitStatus(models.TextChoices):
    """Where a limit stands; only an approved one counts."""

    OPEN = "open", "open"
    APPROVED = "approved", "approved"
    REJECTED = "rejected", "rejected"


class ControlNode(Row):
    """A level at which exposure is limited; without a company it counts all legal entities together."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=NodeKind.choices)
    value = models.CharField(
        max_length=200, blank=True, help_text="the salesperson, region, … or the family's top customer code"
    )
    company = models.ForeignKey("access.Company", null=True, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    currency = CurrencyField()
    strength = models.CharField(max_length=8, choices=Strength.choices, default=Strength.JOINT)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["group", "product_group", "portfolio"]) | ~models.Q(value=""),
                name="node_says_whom_it_counts",
            ),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="node_not_below_itself"),
        ]
        indexes = [models.Index(fields=["kind", "value"], name="node_by_value")]


class NodeLimit(Row):
    """The limit of a node from a day on, asked for by one person and approved by another."""

    node = models.ForeignKey(ControlNode, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey("access.Company", null=True, on_delete=models.PROTECT, related_name="+")
    limit_kind = models.CharField(max_length=9, choices=LimitKind.choices)
    limit_amount = AmountField(null=True)
    currency = CurrencyField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    status = models.CharField(max_length=8, choices=NodeLimitStatus.choices, default=NodeLimitStatus.OPEN)
    origin = models.CharField(max_length=16, default="approval", help_text="approval or opening")
    reason = models.TextField(blank=True)
    requested_by_id = models.UUIDField()
    requested_by_name = models.CharField(max_length=100)
    decided_by_id = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=100, blank=True)
    recorded_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=limit_check(kind="limit_kind", amount="limit_amount"),
                name="node_limit_is_tagged",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="node_limit_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(origin="opening")
                | models.Q(decided_by_id__isnull=True)
                | ~models.Q(decided_by_id=models.F("requested_by_id")),
                name="node_limit_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(status="open") | models.Q(decided_by_id__isnull=False),
                name="node_limit_decided_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["node", "-valid_from", "-decided_at"], name="node_limit_as_of")]


class NodeMember(Row):
    """A customer named as a member of a node for a time."""

    node = models.ForeignKey(ControlNode, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node", "customer"],
                condition=models.Q(valid_to__isnull=True),
                name="node_member_once",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="node_member_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["customer", "node"], name="node_member_by_customer")]


class ExchangeRate(Row):
    """One unit of a currency in another from a day on, with its source; a correction is a later row."""

    is_append_only: ClassVar[bool] = True

    from_currency = CurrencyField()
    to_currency = CurrencyField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    valid_from = models.DateField()
    source = models.CharField(max_length=100)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="rate_above_zero"),
            models.CheckConstraint(
                condition=~models.Q(from_currency=models.F("to_currency")), name="rate_of_two_currencies"
            ),
        ]
        indexes = [
            models.Index(
                fields=["from_currency", "to_currency", "-valid_from", "-recorded_at"], name="rate_as_of"
            )
        ]
