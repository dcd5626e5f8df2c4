"""The steps of a request as a transaction sees them, and what it will write of them: kept in memory, written at once.

A decision reads the steps of its requests once, changes them here as it goes on, and writes at its end with a statement
for each kind of thing, whether it decides one request or a hundred.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db import connection

from tradecredit.apps.approvals import flow_operations, flow_queries, operations
from tradecredit.apps.approvals.flow_queries import StepVote
from tradecredit.apps.approvals.models import FlowInstance, FlowStep, StepStatus
from tradecredit.plumbing import clock, db, failpoints

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.approvals.flow_operations import NewStep
    from tradecredit.apps.approvals.flow_queries import StepRecord
    from tradecredit.apps.approvals.operations import NewVote


@dataclass(slots=True, kw_only=True)
class Record:
    """The steps of one request; ``instance_id`` is the flow that it runs by, None where it runs by the table alone."""

    company_id: UUID
    request_id: UUID
    instance_id: UUID | None = None
    known: dict[UUID, StepRecord] | None = None
    votes: list[NewVote] = field(default_factory=list)
    opened: list[FlowStep] = field(default_factory=list)
    ended: dict[UUID, str] = field(default_factory=dict)
    state: str | None = None
    waits_for: tuple[str, ...] | None = None

    @property
    def steps(self) -> tuple[StepRecord, ...]:
        """Return the steps in the order in which they were opened, as they stand now."""
        return tuple(self._known().values())

    def forget(self) -> None:
        """Forget what was read: somebody has written steps beside this record."""
        unwritten = bool(self.votes or self.opened or self.ended)
        assert not unwritten  # noqa: S101 - what is forgotten would never be written
        self.known = None

    def vote(self, vote: NewVote) -> None:
        """Add a vote to its step."""
        self.votes.append(vote)
        if vote.step_id is not None:
            step = self._known()[vote.step_id]
            given = StepVote(
                actor_id=vote.actor.user_id,
                actor_name=vote.actor.name,
                role=vote.role,
                place=vote.place,
                approves=vote.approves,
                reason=vote.reason,
                voted_at=clock.now(),
                behalf_of_id=None if vote.behalf_of is None else vote.behalf_of[0],
                behalf_of_name="" if vote.behalf_of is None else vote.behalf_of[1],
            )
            self._known()[step.id] = replace(step, votes=(*step.votes, given))

    def end(self, step: StepRecord, *, status: StepStatus | str) -> None:
        """End an open step."""
        self.ended[step.id] = str(status)
        self._known()[step.id] = replace(self._known()[step.id], status=str(status), ended_at=clock.now())

    def open(self, steps: Sequence[NewStep]) -> None:
        """Open steps."""
        assert self.instance_id is not None  # noqa: S101 - only a flow has steps
        known = self._known()
        rows = flow_operations.step_rows(
            company_id=self.company_id, instance_id=self.instance_id, request_id=self.request_id, steps=steps
        )
        self.opened += rows
        known |= {row.pk: flow_queries.step_of(row) for row in rows}

    def _known(self) -> dict[UUID, StepRecord]:
        if self.known is None:
            found = flow_queries.steps_of([self.request_id]).get(self.request_id, ())
            self.known = {one.id: one for one in found}
        return self.known


def write(records: Iterable[Record]) -> None:
    """Write what the records hold: votes while their steps are open, then what follows from them."""
    db.transaction_required()
    found = list(records)
    votes = [vote for one in found for vote in one.votes]
    operations.record_votes(votes)
    if votes and failpoints.is_switched_off("one-transaction"):
        connection.connection.commit()
    failpoints.reach("vote.recorded")
    _end_steps({step_id: status for one in found for step_id, status in one.ended.items()})
    FlowStep.objects.bulk_create([row for one in found for row in one.opened])
    states = {one.instance_id: one.state for one in found if one.instance_id is not None}
    _keep_states({key: state for key, state in states.items() if state is not None})
    operations.wait_for_all({one.request_id: one.waits_for for one in found if one.waits_for is not None})
    for one in found:
        one.votes, one.opened, one.ended, one.state, one.waits_for = [], [], {}, None, None


def _end_steps(ended: Mapping[UUID, str]) -> None:
    by_status: defaultdict[str, list[UUID]] = defaultdict(list)
    for step_id, status in ended.items():
        by_status[status].append(step_id)
    for status, ids in by_status.items():
        FlowStep.objects.filter(pk__in=ids, status=StepStatus.OPEN).update(
            status=status, ended_at=clock.now()
        )


def _keep_states(states: Mapping[UUID, str]) -> None:
    if len(states) == 1:
        ((instance_id, state),) = states.items()
        flow_operations.go_on(instance_id=instance_id, state=state)
    elif states:
        with connection.cursor() as cursor:
            cursor.execute(_STATES, [list(states), list(states.values())])


_STATES = f"""
UPDATE {FlowInstance._meta.db_table} f SET state = n.state
FROM unnest(%s::uuid[], %s::text[]) AS n (id, state) WHERE f.id = n.id AND f.status = 'running'
"""  # noqa: SLF001 - Django's documented Meta API; no value of anybody's stands in the text
