"""Which seat of a step a person may fill: by role, by name, or for somebody who has delegated.

A countersigned step has a seat for each role, and a risk director fills the risk director's first; a vote has a seat
for each person. Whoever asked fills none, whoever has a standing vote fills none, not for themselves and not for
another, and nobody fills a seat for whoever asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.approvals import four_eyes
from tradecredit.core.approvals.diagrams.assignment import Together

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from tradecredit.core.approvals.diagrams.voting import Ballot


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with the roles that they hold in the company."""

    id: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The seats of an open step: who is asked and which places are filled."""

    roles: tuple[str, ...]
    people: frozenset[str]
    reserved_for: str | None
    ballot: Ballot
    filled: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A place in a step, the role that it is filled in, and for whom where that is another."""

    place: str
    role: str
    behalf_of: str | None = None


def seat(
    bench: Bench,
    *,
    voter: Person,
    delegators: Sequence[Person],
    requester: str | None,
    voters: Collection[str],
    stands_in: Mapping[str, frozenset[str]],
) -> Seat:
    """Return the seat that the voter fills, in their own right first; raises UnableToApproveError with the reason."""
    four_eyes.ensure_other_eyes(person=voter.id, requester=requester, voters=voters)
    for person in (voter, *delegators):
        if person.id in {requester, *voters} or bench.reserved_for not in {None, person.id, voter.id}:
            continue
        found = _role(bench, person, stands_in)
        if found is not None:
            place = found if _is_by_role(bench) else person.id
            return Seat(place=place, role=found, behalf_of=None if person is voter else person.id)
    raise four_eyes.refusal(
        "no_authority",
        zh="您的角色无权审批这一步。请由该步骤的处理人处理。",
        en="Your roles do not decide this step: it waits for those whom it names.",
        needed=", ".join(role for role in bench.roles if role not in bench.filled),
    )


def _role(bench: Bench, person: Person, stands_in: Mapping[str, frozenset[str]]) -> str | None:
    for role in bench.roles:
        is_free = not _is_by_role(bench) or role not in bench.filled
        if is_free and (role in person.roles or stands_in.get(role, frozenset()) & person.roles):
            return role
    if person.id in bench.people:
        return min(person.roles, default="named")
    return None


def _is_by_role(bench: Bench) -> bool:
    return bench.ballot.together is Together.ALL and len(bench.roles) > 1
