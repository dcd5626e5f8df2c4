"""Whether the yes votes of a flow satisfy the authority table: a diagram may ask more people, never fewer.

Two yes votes as sales manager and finance manager satisfy a row that countersigns both; one as sales director
satisfies it for the sales manager, if the table lets the director stand in, and leaves the finance manager missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.approvals.authority import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradecredit.core.approvals.authority import Authority
    from tradecredit.core.approvals.four_eyes import Vote
    from tradecredit.core.approvals.routing import Route


def missing(*, route: Route, authority: Authority, votes: Sequence[Vote]) -> tuple[str, ...]:
    """Return the roles whose yes is still needed by the table; none when the request is covered."""
    given = [vote.role for vote in votes if vote.agrees]
    if route.mode is not Mode.COUNTERSIGN:
        is_covered = any(_fills(role, wanted, authority) for wanted in route.roles for role in given)
        return () if is_covered else route.roles
    left = list(given)
    lacking = []
    # Those who hold the role itself first: a stand-in may be needed for another place.
    for wanted in sorted(route.roles, key=lambda role: role not in given):
        found = next((role for role in _best_first(left, wanted) if _fills(role, wanted, authority)), None)
        if found is None:
            lacking.append(wanted)
        else:
            left.remove(found)
    return tuple(role for role in route.roles if role in lacking)


def able(roles: Iterable[str], authority: Authority) -> tuple[str, ...]:
    """Return the roles with those that the table lets stand in for them."""
    named = list(dict.fromkeys(roles))
    return tuple(
        dict.fromkeys([*named, *(one for role in named for one in sorted(authority.stands_in.get(role, ())))])
    )


def _best_first(roles: Sequence[str], wanted: str) -> list[str]:
    return sorted(roles, key=lambda role: role != wanted)


def _fills(role: str, wanted: str, authority: Authority) -> bool:
    return role == wanted or role in authority.stands_in.get(wanted, frozenset())
