"""Releases by people: how far one reaches, which later steps it covers, and which checks stop all the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.kernel.policy_document import Node

STEPS: Final = ("delivery", "invoice")
_KEYS: Final = (
    *("tolerance", "tolerance_most", "days", "covers", "stops_anyway", "notify"),
    *("release_reasons", "reject_reasons", "code_required"),
)


class UnableToUseReasonCodeError(UnableToError):
    """The reason code is none of the policy's, or one is missing."""

    code = "reason_code_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCode:
    """A reason that policy knows, with its words."""

    code: str
    label: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePolicy:
    """How far a release by people carries: tolerance (share and most by currency), days, later steps.

    ``stops_anyway`` names checks that stop a covered step all the same, unless they were known when it was released.
    """

    tolerance: Decimal = Decimal(0)
    tolerance_most: Mapping[str, Decimal] = field(default_factory=dict)
    days: int | None = None
    covers: frozenset[str] = frozenset()
    stops_anyway: frozenset[str] = frozenset()
    notify: tuple[str, ...] = ()
    release_reasons: tuple[ReasonCode, ...] = ()
    reject_reasons: tuple[ReasonCode, ...] = ()
    is_code_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFacts:
    """A release in force for the document's order: up to which amount, what has moved of it, until when.

    ``up_to`` is the released amount with its tolerance; ``stops`` are the checks that people saw and let pass.
    """

    up_to: Money
    moved: Money
    released_on: date
    expires_on: date | None
    covers: frozenset[str]
    stops: frozenset[str]

    @property
    def left(self) -> Money:
        """Return what of the release is not used: 126,000 released with tolerance, 30,000 delivered: 96,000."""
        rest = self.up_to - self.moved
        return rest if rest.is_positive else Money.zero(self.up_to.currency)

    def holds_on(self, day: date) -> bool:
        """Tell whether the release is in force: released for 10 days on the 1st, it ends with the 10th."""
        return self.released_on <= day and (self.expires_on is None or day < self.expires_on)


def up_to(amount: Money, *, tolerance: Decimal, policy: ReleasePolicy) -> Money:
    """Return the amount that later steps may reach: 120,000 with 5 % is 126,000, with at most 2,000 it is 122,000."""
    extra = amount.times(tolerance).rounded_down()
    most = policy.tolerance_most.get(amount.currency)
    if most is not None:
        extra = min(extra, Money(most, amount.currency))
    return amount + extra


def covers(
    release: ReleaseFacts, *, step: str, amount: Money, day: date, rule: str, policy: ReleasePolicy
) -> bool:
    """Tell whether the release answers a check of a later step, so that nothing is stopped twice.

    An amendment (step ``order``) is covered like a delivery; what goes beyond the amount is checked as usual.
    """
    if not release.holds_on(day) or amount > release.left:
        return False
    if step in STEPS and step not in release.covers:
        return False
    return rule not in policy.stops_anyway or rule in release.stops


def days_of(policy: ReleasePolicy, *, asked: int | None, most: int | None) -> int | None:
    """Return for how many days a release holds: what is asked, else policy's days, never more than authority's."""
    wanted = asked if asked is not None else policy.days
    if most is None:
        return wanted
    return most if wanted is None else min(wanted, most)


def ensure_code(codes: tuple[ReasonCode, ...], *, code: str, is_required: bool) -> None:
    """Raise UnableToUseReasonCodeError for a code that policy does not know, or for a missing one."""
    known = {one.code for one in codes}
    if not code and not is_required:
        return
    # A policy without codes leaves them to the house.
    if not known or code in known:
        return
    raise UnableToUseReasonCodeError(
        Words(
            zh="请使用政策规定的原因代码：{known}。", en="Use one of the policy's reason codes: {known}."
        ).filled(known=", ".join(sorted(known))),
        reason_code=code,
    )


def to_dict(release: ReleaseFacts) -> dict[str, Any]:
    """Return the release as it is recorded with the facts."""
    return {
        "up_to": release.up_to.text(),
        "moved": release.moved.text(),
        "released_on": release.released_on.isoformat(),
        "expires_on": None if release.expires_on is None else release.expires_on.isoformat(),
        "covers": sorted(release.covers),
        "stops": sorted(release.stops),
    }


def from_dict(document: Mapping[str, Any] | None, *, currency: str) -> ReleaseFacts | None:
    """Read a release that `to_dict` wrote; facts recorded without one have none."""
    if document is None:
        return None
    ends = document["expires_on"]
    return ReleaseFacts(
        up_to=Money.of(document["up_to"], currency),
        moved=Money.of(document["moved"], currency),
        released_on=date.fromisoformat(document["released_on"]),
        expires_on=None if ends is None else date.fromisoformat(ends),
        covers=frozenset(document["covers"]),
        stops=frozenset(document["stops"]),
    )


def parse(node: Node | None) -> ReleasePolicy:
    """Read ``releases`` of the order control; without it a release covers its own amount and nothing more."""
    if node is None:
        return ReleasePolicy()
    node.only(*_KEYS)
    most, days = node.optional("tolerance_most"), node.optional("days")
    required = node.optional("code_required")
    return ReleasePolicy(
        tolerance=node.child("tolerance").number(least="0", most="1"),
        tolerance_most={} if most is None else {key: each.number(least="0") for key, each in most.entries()},
        days=None if days is None else days.count(least=1),
        covers=frozenset(each.one_of(*STEPS) for each in node.child("covers").items()),
        stops_anyway=frozenset(_texts(node.optional("stops_anyway"))),
        notify=_texts(node.optional("notify")),
        release_reasons=_codes(node.optional("release_reasons")),
        reject_reasons=_codes(node.optional("reject_reasons")),
        is_code_required=required is not None and required.flag(),
    )


def _texts(node: Node | None) -> tuple[str, ...]:
    return () if node is None else tuple(each.text() for each in node.items())


def _codes(node: Node | None) -> tuple[ReasonCode, ...]:
    items = () if node is None else node.items()
    return tuple(
        ReasonCode(code=each.only("code", "label").child("code").text(), label=each.child("label").words())
        for each in items
    )
