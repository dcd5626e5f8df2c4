"""Room that came back: whoever has something held is looked at again, at the account and at the levels above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.decisions import queries as decisions
from tradecredit.apps.exposure import node_queries
from tradecredit.apps.exposure import queries as exposure
from tradecredit.apps.orders import queries as orders
from tradecredit.apps.orders import stopped
from tradecredit.plumbing import db
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from tradecredit.plumbing.access.models import Company

# How a stored verdict says that a document did not fit at a level.
_AT_A_LEVEL: Final = "control_nodes.failed"


def tell(*, company: Company, customer_ids: Iterable[UUID]) -> None:
    """Have held documents looked at again where there are any that the room may cure; silent where there are none."""
    db.transaction_required()
    if not orders.is_any_held(company_id=company.pk) and not stopped.is_any_held(company_id=company.pk):
        return
    events.emit_many(
        name="room.freed",
        company_id=company.pk,
        payloads=[(one, {"customer_id": one}) for one in sorted(set(customer_ids), key=str)],
    )


def fellows(*, company: Company, customer_ids: Iterable[UUID], as_of: date) -> tuple[UUID, ...]:
    """Return the customers with others of their levels whose documents are held for want of room at a level.

    Whoever is concerned comes first. Members of other companies are looked at there, when something happens there.
    """
    ours = tuple(dict.fromkeys(customer_ids))
    stuck = _stuck_at_levels(company) - set(ours)
    if not stuck:
        return ours
    counted = node_queries.nodes_of_accounts(node_queries.account_ids_of(ours), as_of=as_of)
    nodes = {node for each in counted.values() for node in each}
    members = node_queries.accounts_of_nodes(nodes, as_of=as_of) if nodes else {}
    homes = exposure.accounts_by_id({one for each in members.values() for one in each})
    others = {one.customer_id for one in homes.values() if one.company_id == company.pk} & stuck
    return (*ours, *sorted(others, key=str))


def _stuck_at_levels(company: Company) -> set[UUID]:
    held = orders.held_decisions(company_id=company.pk)
    return {held[one] for one in decisions.saying(held, sentence=_AT_A_LEVEL)}
