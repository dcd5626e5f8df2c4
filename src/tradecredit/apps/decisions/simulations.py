"""Write and read simulations: asked for, taken up by one worker, brought forward, ended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from tradecredit.apps.decisions.trial_models import PolicySimulation, SimulationStatus
from tradecredit.core.kernel import canonical
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from tradecredit.plumbing.access import Actor

# Technical: a simulation that made no progress for so long lost its worker.
_LOST_AFTER: Final = timedelta(minutes=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSimulation:
    """A simulation as it stands; ``result`` is None until it is done."""

    id: UUID
    company_id: UUID
    draft_id: UUID | None
    version_id: UUID | None
    document: Mapping[str, Any]
    part: Mapping[str, str | None]
    status: str
    done: int
    total: int
    result: Mapping[str, Any] | None
    failure: str
    asked_by_id: UUID
    asked_by_name: str
    created_at: datetime

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will come."""
        return self.status in (SimulationStatus.DONE, SimulationStatus.FAILED)

    @property
    def percent(self) -> int:
        """Return how far it has come."""
        if self.is_over:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSimulation:
    """A policy document to be tried on a slice, for a draft or for the report on a version."""

    company_id: UUID
    document: Mapping[str, Any]
    part: Mapping[str, str | None]
    total: int
    draft_id: UUID | None = None
    version_id: UUID | None = None


def ask(new: NewSimulation, *, actor: Actor) -> StoredSimulation:
    """Record a simulation that waits for a worker."""
    db.transaction_required()
    moment = clock.now()
    return _stored(
        PolicySimulation.objects.create(
            company_id=new.company_id,
            draft_id=new.draft_id,
            policy_version_id=new.version_id,
            document=canonical.dumps(dict(new.document)),
            part=canonical.dumps(dict(new.part)),
            total=new.total,
            asked_by_id=actor.user_id,
            asked_by_name=actor.name,
            created_at=moment,
            updated_at=moment,
        )
    )


def take(simulation_id: UUID | None = None) -> StoredSimulation | None:
    """Take up a simulation that waits (the oldest without a name), or one that lost its worker; None without any."""
    db.transaction_required()
    waiting = Q(status=SimulationStatus.WAITING) | Q(
        status=SimulationStatus.RUNNING, updated_at__lt=clock.now() - _LOST_AFTER
    )
    rows = PolicySimulation.objects.select_for_update(skip_locked=True).filter(waiting)
    if simulation_id is not None:
        rows = rows.filter(pk=simulation_id)
    row = rows.order_by("created_at", "pk").first()
    if row is None:
        return None
    row.status, row.done, row.updated_at = SimulationStatus.RUNNING, 0, clock.now()
    row.save(update_fields=["status", "done", "updated_at"])
    return _stored(row)


def bring_forward(simulation_id: UUID, *, done: int, total: int) -> None:
    """Record how far a simulation has come."""
    db.transaction_required()
    PolicySimulation.objects.filter(pk=simulation_id, status=SimulationStatus.RUNNING).update(
        done=done, total=total, updated_at=clock.now()
    )


def end(simulation_id: UUID, *, result: Mapping[str, Any] | None = None, failure: str = "") -> None:
    """Record what came out, or why nothing did."""
    db.transaction_required()
    PolicySimulation.objects.filter(pk=simulation_id).update(
        status=SimulationStatus.FAILED if result is None else SimulationStatus.DONE,
        result="" if result is None else canonical.dumps(dict(result)),
        failure=failure,
        updated_at=clock.now(),
    )


def by_id(simulation_id: UUID) -> StoredSimulation | None:
    """Return a simulation in scope."""
    row = PolicySimulation.objects.filter(pk=simulation_id).first()
    return None if row is None else _stored(row)


def latest(*, draft_id: UUID | None = None, version_id: UUID | None = None) -> StoredSimulation | None:
    """Return the latest simulation of a draft, or the one of a version's report."""
    rows = PolicySimulation.objects.filter(draft_id=draft_id, policy_version_id=version_id)
    row = rows.order_by("-created_at", "-pk").first()
    return None if row is None else _stored(row)


def listed(*, company_id: UUID, most: int = 20) -> Sequence[StoredSimulation]:
    """Return the company's simulations, the latest first."""
    rows = PolicySimulation.objects.filter(company_id=company_id).order_by("-created_at", "-pk")[:most]
    return [_stored(row) for row in rows]


def _stored(row: PolicySimulation) -> StoredSimulation:
    return StoredSimulation(
        id=row.pk,
        company_id=row.company_id,
        draft_id=row.draft_id,
        version_id=row.policy_version_id,
        document=json.loads(row.document),
        part=json.loads(row.part),
        status=row.status,
        done=row.done,
        total=row.total,
        result=json.loads(row.result) if row.result else None,
        failure=row.failure,
        asked_by_id=row.asked_by_id,
        asked_by_name=row.asked_by_name,
        created_at=row.created_at,
    )
