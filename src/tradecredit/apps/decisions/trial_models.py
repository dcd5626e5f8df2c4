"""Policies on trial: tried on recorded decisions, or asked beside the live policy without deciding anything."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.models import CompanyRow


class SimulationStatus(models.TextChoices):
    """Where a simulation stands."""

    WAITING = "waiting", "waiting"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "failed"


class PolicySimulation(CompanyRow):
    """One policy document tried on the decisions of a slice: how far it has come, and what came out."""

    draft = models.ForeignKey("decisions.PolicyDraft", null=True, on_delete=models.PROTECT, related_name="+")
    policy_version = models.ForeignKey(
        "decisions.PolicyVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="of which version the report of changes is",
    )
    document = models.TextField(help_text="canonical JSON of the policy that is tried")
    part = models.TextField(help_text="canonical JSON of the slice")
    status = models.CharField(
        max_length=7, choices=SimulationStatus.choices, default=SimulationStatus.WAITING
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.TextField(blank=True, help_text="canonical JSON of what came out")
    failure = models.TextField(blank=True)
    asked_by_id = models.UUIDField()
    asked_by_name = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["company", "-created_at"], name="simulation_latest"),
            models.Index(
                fields=["status", "created_at"],
                name="simulation_waiting",
                condition=models.Q(status__in=("waiting", "running")),
            ),
        ]


class PolicyShadow(CompanyRow):
    """A policy that is asked about new decisions beside the live one, and decides nothing."""

    title = models.CharField(max_length=120)
    draft = models.ForeignKey("decisions.PolicyDraft", null=True, on_delete=models.PROTECT, related_name="+")
    document = models.TextField(help_text="canonical JSON of the policy that is asked")
    share = models.PositiveSmallIntegerField(default=100, help_text="percent of the customers")
    started_by_id = models.UUIDField()
    started_by_name = models.CharField(max_length=100)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(share__gte=1, share__lte=100), name="shadow_share"),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by_name="")
                | models.Q(ended_at__isnull=False) & ~models.Q(ended_by_name=""),
                name="shadow_ended_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["company", "ended_at"], name="shadow_running")]


class ShadowVerdict(CompanyRow):
    """What a shadow would have said of one decision."""

    is_append_only: ClassVar[bool] = True

    shadow = models.ForeignKey(PolicyShadow, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    decision_id = models.UUIDField()
    reference = models.CharField(max_length=64)
    live = models.CharField(max_length=8)
    said = models.CharField(max_length=8)
    is_flipped = models.BooleanField()
    newly_against = models.TextField(blank=True, help_text="codes of the checks, one a line")
    no_longer_against = models.TextField(blank=True, help_text="codes of the checks, one a line")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shadow", "decision_id"], name="shadow_verdict_once"),
        ]
        indexes = [models.Index(fields=["shadow", "is_flipped", "-recorded_at"], name="shadow_flipped")]
