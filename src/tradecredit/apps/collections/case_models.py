"""Cases of collection: what was done about a customer's overdue money, by whom, and what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.models import CompanyRow


class Channel(models.TextChoices):
    """Who collects: our own people, an agency, or the law."""

    INTERNAL = "internal", "our own people"
    AGENCY = "agency", "an agency"
    LEGAL = "legal", "legal proceedings"


class Case(CompanyRow):
    """One customer's overdue money as one matter; its stage follows from the open items and is never kept."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    opened_on = models.DateField()
    cause = models.CharField(max_length=64, help_text="overdue, downgrade, alert:<rule>, person")
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.INTERNAL)
    channel_since = models.DateField()
    owner_id = models.UUIDField(null=True)
    owner_name = models.CharField(max_length=100, blank=True)
    next_action = models.CharField(max_length=200, blank=True)
    next_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    closed_because = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="case_number_once"),
            models.UniqueConstraint(
                fields=["company", "customer"],
                condition=models.Q(closed_on__isnull=True),
                name="case_open_once_a_customer",
            ),
        ]
        indexes = [models.Index(fields=["customer", "opened_on"], name="case_by_customer")]


class CaseEvent(CompanyRow):
    """One step in a case: a contact with its outcome, a hand-over, a note; never changed."""

    is_append_only: ClassVar[bool] = True

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, help_text="opened, contact, handover, note, action, closed")
    way = models.CharField(max_length=16, blank=True, help_text="call, visit, message, mail, court")
    outcome = models.CharField(max_length=32, blank=True)
    text_zh = models.TextField()
    text_en = models.TextField()
    facts = models.JSONField(default=dict, help_text="figures and names as texts")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    stage = models.CharField(max_length=32, blank=True, help_text="the step in which the customer stood then")
    day = models.DateField()
    dedupe_key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - NULLs are not equal
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)
    recorded_by_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "recorded_at"], name="case_event_by_case"),
            models.Index(fields=["company", "kind", "day"], name="case_event_by_day"),
        ]


class ActionPlan(CompanyRow):
    """A plan of the library that was started for a customer: to stop a loss, to secure assets, to sue."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="plans")
    code = models.CharField(max_length=32)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    cause = models.CharField(max_length=100, blank=True)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "customer", "code"],
                condition=models.Q(ended_on__isnull=True),
                name="action_plan_runs_once",
            )
        ]


class ActionStep(CompanyRow):
    """One step of a plan that was started: whose it is, until when, and what came of it."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="steps")
    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=32)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    role = models.CharField(max_length=32)
    due_date = models.DateField()
    done_on = models.DateField(null=True)
    done_by = models.CharField(max_length=100, blank=True)
    is_skipped = models.BooleanField(default=False)
    result = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="action_step_once"),
            models.CheckConstraint(
                condition=models.Q(done_on__isnull=True) | ~models.Q(result=""),
                name="action_step_done_with_result",
            ),
        ]
