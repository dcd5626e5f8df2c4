"""Credit accounts, their append-only entries and their reservations.

The application role reads these tables and writes them only through the functions in ``sql/``.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.apps.exposure.node_models import ControlNode, ExchangeRate, NodeLimit, NodeMember
from tradecredit.plumbing.fields import AmountField, CurrencyField, not_negative
from tradecredit.plumbing.models import CompanyRow

__all__ = [
    "ControlNode",
    "CreditAccount",
    "ExchangeRate",
    "ExposureEntry",
    "NodeLimit",
    "NodeMember",
    "Reservation",
    "ReservationStatus",
    "Stage",
]


class Stage(models.TextChoices):
    """An obligation is in exactly one stage."""

    ORDERED = "ordered", "ordered"
    DELIVERED = "delivered", "delivered, not billed"
    BILLED = "billed", "billed"
    BILL = "bill", "bill receivable"
    UNAPPLIED = "unapplied", "cash not applied (never above zero)"


class CreditAccount(CompanyRow):
    """Customer × company × currency with the balance of each stage; rebuilt from its entries at any time."""

    is_written_by_functions_only: ClassVar[bool] = True

    # The hottest rows of all: the constraint and the index below serve both, and each further index costs every change.
    company = models.ForeignKey("access.Company", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "dossier.Customer", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    currency = CurrencyField()
    ordered = AmountField(default=0)
    delivered = AmountField(default=0)
    billed = AmountField(default=0)
    bill = AmountField(default=0)
    unapplied = AmountField(default=0)
    reserved = AmountField(default=0)
    entry_count = models.PositiveIntegerField(default=0)
    latest_hash = models.CharField(max_length=64, default="0" * 64)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "customer", "currency"], name="account_once"),
            *not_negative("ordered", "delivered", "billed", "bill", "reserved", prefix="account"),
            models.CheckConstraint(
                condition=models.Q(unapplied__lte=0), name="account_unapplied_not_positive"
            ),
        ]
        indexes = [models.Index(fields=["customer"], name="account_by_customer")]


class ExposureEntry(CompanyRow):
    """One movement of one obligation into or out of one stage of an account."""

    is_append_only: ClassVar[bool] = True
    is_written_by_functions_only: ClassVar[bool] = True

    account = models.ForeignKey(CreditAccount, on_delete=models.PROTECT, related_name="+")
    sequence = models.PositiveIntegerField()
    stage = models.CharField(max_length=10, choices=Stage.choices)
    amount = AmountField(help_text="signed, in the account's currency")
    obligation = models.CharField(
        max_length=160, help_text="the source line, e.g. order:SO-7 or invoice:INV-1#1"
    )
    cause = models.CharField(max_length=32)
    cause_id = models.UUIDField(null=True)
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "sequence"], name="entry_gapless_in_account"),
        ]
        indexes = [models.Index(fields=["account", "obligation"], name="entry_by_obligation")]


class ReservationStatus(models.TextChoices):
    """A reservation ends at most once."""

    PENDING = "pending", "pending"
    POSTED = "posted", "posted"
    RELEASED = "released", "released"
    EXPIRED = "expired", "expired"


class Reservation(CompanyRow):
    """Headroom kept for a document that passed its check, until it is posted, released or expires."""

    is_written_by_functions_only: ClassVar[bool] = True

    # The function that writes it takes both from the account that it has locked: see ADR 0010.
    company = models.ForeignKey(
        "access.Company", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    account = models.ForeignKey(
        CreditAccount, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    decision_id = models.UUIDField()
    reference = models.CharField(max_length=64)
    amount = AmountField()
    status = models.CharField(
        max_length=8, choices=ReservationStatus.choices, default=ReservationStatus.PENDING
    )
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="reservation_amount_positive"),
            models.UniqueConstraint(
                fields=["account", "reference"],
                condition=models.Q(status="pending"),
                name="reservation_pending_once_a_reference",
            ),
            models.CheckConstraint(
                condition=models.Q(status="pending", ended_at__isnull=True)
                | (~models.Q(status="pending") & models.Q(ended_at__isnull=False)),
                name="reservation_ended_when_not_pending",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=models.Q(status="pending"), name="reservation_expiring"
            ),
            models.Index(fields=["account", "reference"], name="reservation_by_document"),
        ]
