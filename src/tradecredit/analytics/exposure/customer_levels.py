"""The levels above accounts as people look at them: those of a company, and those in which a customer counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.analytics.exposure import node_standings
from tradecredit.apps.exposure import node_queries, queries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.analytics.exposure.node_standings import NodeStanding
    from tradecredit.apps.exposure.node_queries import MemberRecord, NodeLimitRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFile:
    """A level with its named members and the history of its limit, latest first."""

    standing: NodeStanding
    members: Sequence[MemberRecord]
    limits: Sequence[NodeLimitRecord]


def of_customer(*, customer_id: UUID, company_id: UUID, as_of: date) -> tuple[NodeStanding, ...]:
    """Return the levels in which the customer's accounts in the company count, by code."""
    accounts = queries.accounts_of_customer(customer_id, company_id=company_id)
    counted = node_queries.nodes_of_accounts([account.id for account in accounts], as_of=as_of)
    ids = {node for each in counted.values() for node in each}
    if not ids:
        return ()
    records = node_queries.nodes(as_of=as_of, ids=ids)
    return node_standings.of_nodes(records, as_of=as_of, company_id=company_id)


def of_company(*, company_id: UUID, as_of: date) -> tuple[NodeFile, ...]:
    """Return every level that counts in the company, by code, with members and limits."""
    records = node_queries.nodes(as_of=as_of, company_id=company_id, only_active=False)
    ids = [record.id for record in records]
    members = node_queries.members(node_ids=ids, as_of=as_of)
    limits = node_queries.limit_history(node_ids=ids)
    return tuple(
        NodeFile(
            standing=standing,
            members=[one for one in members if one.node_id == standing.record.id],
            limits=[one for one in limits if one.node_id == standing.record.id],
        )
        for standing in node_standings.of_nodes(records, as_of=as_of, company_id=company_id)
    )
