"""How cases are worked, as a policy says it: who collects when, how likely money comes, plans, time limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from tradecredit.core.collections import outcomes, plan_library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.kernel.policy_document import Node

Mode = Literal["automatic", "guided"]
CHANNELS: Final = ("internal", "agency", "legal")
INTERNAL: Final = "internal"
# Besides the ways of asking: a letter on paper.
LETTER: Final = "letter"
_KEYS: Final = (
    *(
        "channels",
        "opens_on_downgrade",
        "service_priority",
        "service",
        "chances",
        "broken_promise",
        "urgency",
        "follow_up_days",
        "cash_after_contact_days",
        "contact_costs",
    ),
    "limitation",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeStep:
    """A factor for what is overdue up to so many days; no end: for everything older."""

    to_days: int | None
    factor: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MostLetters:
    """At most so many dunning letters to one customer within so many days."""

    letters: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRules:
    """Who answers disputes and complaints, until when; without a section these figures hold."""

    role: str = "credit_specialist"
    due_in_days: int = 3
    # Customers of the grades of ``service_priority``, and high-risk ones where the policy says so.
    first_in_days: int = 1
    is_high_risk_first: bool = True
    # A complaint that began longer ago is history that was taken over: nobody is sent after it.
    complaint_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePolicy:
    """What holds for cases; without a section nothing is ranked down and nobody is told of a time limit."""

    channels: tuple[tuple[str, int], ...] = ()
    opens_on_downgrade: bool = False
    service_priority: tuple[str, ...] = ()
    service: ServiceRules = field(default_factory=ServiceRules)
    chances: tuple[AgeStep, ...] = ()
    urgency: tuple[AgeStep, ...] = ()
    broken_promise: Decimal = Decimal(1)
    follow_up_days: Mapping[str, int] = field(default_factory=dict)
    # What came within so many days of a contact counts as its effect; without a figure nothing does.
    cash_after_contact_days: int = 0
    # What asking once costs the house, by way; in the company's own currency.
    contact_costs: Mapping[str, Decimal] = field(default_factory=dict)
    limitation_years: int | None = None
    limitation_red_days: int = 0
    plans: tuple[plan_library.ActionPlan, ...] = ()

    def chance(self, *, days_overdue: int, broken_promises: int) -> Decimal:
        """Return how likely it is that asking brings the money: falls with age and with every broken promise.

        A chance of 0.75 at the age and 0.8 for a broken promise make 0.60 after one of them.
        """
        return _factor(self.chances, days_overdue) * self.broken_promise**broken_promises

    def channel_for(self, days_overdue: int) -> str:
        """Return who collects what is so many days overdue: with an agency from day 91, day 90 is our own."""
        found = INTERNAL
        for channel, from_days in self.channels:
            if days_overdue >= from_days:
                found = channel
        return found

    def urgency_of(self, days_overdue: int) -> Decimal:
        """Return by how much the age makes a matter more urgent."""
        return _factor(self.urgency, days_overdue)


def read(top: Node) -> CasePolicy:
    """Read the ``cases`` and ``plans`` of a dunning section; raises PolicyError naming the place of a bad value."""
    plans = top.optional("plans")
    library = plan_library.read(plans.items()) if plans is not None else ()
    node = top.optional("cases")
    if node is None:
        return CasePolicy(plans=library)
    node.only(*_KEYS)
    downgrade = node.optional("opens_on_downgrade")
    priority = node.optional("service_priority")
    broken = node.optional("broken_promise")
    years, red_days = _limitation(node)
    return CasePolicy(
        channels=_channels(node),
        opens_on_downgrade=downgrade is not None and downgrade.flag(),
        service_priority=tuple(item.text() for item in priority.items()) if priority is not None else (),
        service=_service(node),
        chances=_ages(node, "chances", most="1"),
        urgency=_ages(node, "urgency", most=None),
        broken_promise=broken.number(least="0", most="1") if broken is not None else Decimal(1),
        follow_up_days=_follow_up(node),
        cash_after_contact_days=_days(node, "cash_after_contact_days"),
        contact_costs=_costs(node),
        limitation_years=years,
        limitation_red_days=red_days,
        plans=library,
    )


def read_most_letters(top: Node) -> MostLetters | None:
    """Read the cap of letters, if there is one."""
    node = top.optional("most_letters")
    if node is None:
        return None
    node.only("letters", "days")
    return MostLetters(letters=node.child("letters").count(least=1), days=node.child("days").count(least=1))


def _service(node: Node) -> ServiceRules:
    place = node.optional("service")
    if place is None:
        return ServiceRules()
    place.only("role", "due_in_days", "first_in_days", "high_risk_first", "complaint_days")
    days, most = place.child("due_in_days").count(), place.optional("complaint_days")
    first = place.child("first_in_days").count()
    if first > days:
        raise place.error("first_in_days is not later than due_in_days")
    return ServiceRules(
        role=place.child("role").text(),
        due_in_days=days,
        first_in_days=first,
        is_high_risk_first=place.child("high_risk_first").flag(),
        complaint_days=ServiceRules().complaint_days if most is None else most.count(),
    )


def _factor(steps: tuple[AgeStep, ...], days: int) -> Decimal:
    for step in steps:
        if step.to_days is None or days <= step.to_days:
            return step.factor
    return steps[-1].factor if steps else Decimal(1)


def _ages(node: Node, key: str, *, most: str | None) -> tuple[AgeStep, ...]:
    place = node.optional(key)
    if place is None:
        return ()
    steps = []
    for part in place.items():
        part.only("to_days", "factor")
        days = part.optional("to_days")
        steps.append(
            AgeStep(
                to_days=days.count() if days is not None else None,
                factor=part.child("factor").number(least="0", most=most),
            )
        )
    ends = [step.to_days for step in steps]
    closed = [end for end in ends if end is not None]
    if None in ends[:-1] or closed != sorted(set(closed)):
        raise place.error("to_days rises from one to the next; only the last may have no end")
    return tuple(steps)


def _channels(node: Node) -> tuple[tuple[str, int], ...]:
    place = node.optional("channels")
    if place is None:
        return ()
    found = tuple(
        (
            part.only("channel", "from_days").child("channel").one_of(*CHANNELS),
            part.child("from_days").count(least=1),
        )
        for part in place.items()
    )
    days = [from_days for _, from_days in found]
    if days != sorted(set(days)) or [CHANNELS.index(one) for one, _ in found] != sorted(
        {CHANNELS.index(one) for one, _ in found}
    ):
        raise place.error("each channel begins later than the one before it: internal, agency, legal")
    return found


def _follow_up(node: Node) -> dict[str, int]:
    place = node.optional("follow_up_days")
    if place is None:
        return {}
    place.only(*outcomes.CODES)
    return {code: days.count() for code, days in place.entries()}


def _days(node: Node, key: str) -> int:
    place = node.optional(key)
    return place.count() if place is not None else 0


def _costs(node: Node) -> dict[str, Decimal]:
    place = node.optional("contact_costs")
    if place is None:
        return {}
    place.only(*outcomes.WAYS, LETTER)
    return {way: cost.number(least="0") for way, cost in place.entries()}


def _limitation(node: Node) -> tuple[int | None, int]:
    place = node.optional("limitation")
    if place is None:
        return None, 0
    place.only("years", "red_days")
    return place.child("years").count(least=1), place.child("red_days").count()
