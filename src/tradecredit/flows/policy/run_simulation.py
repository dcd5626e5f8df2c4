"""Simulations as jobs: a few decisions are tried at once, many by the worker, with progress that can be watched."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.decisions import simulations
from tradecredit.apps.decisions.simulations import NewSimulation, StoredSimulation
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.policy import simulate_policy
from tradecredit.flows.policy.simulate_policy import Slice
from tradecredit.plumbing import db
from tradecredit.plumbing.access.models import Company

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from tradecredit.plumbing.access import Actor

_log = logging.getLogger(__name__)
# Technical: what takes about a second is done while the person waits, and progress is told so often.
_AT_ONCE: Final = 3_000
_TOLD_EVERY_NANOSECONDS: Final = 500_000_000


def ask_simulation(
    *,
    company: Company,
    document: Mapping[str, Any],
    part: Slice,
    actor: Actor,
    draft_id: UUID | None = None,
    version_id: UUID | None = None,
) -> StoredSimulation:
    """Record a simulation; a small one is done on return, a large one waits for the worker.

    Raises UnableToSimulateError for an unsound document.
    """
    simulate_policy.ensure_sound(document)
    with db.unit_of_work(actor):
        total = simulate_policy.count_of(company=company, part=part, actor=actor)
        asked = simulations.ask(
            NewSimulation(
                company_id=company.pk,
                document=document,
                part=part.as_dict(),
                total=total,
                draft_id=draft_id,
                version_id=version_id,
            ),
            actor=actor,
        )
    return run_if_small(asked, actor=actor)


def run_if_small(asked: StoredSimulation, *, actor: Actor) -> StoredSimulation:
    """Run a simulation that waits if it takes about a second; a larger one goes on waiting for the worker."""
    if asked.total > _AT_ONCE:
        return asked
    return run_one(asked.id, actor=actor) or asked


def run_waiting(*, actor: Actor) -> int:
    """Run the simulations that wait, the oldest first; returns how many were run."""
    count = 0
    while run_one(None, actor=actor) is not None:
        count += 1
    return count


def run_one(simulation_id: UUID | None, *, actor: Actor) -> StoredSimulation | None:
    """Run one simulation (the oldest that waits without a name) to its end; None when there is none to take up."""
    with db.unit_of_work(actor):
        taken = simulations.take(simulation_id)
        if taken is None:
            return None
        company = Company.objects.get(pk=taken.company_id)
    try:
        found = simulate_policy.simulate_policy(
            company=company,
            document=taken.document,
            actor=actor,
            part=Slice.from_dict(taken.part),
            progress=_teller(taken.id, actor),
        )
    except UnableToError as refusal:
        _end(taken.id, actor, failure=refusal.words.zh)
    except Exception as error:  # noqa: BLE001 - the person who waits for it has to be told, whatever it was
        _end(taken.id, actor, failure=type(error).__name__)
        _log.exception("the simulation %s failed", taken.id)
    else:
        _end(taken.id, actor, result=found.as_dict())
    with db.unit_of_work(actor):
        return simulations.by_id(taken.id)


def _end(
    simulation_id: UUID, actor: Actor, *, result: Mapping[str, Any] | None = None, failure: str = ""
) -> None:
    with db.unit_of_work(actor):
        simulations.end(simulation_id, result=result, failure=failure)


def _teller(simulation_id: UUID, actor: Actor) -> Callable[[int, int], None]:
    told_at = time.monotonic_ns()

    def tell(done: int, total: int) -> None:
        nonlocal told_at
        if time.monotonic_ns() - told_at < _TOLD_EVERY_NANOSECONDS:
            return
        told_at = time.monotonic_ns()
        with db.unit_of_work(actor):
            simulations.bring_forward(simulation_id, done=done, total=total)

    return tell
