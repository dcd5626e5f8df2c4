"""Settings of order control below the policy: for the house, a company, a class of customers or one customer."""

from __future__ import annotations

from django.db import models

from tradecredit.plumbing.rows import Row


class SettingLevel(models.TextChoices):
    """From the widest to the narrowest; the narrowest that says something holds."""

    HOUSE = "house", "every company"
    COMPANY = "company", "a company"
    CLASS = "class", "a class or grade of customers"
    CUSTOMER = "customer", "a customer"


class SettingStatus(models.TextChoices):
    """Where a setting stands; only an approved one counts."""

    OPEN = "open", "open"
    APPROVED = "approved", "approved"
    REJECTED = "rejected", "rejected"


class Setting(Row):
    """A value set at one level from a day on; a row that is ``not set`` lets the wider level speak again."""

    company = models.ForeignKey("access.Company", null=True, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("dossier.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=8, choices=SettingLevel.choices)
    class_name = models.CharField(max_length=64, blank=True, help_text="the class or grade")
    name = models.CharField(max_length=64)
    is_set = models.BooleanField(help_text="False: nothing is said here any more; never the same as 0")
    value = models.CharField(max_length=100, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    status = models.CharField(max_length=8, choices=SettingStatus.choices, default=SettingStatus.OPEN)
    reason = models.TextField()
    requested_by_id = models.UUIDField()
    requested_by_name = models.CharField(max_length=100)
    decided_by_id = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=100, blank=True)
    recorded_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_set=True) | models.Q(value=""), name="setting_says_or_not"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="setting_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by_id__isnull=True)
                | ~models.Q(decided_by_id=models.F("requested_by_id")),
                name="setting_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(status="open") | models.Q(decided_by_id__isnull=False),
                name="setting_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(level="house", company__isnull=True, customer__isnull=True)
                | models.Q(level="company", company__isnull=False, customer__isnull=True)
                | models.Q(level="class", customer__isnull=True)
                | models.Q(level="customer", company__isnull=False, customer__isnull=False),
                name="setting_is_at_its_level",
            ),
        ]
        indexes = [models.Index(fields=["name", "level", "-valid_from"], name="setting_as_of")]
