"""What decisions rest on besides the request and the balances, and how the quick check knows that it still holds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.models import CompanyRow
from tradecredit.plumbing.rows import Row


class Standing(CompanyRow):
    """Everything of a verdict that is neither the request nor the balances, written once for each content.

    The identifier is the beginning of the content's SHA-256, so the same content is the same row.
    """

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    document = models.TextField(help_text="canonical JSON of the facts without request and balances")
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()


class CheckProfile(CompanyRow):
    """How an account stands for checks on one day; its identifier is the account's.

    It counts only while no `StandingChange` of its customer is there: see docs/rooms/decisions.md.
    """

    is_written_by_functions_only: ClassVar[bool] = True

    customer = models.ForeignKey(
        "dossier.Customer", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    day = models.DateField()
    is_plain = models.BooleanField(help_text="False: only the full check can decide here")
    marks_for_all = models.BigIntegerField(default=0, help_text="how many marks for everybody there were")
    built_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["customer"], name="profile_by_customer")]


class StandingChange(Row):
    """Something that a customer's profiles rest on was written; taken away by whoever builds them anew."""

    is_written_by_functions_only: ClassVar[bool] = True

    customer_id = models.UUIDField()
    transaction = models.BigIntegerField(help_text="the transaction that wrote it")

    class Meta:
        indexes = [models.Index(fields=["customer_id", "transaction"], name="standing_change_of")]
