"""How levels stand on a day: limit, exposure at dated rates, headroom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.analytics.exposure import node_securities
from tradecredit.apps.decisions import policies
from tradecredit.apps.exposure import node_queries
from tradecredit.core.decisions import policy
from tradecredit.core.exposure import components, rates
from tradecredit.core.exposure.measure import MeasurePolicy
from tradecredit.core.exposure.nodes import Node, NodeLine, Strength
from tradecredit.core.kernel import limit as limits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.exposure.node_queries import NodeRecord, NodeSum
    from tradecredit.core.exposure.rates import Rate
    from tradecredit.core.kernel.limit import Limit
    from tradecredit.core.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStanding:
    """A level with what it counts, in its own currency; ``missing_rates`` could not be converted."""

    record: NodeRecord
    node: Node
    accounts: int
    exposure: Money
    headroom: Limit
    missing_rates: tuple[str, ...]


def of_nodes(
    records: Sequence[NodeRecord], *, as_of: date, company_id: UUID | None
) -> tuple[NodeStanding, ...]:
    """Return how the levels stand, in their order, as the company's policy measures exposure; without one all counts."""
    ids = [record.id for record in records]
    if not ids:
        return ()
    measure = measure_of(company_id, as_of=as_of)
    book = node_queries.rate_book(as_of=as_of)
    sums = sums_of(records, as_of=as_of)
    beside = node_securities.of_nodes(ids, as_of=as_of, measure=measure)
    found = []
    for record in records:
        counted = sums.get(record.id, ())
        parts = {one.parts.currency: one.parts for one in counted}
        if not record.items:
            parts = node_securities.added(parts, beside.get(record.id, {}), measure=measure)
        node = node_of(record, parts, book=book, as_of=as_of)
        found.append(_standing(record, node, accounts=sum(one.accounts for one in counted), measure=measure))
    return tuple(found)


def sums_of(records: Sequence[NodeRecord], *, as_of: date) -> dict[UUID, tuple[NodeSum, ...]]:
    """Return what levels count by currency: whole accounts, or the items that a product group names."""
    whole = [record.id for record in records if not record.items]
    named = {record.id: record.items for record in records if record.items}
    found = node_queries.sums(whole, as_of=as_of) if whole else {}
    return {**found, **(node_queries.item_sums(named, as_of=as_of) if named else {})}


def measure_of(company_id: UUID | None, *, as_of: date) -> MeasurePolicy:
    """Return how the company measures exposure on the day; everything counts where no policy says so."""
    try:
        document = (
            None if company_id is None else policies.in_force(company_id=company_id, as_of=as_of).document
        )
    except policies.UnableToFindPolicyError:
        document = None
    return MeasurePolicy() if document is None else policy.of_document(document).measure


def _standing(record: NodeRecord, node: Node, *, accounts: int, measure: MeasurePolicy) -> NodeStanding:
    exposure = node.exposure(policy=measure).rounded()
    return NodeStanding(
        record=record,
        node=node,
        accounts=accounts,
        exposure=exposure,
        headroom=limits.headroom(limit=record.limit, exposure=exposure),
        missing_rates=node.missing_rates(),
    )


def node_of(
    record: NodeRecord,
    parts: dict[str, components.ExposureParts],
    *,
    book: Sequence[Rate],
    as_of: date,
    currency: str | None = None,
) -> Node:
    """Return a level as the rules know it; with a line for ``currency`` even where it counts nothing in it."""
    every = dict(parts)
    if currency is not None:
        every.setdefault(currency, components.none_in(currency))
    return Node(
        code=record.code,
        name=record.name,
        kind=record.kind,
        currency=record.currency,
        strength=Strength(record.strength),
        limit=record.limit,
        lines=lines_of(every, target=record.currency, book=book, as_of=as_of),
    )


def lines_of(
    parts: dict[str, components.ExposureParts], *, target: str, book: Sequence[Rate], as_of: date
) -> tuple[NodeLine, ...]:
    """Return what is counted by currency with the rate of each into the target."""
    return tuple(
        NodeLine(parts=parts[currency], rate=rates.find(book, source=currency, target=target, as_of=as_of))
        for currency in sorted(parts)
    )
