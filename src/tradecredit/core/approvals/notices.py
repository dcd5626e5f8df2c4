"""What a policy says about telling deciders: how long a link holds, above what it wants a password, when it is quiet.

A notice made at 21:10 with quiet hours from 20:00 to 08:30 leaves at 08:30 the next day, one made at 07:00 at 08:30 the
same day, one made at noon at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from tradecredit.core.kernel.money import Money
    from tradecredit.core.kernel.policy_document import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """How deciders are told; without ``link_days`` no message carries a link that decides."""

    link_days: int = 0
    password_above: Decimal | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None

    def wants_password(self, amount: Money | None, *, currency: str) -> bool:
        """Tell whether deciding by a link takes the password besides: above the amount, and in other currencies."""
        if self.password_above is None or amount is None:
            return False
        return amount.currency != currency or amount.amount > self.password_above


def parse(node: Node | None) -> Notices:
    """Read ``notices`` of an authority table; raises PolicyError naming the place of the first bad value."""
    if node is None:
        return Notices()
    node.only("source", "reason", "link_days", "password_above", "quiet")
    above, quiet = node.optional("password_above"), node.optional("quiet")
    if quiet is not None:
        quiet.only("from", "until")
    return Notices(
        link_days=node.child("link_days").count(least=0),
        password_above=None if above is None else above.number(least="0"),
        quiet_from=None if quiet is None else _moment(quiet.child("from")),
        quiet_until=None if quiet is None else _moment(quiet.child("until")),
    )


def leaves_at(moment: datetime, terms: Notices) -> datetime | None:
    """Return when a notice made at a local moment leaves; None for at once."""
    if terms.quiet_from is None or terms.quiet_until is None or not _is_quiet(moment.time(), terms):
        return None
    ends = datetime.combine(moment.date(), terms.quiet_until, tzinfo=moment.tzinfo)
    return ends if ends > moment else ends + timedelta(days=1)


def _is_quiet(at: time, terms: Notices) -> bool:
    assert terms.quiet_from is not None  # noqa: S101 - asked by the caller
    assert terms.quiet_until is not None  # noqa: S101 - asked by the caller
    if terms.quiet_from <= terms.quiet_until:
        return terms.quiet_from <= at < terms.quiet_until
    return at >= terms.quiet_from or at < terms.quiet_until


def _moment(node: Node) -> time:
    try:
        return time.fromisoformat(node.text())
    except ValueError:
        raise node.error(f"{node.value!r} is not a time of day such as 08:30") from None
