"""One customer: merges with their lineage, verdicts about pairs, and the codes that other systems use."""

from __future__ import annotations

from django.db import models

from tradecredit.plumbing.models import CompanyRow
from tradecredit.plumbing.rows import Row


class CustomerMerge(CompanyRow):
    """Two records that are one customer: what was moved, so that it can be moved back."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    absorbed = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    moved = models.JSONField(default=dict, help_text="table → identifiers of the rows that were moved")
    transfers = models.JSONField(default=list, help_text="obligations carried from account to account")
    merged_at = models.DateTimeField()
    merged_by = models.CharField(max_length=100)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"], condition=models.Q(undone_at__isnull=True), name="absorbed_once"
            ),
            models.CheckConstraint(condition=~models.Q(customer=models.F("absorbed")), name="merge_of_two"),
        ]


class DuplicateVerdict(CompanyRow):
    """Two records that look alike, with why, and what somebody decided about them."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    score = models.DecimalField(max_digits=5, decimal_places=4)
    evidence = models.JSONField(default=dict)
    verdict = models.CharField(max_length=8, default="open", help_text="open, same or other")
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "customer", "other"], name="pair_once"),
            models.CheckConstraint(condition=~models.Q(customer=models.F("other")), name="pair_of_two"),
        ]


class CustomerIdentity(Row):
    """What a customer is called in another system: one code there is one customer here."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    system = models.CharField(max_length=32)
    code = models.CharField(max_length=128)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "code"], name="identity_once_a_system"),
        ]
