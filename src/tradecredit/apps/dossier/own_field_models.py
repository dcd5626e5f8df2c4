"""What master data said before, the forms of the house's own fields, and waivers of verification."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.models import CompanyRow
from tradecredit.plumbing.rows import Row


class CustomerBefore(Row):
    """A customer's master data until it was replaced: written by the database itself at every change."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    before = models.JSONField()
    replaced_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["customer", "replaced_at"], name="customer_before")]


class FieldForm(CompanyRow):
    """The form of a house's own fields for a type of customer (empty: all); the latest recorded one counts.

    ``document`` is a form-js schema: components with key, type, label and what is valid.
    """

    is_append_only: ClassVar[bool] = True

    customer_type = models.CharField(max_length=32, blank=True)
    document = models.JSONField()
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["company", "customer_type", "-recorded_at"], name="form_latest")]


class VerificationWaiver(CompanyRow):
    """Somebody with the authority lets a customer be rated before the register was asked, for a time."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    evidence = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__gt=models.F("valid_from")), name="waiver_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="waiver_says_why"),
        ]
        indexes = [models.Index(fields=["customer", "-recorded_at"], name="waiver_latest")]
