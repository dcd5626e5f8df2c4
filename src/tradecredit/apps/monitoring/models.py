"""Alerts, freezes and risk marks, each with its cause and its days."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tradecredit.plumbing.models import CompanyRow


class AlertLevel(models.TextChoices):
    """Three levels; the highest active one is the customer's."""

    YELLOW = "yellow", "yellow"
    ORANGE = "orange", "orange"
    RED = "red", "red"


class AlertPhase(models.TextChoices):
    """Where in a trade a rule looks: before it, while it runs, after it."""

    BEFORE = "before_trade", "before the trade"
    DURING = "in_trade", "in the trade"
    AFTER = "after_trade", "after the trade"


class Alert(CompanyRow):
    """A rule fired for a customer; it closes only with a recorded response."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=64)
    level = models.CharField(max_length=8, choices=AlertLevel.choices)
    text_zh = models.TextField()
    text_en = models.TextField()
    facts = models.TextField(help_text="canonical JSON of what fired it")
    dedupe_key = models.CharField(max_length=200, unique=True)
    policy_version_id = models.UUIDField()
    raised_on = models.DateField()
    created_at = models.DateTimeField()
    first_response_at = models.DateTimeField(null=True)
    response = models.TextField(blank=True)
    is_false_alarm = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=100, blank=True)
    phase = models.CharField(max_length=12, choices=AlertPhase.choices, default=AlertPhase.DURING)
    plan = models.CharField(max_length=64, blank=True, help_text="the response plan that was started")
    respond_by = models.DateTimeField(
        null=True, help_text="until when the policy of its day wants a response"
    )
    wants_confirmation = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | ~models.Q(response=""),
                name="alert_closed_with_response",
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "customer"], condition=models.Q(closed_at__isnull=True), name="alert_open"
            ),
            models.Index(fields=["customer", "rule", "raised_on"], name="alert_of_rule"),
        ]


class ActKind(models.TextChoices):
    """What somebody (or the house itself) did about an alert."""

    SEEN = "seen", "seen"
    CONFIRMED = "confirmed", "confirmed"
    DONE = "done", "a step of the plan was done"
    NOTE = "note", "note"
    CLOSED = "closed", "closed"


class AlertAct(CompanyRow):
    """One thing done about an alert, never changed: the proof of who answered when."""

    is_append_only: ClassVar[bool] = True

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=12, choices=ActKind.choices)
    text_zh = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    is_by_person = models.BooleanField(default=True)
    acted_by = models.CharField(max_length=100)
    recorded_at = models.DateTimeField()


class RuleMute(CompanyRow):
    """A rule that is not asked for a time, because people said so."""

    rule = models.CharField(max_length=64)
    reason = models.TextField()
    muted_on = models.DateField()
    ends_on = models.DateField(help_text="the first day on which the rule is asked again")
    muted_by = models.CharField(max_length=100)
    ended_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=100, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "rule"],
                condition=models.Q(ended_on__isnull=True),
                name="rule_muted_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("muted_on")), name="mute_ends_after_it_begins"
            ),
        ]


class FreezeScope(models.TextChoices):
    """Independent switches (Z2)."""

    ORDERS = "orders", "orders"
    SHIPMENTS = "shipments", "shipments"
    LIMIT = "limit", "limit"


class Freeze(CompanyRow):
    """New orders, shipments or the limit of a customer are frozen from a day on until lifted."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=9, choices=FreezeScope.choices)
    cause = models.CharField(max_length=32, help_text="dunning, alert, person, books")
    currency = models.CharField(
        max_length=3,
        blank=True,
        default="",
        help_text="only the account in this currency; empty: every account",
    )
    text_zh = models.TextField()
    text_en = models.TextField()
    frozen_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="the first day on which it no longer holds by itself")
    lifted_on = models.DateField(null=True)
    lifted_because = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "customer", "scope", "cause", "currency"],
                condition=models.Q(lifted_on__isnull=True),
                name="freeze_once_a_cause",
            ),
        ]


class RiskMark(CompanyRow):
    """A customer is marked high risk from a day on until lifted."""

    customer = models.ForeignKey("dossier.Customer", on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=32)
    text_zh = models.TextField()
    text_en = models.TextField()
    marked_on = models.DateField()
    lifted_on = models.DateField(null=True)
    lifted_because = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "customer", "cause"],
                condition=models.Q(lifted_on__isnull=True),
                name="risk_mark_once_a_cause",
            ),
        ]


class DayClosed(CompanyRow):
    """A business day was closed: what was done on it."""

    is_append_only: ClassVar[bool] = True

    day = models.DateField()
    report = models.TextField(help_text="canonical JSON of the counts")
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "day"], name="day_closed_once")]
