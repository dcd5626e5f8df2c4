"""How a policy is renewed: who is heard before the next version, and how soon it is looked at anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel import periods

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.kernel.policy_document import Node

_MONTHS: Final = "revised_every_months"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Roles that have their say about a draft, and after how many months a policy is looked at anew (None: never)."""

    consulted: tuple[str, ...] = ()
    every_months: int | None = None

    def due_on(self, published_from: date) -> date | None:
        """Return the day on which a version that holds from a day is looked at anew.

        Every 12 months, from 2026-03-01: on 2027-03-01.
        """
        return None if self.every_months is None else periods.add_months(published_from, self.every_months)


def parse(pack: Node) -> Revision:
    """Read what a policy's section ``pack`` says about its own renewal; raises PolicyError."""
    consulted, months = pack.optional("consulted"), pack.optional(_MONTHS)
    return Revision(
        consulted=tuple(each.text() for each in consulted.items()) if consulted else (),
        every_months=months.count(least=1) if months else None,
    )
