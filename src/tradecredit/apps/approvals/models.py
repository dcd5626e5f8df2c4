"""Requests that a person must decide, and the votes on them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tradecredit.apps.approvals.flow_models import (
    Delegation,
    FlowDefinition,
    FlowInstance,
    FlowStatus,
    FlowStep,
    RequestNote,
    StepStatus,
)
from tradecredit.apps.approvals.paper_models import Attachment, DecisionLink, FilledForm
from tradecredit.plumbing.fields import AmountField, CurrencyField
from tradecredit.plumbing.models import CompanyRow

__all__ = [
    "ApprovalRequest",
    "Attachment",
    "DecisionLink",
    "Delegation",
    "FilledForm",
    "FlowDefinition",
    "FlowInstance",
    "FlowStatus",
    "FlowStep",
    "RequestKind",
    "RequestNote",
    "RequestStatus",
    "StepStatus",
    "Vote",
]


class RequestKind(models.TextChoices):
    """What is asked."""

    ORDER_RELEASE = "order_release", "order release"
    DELIVERY_RELEASE = "delivery_release", "delivery release"
    FREEZE_LIFT = "freeze_lift", "lifting of a freeze"
    LIMIT_JOURNAL = "limit_journal", "journal of line changes"
    LEVEL_LIMIT = "level_limit", "limit of a level"
    CREDIT_LIMIT = "credit_limit", "credit limit"
    TEMPORARY_LINE = "temporary_line", "temporary line"
    GRADE_OVERRIDE = "grade_override", "grade override"
    WRITE_OFF = "write_off", "write-off"
    DEDUCTION = "deduction", "deduction"
    SET_OFF = "set_off", "set-off"
    ADMISSION = "admission", "admission"
    PAYMENT_TERMS = "payment_terms", "payment terms"
    LEGAL_ACTION = "legal_action", "legal action"
    EXCEPTION = "exception", "exception"
    POLICY = "policy", "policy"


class RequestStatus(models.TextChoices):
    """Where a request stands."""

    OPEN = "open", "open"
    APPROVED = "approved", "approved"
    REJECTED = "rejected", "rejected"
    WITHDRAWN = "withdrawn", "withdrawn"
    CURED = "cured", "cured: the reason for it went away"


class ApprovalRequest(CompanyRow):
    """One question to people: who may answer it comes from the authority table in force."""

    kind = models.CharField(max_length=16, choices=RequestKind.choices)
    customer = models.ForeignKey("dossier.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    subject_id = models.UUIDField(help_text="the order, proposal or version asked about")
    reference = models.CharField(max_length=64, blank=True)
    decision = models.ForeignKey("decisions.Decision", null=True, on_delete=models.PROTECT, related_name="+")
    amount = AmountField(null=True)
    currency = CurrencyField(blank=True)
    requested_by_id = models.UUIDField()
    requested_by_name = models.CharField(max_length=100)
    reason = models.TextField(blank=True)
    roles = ArrayField(models.CharField(max_length=32), help_text="who decides")
    mode = models.CharField(
        max_length=16, default="single", help_text="single: one of the roles; all: each role once"
    )
    routing = models.TextField(help_text="canonical JSON: the authority row that sent it here, in words")
    status = models.CharField(max_length=9, choices=RequestStatus.choices, default=RequestStatus.OPEN)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=models.Q(status="open"),
                name="request_open_once_a_subject",
            ),
        ]
        indexes = [models.Index(fields=["company", "status", "created_at"], name="request_inbox")]


class Vote(CompanyRow):
    """One person's answer; never the requester's, never the same person's twice."""

    is_append_only: ClassVar[bool] = True

    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="votes")
    requested_by_id = models.UUIDField()
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=100)
    role = models.CharField(max_length=32)
    approves = models.BooleanField()
    reason = models.TextField(blank=True)
    reason_code = models.CharField(max_length=32, blank=True)
    voted_at = models.DateTimeField()
    step = models.ForeignKey(FlowStep, null=True, on_delete=models.PROTECT, related_name="votes")
    place = models.CharField(max_length=64, blank=True, help_text="the seat that it fills in its step")
    behalf_of_id = models.UUIDField(null=True, help_text="for whom a delegate voted")
    behalf_of_name = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(actor_id=models.F("requested_by_id")), name="vote_four_eyes"
            ),
            # In a flow the trigger vote_guard refuses a second standing vote: those of a returned step stand no more.
            models.UniqueConstraint(
                fields=["request", "actor_id"],
                condition=models.Q(step__isnull=True),
                name="vote_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["request", "role"], condition=models.Q(step__isnull=True), name="vote_once_a_role"
            ),
            models.UniqueConstraint(
                fields=["step", "place"], condition=models.Q(step__isnull=False), name="vote_once_a_place"
            ),
            models.UniqueConstraint(
                fields=["step", "actor_id"], condition=models.Q(step__isnull=False), name="vote_once_a_step"
            ),
        ]
