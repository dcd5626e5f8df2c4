"""Try a policy on what really happened: each recorded decision again, with the facts as they were known then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tradecredit.analytics.receivables import became
from tradecredit.apps.decisions import recorded
from tradecredit.apps.decisions.recorded import Which
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.decisions import policy
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError, UnableToError
from tradecredit.flows.policy.recorded_again import Again
from tradecredit.flows.policy.simulated import Simulation
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.core.decisions.policy import OrderControl
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

    Progress = Callable[[int, int], None]


class UnableToSimulateError(UnableToError):
    """The document is not a sound policy."""

    code = "policy_unsound"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Which decisions to try: a period (both days included), a grade as it was then, a region, a salesperson."""

    since: date | None = None
    until: date | None = None
    grade: str | None = None
    region: str | None = None
    salesperson: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """Return the slice as texts; `from_dict` reads them again."""
        return {
            "since": None if self.since is None else self.since.isoformat(),
            "until": None if self.until is None else self.until.isoformat(),
            "grade": self.grade,
            "region": self.region,
            "salesperson": self.salesperson,
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, str | None]) -> Slice:
        """Read a slice that was written by `as_dict`."""
        since, until = document["since"], document["until"]
        return cls(
            since=None if since is None else date.fromisoformat(since),
            until=None if until is None else date.fromisoformat(until),
            grade=document["grade"],
            region=document["region"],
            salesperson=document["salesperson"],
        )


def simulate_policy(
    *,
    company: Company,
    document: Mapping[str, Any],
    actor: Actor,
    part: Slice | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Decide every recorded decision of the slice again under the document; ``progress`` gets done and all.

    Nothing is written. Each decision is compared with what its own recorded policy says of the same facts, so that
    the policy in force, tried on its own decisions, flips none. Raises UnableToSimulateError for an unsound document.
    """
    control = ensure_sound(document)
    found, wanted = Simulation(), part or Slice()
    with scope.entered(actor):
        which = _which(company, wanted)
        total = recorded.count(which)
        again = Again(
            which,
            control=control,
            grade=wanted.grade,
            progress=lambda done: None if progress is None else progress(done, total),
        )
        for alike in again.changed():
            found.add(alike)
        found.looked_at = again.looked_at
        _place(found, company)
    return found


def count_of(*, company: Company, part: Slice, actor: Actor) -> int:
    """Return how many recorded decisions a simulation of the slice walks."""
    with scope.entered(actor):
        return recorded.count(_which(company, part))


def _which(company: Company, part: Slice) -> Which:
    customers = None
    if part.region is not None or part.salesperson is not None:
        customers = dossier.ids_of_segment(region=part.region, salesperson=part.salesperson)
    return Which(company_id=company.pk, since=part.since, until=part.until, customer_ids=customers)


def ensure_sound(document: Mapping[str, Any]) -> OrderControl:
    """Return the document's order control; raises UnableToSimulateError where it cannot be read."""
    try:
        return policy.of_document(document)
    except (PolicyError, KeyError) as error:
        raise UnableToSimulateError(
            Words(
                zh="订单控制政策有误，请先更正：{place}",
                en="The order control of this policy has a mistake; mend it first: {place}",
            ).filled(place=str(error))
        ) from error


def _place(found: Simulation, company: Company) -> None:
    """Say which documents they are, of both sides whose, and what became of them in the books."""
    found.told(recorded.told(found.to_list))
    today = clock.today(company)
    for side in (found.newly_held, found.newly_released):
        records = dossier.customers_by_code(side.customers)
        side.place({code: (one.region, one.salesperson) for code, one in records.items()})
        side.became(
            became.of_decisions(
                company_id=company.pk,
                decision_ids=side.decision_ids,
                grades=side.decision_grades,
                as_of=today,
            )
        )
