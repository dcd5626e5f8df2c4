"""Policy in force, and every verdict with the facts it rests on."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from tradecredit.apps.decisions.draft_models import PolicyDraft, PolicyRemark
from tradecredit.apps.decisions.setting_models import Setting
from tradecredit.apps.decisions.standing_models import CheckProfile, Standing, StandingChange
from tradecredit.apps.decisions.trial_models import PolicyShadow, PolicySimulation, ShadowVerdict
from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow

__all__ = [
    "CheckProfile",
    "Decision",
    "PolicyDraft",
    "PolicyRemark",
    "PolicyShadow",
    "PolicySimulation",
    "PolicyVersion",
    "Setting",
    "ShadowVerdict",
    "Standing",
    "StandingChange",
]


class VersionCause(models.TextChoices):
    """Why there is a version."""

    PUBLISHED = "published", "two people published it"
    OVERLAY = "overlay", "a value that holds for a time begins or ends"
    GROUP = "group", "the company follows the group's policy, which was published"


class PolicyVersion(CompanyRow):
    """A whole policy pack as published for a company from a day on. Superseded, never edited.

    The last published wins from its first day on. An overlay that begins or ends makes a version of that day with the
    same document, so whatever reads a version reads what holds.
    """

    is_append_only: ClassVar[bool] = True

    pack = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    document = models.TextField(help_text="canonical JSON of all sections")
    sha256 = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    cause = models.CharField(max_length=9, choices=VersionCause.choices, default=VersionCause.PUBLISHED)
    group_document = models.TextField(  # noqa: DJ001 -- null says that the company follows nobody
        null=True, help_text="canonical JSON of the policy that this one follows"
    )
    group_number = models.PositiveIntegerField(null=True)
    published_by_id = models.UUIDField()
    approved_by_id = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="policy_number_once"),
            models.CheckConstraint(
                condition=models.Q(group_document__isnull=True, group_number__isnull=True)
                | models.Q(group_document__isnull=False, group_number__isnull=False),
                name="policy_follows_a_version",
            ),
        ]
        indexes = [models.Index(fields=["company", "-number", "valid_from"], name="policy_as_of")]


class Decision(CompanyRow):
    """One verdict: request, facts, policy version, outcome, reasons. Never changed.

    A full row holds its facts and its verdict as text; a compact row points to a `Standing` and holds the balances,
    from which facts and verdict are derived whenever they are read.
    """

    is_append_only: ClassVar[bool] = True

    # The four parents are never deleted while decisions exist, and every writer has them under its lock: see ADR 0010.
    company = models.ForeignKey(
        "access.Company", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    customer = models.ForeignKey(
        "dossier.Customer", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    account = models.ForeignKey(
        "exposure.CreditAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    policy_version = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    control_point = models.CharField(max_length=10)
    reference = models.CharField(max_length=64)
    amount = AmountField()
    currency = CurrencyField()
    as_of = models.DateField()
    facts = models.TextField(  # noqa: DJ001 -- null says that the row is of the other kind
        null=True,
        help_text="canonical JSON of the request and every fact that was gathered",
    )
    outcome = models.CharField(max_length=8)
    verdict = models.TextField(  # noqa: DJ001 -- null says that the row is of the other kind
        null=True,
        help_text="canonical JSON of checks, reasons, remedies, deciders",
    )
    headroom_before = AmountField(null=True)
    headroom_after = AmountField(null=True)
    standing_id = models.UUIDField(null=True, help_text="compact: what the verdict rests on besides")
    terms_days = models.PositiveSmallIntegerField(null=True)
    ordered = AmountField(null=True)
    delivered = AmountField(null=True)
    billed = AmountField(null=True)
    bill = AmountField(null=True)
    unapplied = AmountField(null=True)
    reserved = AmountField(null=True)
    failed = models.TextField(  # noqa: DJ001 -- null says that the row is of the other kind
        null=True,
        help_text="compact: canonical JSON of the checks that did not pass, with their figures",
    )
    is_committed = models.BooleanField(help_text="False: asked without reserving anything")
    purpose = models.CharField(
        max_length=16, default="check", help_text="check, release, amend, reopen, recheck"
    )
    previous_id = models.UUIDField(null=True, help_text="the decision this one re-examines")
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=100)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(facts__isnull=False, verdict__isnull=False, standing_id__isnull=True)
                | models.Q(
                    facts__isnull=True,
                    verdict__isnull=True,
                    standing_id__isnull=False,
                    ordered__isnull=False,
                    delivered__isnull=False,
                    billed__isnull=False,
                    bill__isnull=False,
                    unapplied__isnull=False,
                    reserved__isnull=False,
                ),
                name="decision_full_or_compact",
            ),
        ]
        indexes = [
            # Written in the order of time, so a few figures a block find a day: the table is written by every check.
            BrinIndex(fields=["decided_at"], autosummarize=True, name="decision_in_blocks_of_time"),
            models.Index(fields=["company", "reference"], name="decision_by_reference"),
            models.Index(fields=["customer", "decided_at"], name="decision_by_customer"),
        ]
