"""How levels stand on a day: limit, exposure at dated rates, headroom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.exposure import node_queries
from tradecredit.core.exposure import components, rates
from tradecredit.core.exposure.nodes import Node, NodeLine, Strength
from tradecredit.core.kernel import limit as limits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

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


def of_nodes(records: Sequence[NodeRecord], *, as_of: date) -> tuple[NodeStanding, ...]:
    """Return how the levels stand, in their order; every stage counts."""
    ids = [record.id for record in records]
    if not ids:
        return ()
    book = node_queries.rate_book(as_of=as_of)
    sums = node_queries.sums(ids, as_of=as_of)
    return tuple(_standing(record, sums.get(record.id, ()), book=book, as_of=as_of) for record in records)


def _standing(
    record: NodeRecord, sums: Sequence[NodeSum], *, book: Sequence[Rate], as_of: date
) -> NodeStanding:
    node = node_of(record, {one.parts.currency: one.parts for one in sums}, book=book, as_of=as_of)
    exposure = node.total().rounded()
    return NodeStanding(
        record=record,
        node=node,
        accounts=sum(one.accounts for one in sums),
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
