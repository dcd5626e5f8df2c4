"""Who is bound to whom: shares, control, guarantees, people in common; each with where it is known from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow


class RelationKind(models.TextChoices):
    """How one party is bound to another: ``from`` owns, controls, guarantees or supplies ``to``."""

    SHAREHOLDER = "shareholder", "holds shares of"
    CONTROLLER = "controller", "controls"
    GUARANTEE = "guarantee", "answers for"
    PERSON = "person", "is an officer of"
    SUPPLIES = "supplies", "supplies"


class Relation(CompanyRow):
    """One tie, for a time; a party that is no customer is known by its name only."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey(
        "dossier.Customer", on_delete=models.PROTECT, related_name="+", help_text="the party bound"
    )
    party = models.ForeignKey("dossier.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    party_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=RelationKind.choices)
    share = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    amount = AmountField(null=True)
    currency = CurrencyField(default="CNY")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=100, blank=True)
    evidence = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(share__isnull=True) | models.Q(share__gte=0, share__lte=1),
                name="relation_share_is_a_share",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="relation_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "kind"], name="relation_of"),
            models.Index(fields=["party", "kind"], name="relation_to"),
        ]
