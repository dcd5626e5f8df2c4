"""Flows that run: the diagram pinned, its state, its steps, and what was said and sent along the way."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tradecredit.plumbing.models import CompanyRow


class FlowDefinition(CompanyRow):
    """A diagram as it was published; what runs by it stays with it, whatever is published later."""

    is_append_only: ClassVar[bool] = True

    kind = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    text = models.TextField(help_text="BPMN 2.0")
    policy = models.ForeignKey("decisions.PolicyVersion", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "digest", "policy"], name="flow_definition_once_a_version"
            )
        ]


class FlowStatus(models.TextChoices):
    """Where a flow stands."""

    RUNNING = "running", "running"
    APPROVED = "approved", "approved"
    REJECTED = "rejected", "rejected"
    ENDED = "ended", "ended: the request was withdrawn or overtaken"


class FlowInstance(CompanyRow):
    """The flow of one request; see plumbing/processes for why the state is text."""

    request = models.OneToOneField("approvals.ApprovalRequest", on_delete=models.PROTECT, related_name="flow")
    definition = models.ForeignKey(FlowDefinition, on_delete=models.PROTECT, related_name="+")
    state = models.TextField()
    facts = models.TextField(help_text="canonical JSON: what the flow knew when it began")
    status = models.CharField(max_length=8, choices=FlowStatus.choices, default=FlowStatus.RUNNING)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="running", ended_at__isnull=True)
                | (~models.Q(status="running") & models.Q(ended_at__isnull=False)),
                name="flow_ended_when_not_running",
            ),
        ]


class StepStatus(models.TextChoices):
    """Where a step stands."""

    OPEN = "open", "open"
    APPROVED = "approved", "approved"
    REJECTED = "rejected", "rejected"
    RETURNED = "returned", "returned: its votes count no more"
    CLOSED = "closed", "closed: the request ended without it"


class FlowStep(CompanyRow):
    """One box of a flow that people decide, or a place that somebody added beside it."""

    instance = models.ForeignKey(FlowInstance, on_delete=models.PROTECT, related_name="steps")
    request = models.ForeignKey("approvals.ApprovalRequest", on_delete=models.PROTECT, related_name="steps")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="added")
    added_as = models.CharField(max_length=8, blank=True, help_text="before, after or parallel to its parent")
    task_id = models.UUIDField(null=True, help_text="the task of the engine; none for places that were added")
    node_id = models.CharField(max_length=100)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    service = models.CharField(max_length=32, blank=True, help_text="what runs here instead of a person")
    roles = ArrayField(models.CharField(max_length=32), default=list, help_text="who is asked")
    able_roles = ArrayField(models.CharField(max_length=32), default=list, help_text="with who stands in")
    people = ArrayField(models.UUIDField(), default=list, help_text="who is asked by name")
    reserved_for = models.UUIDField(null=True, help_text="whom it was handed to")
    together = models.CharField(max_length=8, default="any")
    seats = models.PositiveSmallIntegerField(default=1)
    needed = models.CharField(max_length=16, default="1", help_text="the share of a vote, such as 2/3")
    quorum = models.PositiveSmallIntegerField(default=0)
    completion = models.TextField(blank=True)
    goes_on = models.BooleanField(default=False, help_text="a no is an answer, not the end")
    escalate_to = models.CharField(max_length=32, blank=True)
    status = models.CharField(max_length=8, choices=StepStatus.choices, default=StepStatus.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    material_since = models.DateTimeField(null=True, help_text="it waits for material since then")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "task_id"],
                condition=models.Q(status="open", task_id__isnull=False),
                name="step_open_once_a_task",
            ),
            models.CheckConstraint(
                condition=models.Q(status="open", ended_at__isnull=True)
                | (~models.Q(status="open") & models.Q(ended_at__isnull=False)),
                name="step_ended_when_not_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "due_at"], condition=models.Q(status="open"), name="step_open_due"
            )
        ]


class RequestNote(CompanyRow):
    """What was said or done about a request, beside the votes; what a clock does has a key and is done once."""

    is_append_only: ClassVar[bool] = True

    request = models.ForeignKey("approvals.ApprovalRequest", on_delete=models.PROTECT, related_name="notes")
    step = models.ForeignKey(FlowStep, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=100)
    text = models.TextField(blank=True)
    mentions = ArrayField(models.UUIDField(), default=list)
    once_key = models.CharField(max_length=100, null=True, unique=True)  # noqa: DJ001 - unique only where there is one
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["request", "written_at"], name="note_of_request")]


class Delegation(CompanyRow):
    """Somebody decides for somebody else from a day to a day; never handed on, never for one's own request."""

    from_user_id = models.UUIDField()
    from_name = models.CharField(max_length=100)
    to_user_id = models.UUIDField()
    to_name = models.CharField(max_length=100)
    valid_from = models.DateField()
    valid_to = models.DateField(help_text="the last day")
    reason = models.TextField()
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(from_user_id=models.F("to_user_id")), name="delegation_to_another"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")),
                name="delegation_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["company", "to_user_id"], name="delegation_to")]
