"""What follows every verdict besides the reactions of its event: its line in the log, and what shadows say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from tradecredit.flows import happenings
from tradecredit.flows.orders import log_checks
from tradecredit.flows.policy import shadow_policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.plumbing.outbox.draining import Happening

# Events that speak of a verdict just made. A release by people makes one too, but policy is not asked there.
_DECIDED: Final = frozenset({"order.checked", "orders.checked", "delivery.held", "delivery.released"})


def follow(*, company_id: UUID, group: Sequence[Happening]) -> None:
    """Write the lines of checks that were recorded without one, so that checks need not wait for it; ask shadows."""
    log_checks.log_checks(company_id=company_id, decision_ids=happenings.unlogged(group))
    shadow_policy.ask_shadows(
        company_id=company_id, decision_ids=_named([one for one in group if one.name in _DECIDED])
    )


def _named(group: Sequence[Happening]) -> tuple[UUID, ...]:
    names = (
        str(name or "")
        for one in group
        for name in (one.payload.get("decision_id"), *one.payload.get("decision_ids", ()))
    )
    return tuple(UUID(name) for name in dict.fromkeys(names) if name)
