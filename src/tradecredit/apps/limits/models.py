"""Credit lines: proposed by one person (or a formula), approved by another, valid for a time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.apps.limits.cover_models import Cover, CoverKind, CoverStatus
from tradecredit.plumbing.fields import AmountField, CurrencyField, LimitKind, limit_check
from tradecredit.plumbing.models import CompanyRow

__all__ = [
    "Cover",
    "CoverKind",
    "CoverStatus",
    "CreditLine",
    "JournalStatus",
    "LimitJournal",
    "LimitJournalLine",
    "LimitProposal",
    "LineKind",
    "ProposalStatus",
]


class LineKind(models.TextChoices):
    """A base line stands; a temporary one is added for a time and reverts by itself."""

    BASE = "base", "base"
    TEMPORARY = "temporary", "temporary"


class ProposalStatus(models.TextChoices):
    """Where a proposal stands."""

    OPEN = "open", "open"
    APPROVED = "approved", "approved"
    REJECTED = "rejected", "rejected"
    WITHDRAWN = "withdrawn", "withdrawn"


class LimitProposal(CompanyRow):
    """A line asked for or computed, with the calculation that led to it."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    line_kind = models.CharField(max_length=9, choices=LineKind.choices)
    limit_kind = models.CharField(max_length=9, choices=LimitKind.choices)
    limit_amount = AmountField(null=True)
    currency = CurrencyField()
    days = models.PositiveSmallIntegerField(null=True)
    conditions = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    calculation = models.TextField(help_text="canonical JSON of the recommendation's steps")
    reason = models.TextField(blank=True)
    status = models.CharField(max_length=9, choices=ProposalStatus.choices, default=ProposalStatus.OPEN)
    requested_by_id = models.UUIDField()
    requested_by_name = models.CharField(max_length=100)
    decided_by_id = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=100, blank=True)
    decision_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=limit_check(kind="limit_kind", amount="limit_amount"),
                name="proposal_limit_is_tagged",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by_id__isnull=True)
                | models.Q(status="withdrawn")
                | ~models.Q(decided_by_id=models.F("requested_by_id")),
                name="proposal_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(line_kind="base") | models.Q(valid_to__isnull=False),
                name="proposal_temporary_ends",
            ),
        ]
        indexes = [models.Index(fields=["company", "status", "created_at"], name="proposal_open")]


class CreditLine(CompanyRow):
    """A line in force from a day on; a later one of the same kind supersedes it. Never changed."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    line_kind = models.CharField(max_length=9, choices=LineKind.choices)
    limit_kind = models.CharField(max_length=9, choices=LimitKind.choices)
    limit_amount = AmountField(null=True)
    currency = CurrencyField()
    days = models.PositiveSmallIntegerField(null=True)
    conditions = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    reference = models.CharField(max_length=64, blank=True, help_text="a temporary line for one order only")
    proposal = models.ForeignKey(LimitProposal, null=True, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=32, default="approval", help_text="approval, opening, policy")
    requested_by_id = models.UUIDField()
    approved_by_id = models.UUIDField()
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=limit_check(kind="limit_kind", amount="limit_amount"), name="line_limit_is_tagged"
            ),
            models.CheckConstraint(
                condition=models.Q(origin="opening") | ~models.Q(requested_by_id=models.F("approved_by_id")),
                name="line_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="line_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(line_kind="base") | models.Q(valid_to__isnull=False),
                name="line_temporary_ends",
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "customer", "currency", "-valid_from", "-recorded_at"], name="line_as_of"
            )
        ]


class JournalStatus(models.TextChoices):
    """Where a journal stands."""

    OPEN = "open", "open"
    APPROVED = "approved", "approved"
    REJECTED = "rejected", "rejected"
    WITHDRAWN = "withdrawn", "withdrawn"


class LimitJournal(CompanyRow):
    """Changes of many lines, put to a second person together and applied together."""

    title = models.CharField(max_length=200)
    reason = models.TextField()
    status = models.CharField(max_length=9, choices=JournalStatus.choices, default=JournalStatus.OPEN)
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    origin = models.CharField(
        max_length=120, blank=True, db_default="", help_text="what in the policy asked for it, once"
    )
    requested_by_id = models.UUIDField()
    requested_by_name = models.CharField(max_length=100)
    decided_by_id = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=100, blank=True)
    decision_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="journal_has_reason"),
            models.CheckConstraint(
                condition=models.Q(decided_by_id__isnull=True)
                | models.Q(status="withdrawn")
                | ~models.Q(decided_by_id=models.F("requested_by_id")),
                name="journal_four_eyes",
            ),
            models.UniqueConstraint(
                fields=["undoes"],
                condition=models.Q(status__in=["open", "approved"]),
                name="journal_undone_once",
            ),
            models.UniqueConstraint(
                fields=["company", "origin"], condition=~models.Q(origin=""), name="journal_once_an_origin"
            ),
        ]
        indexes = [models.Index(fields=["company", "-created_at"], name="journal_latest")]


class LimitJournalLine(CompanyRow):
    """One line of a journal: whose line changes from what to what."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    journal = models.ForeignKey(LimitJournal, on_delete=models.PROTECT, related_name="lines")
    currency = CurrencyField()
    from_kind = models.CharField(max_length=9, choices=LimitKind.choices)
    from_amount = AmountField(null=True)
    to_kind = models.CharField(max_length=9, choices=LimitKind.choices)
    to_amount = AmountField(null=True)
    days = models.PositiveSmallIntegerField(null=True)
    conditions = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=limit_check(kind="from_kind", amount="from_amount"), name="journal_from_is_tagged"
            ),
            models.CheckConstraint(
                condition=limit_check(kind="to_kind", amount="to_amount"), name="journal_to_is_tagged"
            ),
            models.UniqueConstraint(
                fields=["journal", "customer", "currency"], name="journal_line_once_a_customer"
            ),
        ]
