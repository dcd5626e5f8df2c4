"""The keys of sealed values, which erasing destroys, and who read a sealed value."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.models import CompanyRow
from tradecredit.plumbing.rows import Row


class SealKey(Row):
    """The key of one sealed value; once it is destroyed nobody can read the value, in no copy of the books."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=16)
    name = models.CharField(max_length=64)
    key = models.BinaryField(null=True, max_length=32)
    made_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)
    destroyed_by = models.CharField(max_length=100, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(key__isnull=False, destroyed_at__isnull=True)
                | models.Q(key__isnull=True, destroyed_at__isnull=False),
                name="seal_key_is_there_or_destroyed",
            )
        ]
        indexes = [
            models.Index(fields=["customer", "scope"], name="seal_key_of"),
            models.Index(fields=["made_at"], condition=models.Q(key__isnull=False), name="seal_key_oldest"),
        ]


class SealedRead(CompanyRow):
    """Somebody read sealed values of a customer in clear: who, when, which, and what for."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=16)
    names = models.JSONField(default=list)
    purpose = models.CharField(max_length=200)
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["customer", "-read_at"], name="sealed_read_latest")]
