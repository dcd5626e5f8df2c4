"""Gather the levels above accounts: groups and portfolios, and lines in one currency shared by several.

Locks come in one order everywhere: accounts, then levels, each sorted by identifier.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from tradecredit.analytics.exposure import node_standings
from tradecredit.apps.exposure import node_locks, node_queries, queries
from tradecredit.core.exposure import components, nodes
from tradecredit.core.exposure.nodes import Node, Strength
from tradecredit.core.kernel.limit import NotSet
from tradecredit.flows.orders import order_background, shared_lines
from tradecredit.flows.orders.order_background import OnAccount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.exposure.node_queries import NodeRecord, NodeSum
    from tradecredit.apps.exposure.queries import Account
    from tradecredit.core.exposure.rates import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRef:
    """Where a level of the facts stands in the books: a node, or the accounts that share a line."""

    node_id: UUID | None
    account_ids: frozenset[UUID]
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The levels of one account on one day; ``refs`` and ``nodes`` stand in the same order."""

    refs: tuple[LevelRef, ...] = ()
    nodes: tuple[Node, ...] = ()


NONE = Levels()


C = TypeVar("C", bound=OnAccount)


def added(gathered: Sequence[C], *, is_locked: bool) -> tuple[C, ...]:
    """Return the cases with their background and the levels above their accounts; locked with ``is_locked``.

    The accounts of each customer are locked by the caller already, in every currency.
    """
    cases = order_background.added(gathered)
    families = _families(case.account for case in cases)
    lineless = {case.account.id for case in cases if isinstance(case.facts.line.limit, NotSet)}
    found = _gather(
        {(case.account.id, case.day): case.account for case in cases},
        families=families,
        lineless=lineless,
        is_locked=is_locked,
    )
    if not found:
        return tuple(cases)
    return tuple(_with(case, found.get((case.account.id, case.day), NONE)) for case in cases)


def _with(case: C, levels: Levels) -> C:
    facts = dataclasses.replace(case.facts, nodes=levels.nodes)
    return dataclasses.replace(case, facts=facts, levels=levels)  # type: ignore[type-var] # cases are dataclasses


def _families(accounts: Iterable[Account]) -> dict[UUID, tuple[Account, ...]]:
    """Return all accounts of the customer in the company, for each account; read under the accounts' locks."""
    ours = {account.id: account for account in accounts}
    every = queries.accounts_of_customers({(one.company_id, one.customer_id) for one in ours.values()})
    return {account.id: every.get((account.company_id, account.customer_id), ()) for account in ours.values()}


def _gather(
    places: Mapping[tuple[UUID, date], Account],
    *,
    families: Mapping[UUID, Sequence[Account]],
    lineless: AbstractSet[UUID],
    is_locked: bool,
) -> dict[tuple[UUID, date], Levels]:
    by_day: defaultdict[date, list[Account]] = defaultdict(list)
    for (_, day), account in places.items():
        by_day[day].append(account)
    counted = {
        day: node_queries.nodes_of_accounts([account.id for account in accounts], as_of=day)
        for day, accounts in by_day.items()
    }
    every = {node for each in counted.values() for ids in each.values() for node in ids}
    if is_locked and every:
        node_locks.lock_nodes(every)
    found: dict[tuple[UUID, date], Levels] = {}
    for day, accounts in by_day.items():
        sharing = [one for one in accounts if one.id in lineless or len(families[one.id]) > 1]
        shared = shared_lines.of_accounts(sharing, families=families, as_of=day) if sharing else {}
        found |= _on(day, accounts, counted[day], shared)
    return found


def _on(
    day: date,
    accounts: Sequence[Account],
    counted: Mapping[UUID, frozenset[UUID]],
    shared: Mapping[UUID, shared_lines.SharedLine],
) -> dict[tuple[UUID, date], Levels]:
    ids = {node for each in counted.values() for node in each}
    if not ids and not shared:
        return {}
    book = node_queries.rate_book(as_of=day)
    records = node_queries.nodes(as_of=day, ids=ids) if ids else ()
    sums = node_queries.sums(ids, as_of=day) if ids else {}
    result = {}
    for account in accounts:
        pairs = [
            _of_node(record, sums.get(record.id, ()), account, book=book, day=day)
            for record in records
            if record.id in counted.get(account.id, ())
        ]
        if account.id in shared:
            pairs.insert(0, _of_line(shared[account.id], account, book=book, day=day))
        if pairs:
            result[account.id, day] = Levels(
                refs=tuple(ref for ref, _ in pairs), nodes=tuple(node for _, node in pairs)
            )
    return result


def _of_node(
    record: NodeRecord, sums: Sequence[NodeSum], account: Account, *, book: Sequence[Rate], day: date
) -> tuple[LevelRef, Node]:
    parts = {one.parts.currency: one.parts for one in sums}
    node = node_standings.node_of(record, parts, book=book, as_of=day, currency=account.currency)
    return LevelRef(node_id=record.id, account_ids=frozenset(), day=day), node


def _of_line(
    line: shared_lines.SharedLine, account: Account, *, book: Sequence[Rate], day: date
) -> tuple[LevelRef, Node]:
    parts = {account.currency: components.none_in(account.currency)}
    parts |= {member.currency: shared_lines.parts_of(member) for member in line.members}
    node = Node(
        code=f"line:{line.currency}",
        name=f"{line.name} {line.currency}",
        kind=nodes.SHARED_LINE,
        currency=line.currency,
        strength=Strength.JOINT,
        limit=line.limit,
        lines=node_standings.lines_of(parts, target=line.currency, book=book, as_of=day),
    )
    accounts = frozenset(member.id for member in line.members) | {account.id}
    return LevelRef(node_id=None, account_ids=accounts, day=day), node
