"""Try a policy on what really happened: each recorded decision again, with the facts as they were known then."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.decisions import policies, queries
from tradecredit.core.decisions import comparing, policy, recording
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError, UnableToError
from tradecredit.flows.orders import order_policy
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.decisions.queries import StoredDecision
    from tradecredit.core.decisions.comparing import Compared
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.policy import OrderControl
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_FLIPS_LISTED: Final = 1_000


class UnableToSimulateError(UnableToError):
    """The document is not a sound policy."""

    code = "policy_unsound"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """One document that would have gone the other way, and because of what."""

    decision_id: UUID
    reference: str
    customer: str
    grade: str
    day: date
    amount: Money
    before: str
    after: str
    newly_against: tuple[str, ...]
    no_longer_against: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the flip as plain values, money as text."""
        return {
            "decision": str(self.decision_id),
            "reference": self.reference,
            "customer": self.customer,
            "grade": self.grade,
            "day": self.day.isoformat(),
            "amount": self.amount.text(),
            "currency": self.amount.currency,
            "before": self.before,
            "after": self.after,
            "newly_against": list(self.newly_against),
            "no_longer_against": list(self.no_longer_against),
        }


@dataclass(slots=True, kw_only=True)
class Side:
    """What would be newly held, or newly released: how many documents of how many customers, for how much."""

    count: int = 0
    amounts: dict[str, Money] = field(default_factory=dict)
    customers: set[str] = field(default_factory=set)
    checks: Counter[str] = field(default_factory=Counter)
    grades: Counter[str] = field(default_factory=Counter)

    def add(self, flip: Flip, codes: tuple[str, ...]) -> None:
        """Count one document."""
        self.count += 1
        currency = flip.amount.currency
        self.amounts[currency] = self.amounts.get(currency, Money.zero(currency)) + flip.amount
        self.customers.add(flip.customer)
        self.checks.update(codes)
        self.grades[flip.grade] += 1

    def as_dict(self) -> dict[str, Any]:
        """Return the side as plain values, money as texts."""
        return {
            "count": self.count,
            "amounts": {currency: amount.text() for currency, amount in sorted(self.amounts.items())},
            "customers": len(self.customers),
            "checks": dict(self.checks.most_common()),
            "grades": dict(sorted(self.grades.items())),
        }


@dataclass(slots=True, kw_only=True)
class Simulation:
    """What a policy would have changed among the decisions looked at; the first thousand flips are listed."""

    looked_at: int = 0
    changed: int = 0
    newly_held: Side = field(default_factory=Side)
    newly_released: Side = field(default_factory=Side)
    flips: list[Flip] = field(default_factory=list)

    @property
    def flipped(self) -> int:
        """Return how many documents would have gone the other way."""
        return self.newly_held.count + self.newly_released.count

    def as_dict(self) -> dict[str, Any]:
        """Return the simulation as one document."""
        return {
            "looked_at": self.looked_at,
            "changed": self.changed,
            "flipped": self.flipped,
            "newly_held": self.newly_held.as_dict(),
            "newly_released": self.newly_released.as_dict(),
            "flips": [flip.as_dict() for flip in self.flips],
        }


def simulate_policy(
    *,
    company: Company,
    document: Mapping[str, Any],
    actor: Actor,
    since: date | None = None,
    until: date | None = None,
    progress: Callable[[int], None] | None = None,
) -> Simulation:
    """Decide every recorded decision of the company's period (both days included) again under the document.

    Nothing is written. Each decision is compared with what its own recorded policy says of the same facts, so that
    the policy in force, tried on its own decisions, flips none. Raises UnableToSimulateError for an unsound document.
    """
    control = _control(document)
    found = Simulation()
    versions: dict[UUID, OrderControl] = {}
    with scope.entered(actor):
        for stored, facts in _recorded(company, since=since, until=until):
            compared = comparing.compare(
                facts, before=_version(stored.policy_version_id, versions), after=control
            )
            _count(found, stored, facts, compared)
            if progress is not None:
                progress(found.looked_at)
    return found


def _control(document: Mapping[str, Any]) -> OrderControl:
    try:
        return policy.parse(document["order_control"])
    except (PolicyError, KeyError) as error:
        raise UnableToSimulateError(
            Words(
                zh="订单控制政策有误, 请先更正: {place}",
                en="The order control of this policy has a mistake; mend it first: {place}",
            ).filled(place=str(error))
        ) from error


def _recorded(
    company: Company, *, since: date | None, until: date | None
) -> Iterator[tuple[StoredDecision, CreditFacts]]:
    for stored in queries.since(since, company_id=company.pk):
        if stored.is_committed and (until is None or stored.as_of <= until):
            yield stored, recording.from_dict(stored.facts)


def _version(version_id: UUID, versions: dict[UUID, OrderControl]) -> OrderControl:
    if version_id not in versions:
        versions[version_id] = order_policy.parsed(policies.by_id(version_id)).control
    return versions[version_id]


def _count(found: Simulation, stored: StoredDecision, facts: CreditFacts, compared: Compared) -> None:
    found.looked_at += 1
    found.changed += compared.before is not compared.after
    if not compared.is_flipped:
        return
    flip = Flip(
        decision_id=stored.id,
        reference=stored.reference,
        customer=facts.customer.code,
        grade=facts.rating.grade or "–",
        day=stored.as_of,
        amount=stored.amount,
        before=compared.before.text,
        after=compared.after.text,
        newly_against=compared.newly_against,
        no_longer_against=compared.no_longer_against,
    )
    if compared.is_newly_held:
        found.newly_held.add(flip, compared.newly_against)
    else:
        found.newly_released.add(flip, compared.no_longer_against)
    if len(found.flips) < _FLIPS_LISTED:
        found.flips.append(flip)
