"""Gather the levels above accounts: groups and portfolios, and lines in one currency shared by several.

Locks come in one order everywhere: accounts, then levels, each sorted by identifier.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from tradecredit.analytics.exposure import node_securities, node_standings
from tradecredit.apps.exposure import node_locks, node_queries, queries
from tradecredit.apps.orders import parts
from tradecredit.core.exposure import components, items, nodes
from tradecredit.core.exposure.nodes import Node, Strength
from tradecredit.core.kernel.limit import NotSet
from tradecredit.core.kernel.money import Money
from tradecredit.flows.orders import order_background, shared_lines
from tradecredit.flows.orders.order_background import OnAccount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.analytics.exposure.node_securities import Beside
    from tradecredit.apps.exposure.node_queries import NodeRecord, NodeSum
    from tradecredit.apps.exposure.queries import Account
    from tradecredit.core.exposure.components import ExposureParts
    from tradecredit.core.exposure.measure import MeasurePolicy
    from tradecredit.core.exposure.parting import PartLine
    from tradecredit.core.exposure.rates import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRef:
    """Where a level of the facts stands in the books: a node, or the accounts that share a line.

    ``items`` are those that a product group names: of a document only the lines about them count there.
    """

    node_id: UUID | None
    account_ids: frozenset[UUID]
    day: date
    items: tuple[str, ...] = ()


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
    places = {(case.account.id, case.day): _place(case, families[case.account.id]) for case in cases}
    found = _gather(places.values(), is_locked=is_locked)
    if not found:
        return tuple(cases)
    lines = _lines(cases) if any(ref.items for each in found.values() for ref in each.refs) else {}
    return tuple(_with(case, found.get((case.account.id, case.day), NONE), lines) for case in cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """An account on a day, with all accounts of its customer and how its policy measures exposure."""

    account: Account
    day: date
    family: Sequence[Account]
    has_line: bool
    exposure: ExposureParts
    measure: MeasurePolicy

    @property
    def key(self) -> tuple[UUID, date]:
        return self.account.id, self.day


def _place(case: OnAccount, family: Sequence[Account]) -> _Place:
    return _Place(
        account=case.account,
        day=case.day,
        family=family,
        has_line=not isinstance(case.facts.line.limit, NotSet),
        exposure=case.facts.exposure,
        measure=case.policy.control.measure,
    )


def _lines(cases: Sequence[OnAccount]) -> Mapping[UUID, Sequence[PartLine]]:
    return parts.lines_of(case.order.id for case in cases if case.order is not None)


def _with(case: C, found: Levels, lines: Mapping[UUID, Sequence[PartLine]]) -> C:
    levels = _of_items(case, found, lines) if any(ref.items for ref in found.refs) else found
    facts = dataclasses.replace(case.facts, nodes=levels.nodes)
    return dataclasses.replace(case, facts=facts, levels=levels)  # type: ignore[type-var] # cases are dataclasses


def _of_items(case: OnAccount, found: Levels, lines: Mapping[UUID, Sequence[PartLine]]) -> Levels:
    """Return the levels that concern the document: product groups with its share of their items, or without them."""
    told = case.request.lines or (() if case.order is None else lines.get(case.order.id, ()))
    pairs = []
    for ref, node in zip(found.refs, found.nodes, strict=True):
        share = items.share_of(told, named=ref.items) if ref.items else None
        if share is None or share.counted != 0:
            pairs.append((ref, dataclasses.replace(node, items=share)))
    return Levels(refs=tuple(ref for ref, _ in pairs), nodes=tuple(node for _, node in pairs))


def _families(accounts: Iterable[Account]) -> dict[UUID, tuple[Account, ...]]:
    """Return all accounts of the customer in the company, for each account; read under the accounts' locks."""
    ours = {account.id: account for account in accounts}
    every = queries.accounts_of_customers({(one.company_id, one.customer_id) for one in ours.values()})
    return {account.id: every.get((account.company_id, account.customer_id), ()) for account in ours.values()}


def _gather(places: Iterable[_Place], *, is_locked: bool) -> dict[tuple[UUID, date], Levels]:
    by_day: defaultdict[date, list[_Place]] = defaultdict(list)
    for place in places:
        by_day[place.day].append(place)
    counted = {
        day: node_queries.nodes_of_accounts([one.account.id for one in ours], as_of=day)
        for day, ours in by_day.items()
    }
    every = {node for each in counted.values() for ids in each.values() for node in ids}
    if is_locked and every:
        node_locks.lock_nodes(every)
    found: dict[tuple[UUID, date], Levels] = {}
    for day, ours in by_day.items():
        sharing = [one for one in ours if not one.has_line or len(one.family) > 1]
        shared = _shared(sharing, day=day) if sharing else {}
        found |= _on(day, ours, counted[day], shared)
    return found


def _shared(places: Sequence[_Place], *, day: date) -> dict[UUID, shared_lines.SharedLine]:
    families = {one.account.id: one.family for one in places}
    return shared_lines.of_accounts([one.account for one in places], families=families, as_of=day)


def _on(
    day: date,
    places: Sequence[_Place],
    counted: Mapping[UUID, frozenset[UUID]],
    shared: Mapping[UUID, shared_lines.SharedLine],
) -> dict[tuple[UUID, date], Levels]:
    ids = {node for each in counted.values() for node in each}
    if not ids and not shared:
        return {}
    book = node_queries.rate_book(as_of=day)
    records = node_queries.nodes(as_of=day, ids=ids) if ids else ()
    sums = node_standings.sums_of(records, as_of=day)
    measures = {one.account.company_id: one.measure for one in places}
    beside = {
        company: node_securities.of_nodes(ids, as_of=day, measure=measure) if ids else {}
        for company, measure in measures.items()
    }
    members = shared_lines.parts_of(shared.values(), as_of=day)
    result = {}
    for place in places:
        account = place.account
        pairs = [
            _of_node(record, sums.get(record.id, ()), beside[account.company_id], place, book=book)
            for record in records
            if record.id in counted.get(account.id, ())
        ]
        if account.id in shared:
            pairs.insert(0, _of_line(shared[account.id], members, place, book=book))
        if pairs:
            result[place.key] = Levels(
                refs=tuple(ref for ref, _ in pairs), nodes=tuple(node for _, node in pairs)
            )
    return result


def _of_node(
    record: NodeRecord,
    sums: Sequence[NodeSum],
    beside: Mapping[UUID, Beside],
    place: _Place,
    *,
    book: Sequence[Rate],
) -> tuple[LevelRef, Node]:
    currency, day = place.account.currency, place.day
    counted = {one.parts.currency: one.parts for one in sums}
    if not record.items:
        counted = node_securities.added(counted, beside.get(record.id, {}), measure=place.measure)
        if currency in counted:
            counted[currency] = _without_own_cover(counted[currency], own=place.exposure)
    node = node_standings.node_of(record, counted, book=book, as_of=day, currency=currency)
    return LevelRef(node_id=record.id, account_ids=frozenset(), day=day, items=record.items), node


def _without_own_cover(counted: ExposureParts, *, own: ExposureParts) -> ExposureParts:
    """Return the level with the covers of the others: the account's own counts by what it will owe (`nodes.room`)."""
    zero = Money.zero(counted.currency)
    owed, covers = max(own.total, zero), {}
    for kind, amount in sorted(counted.covers.items()):
        ours = min(own.covers.get(kind, zero), owed)
        owed -= ours
        covers[kind] = max(amount - ours, zero)
    return dataclasses.replace(counted, covers=covers)


def _of_line(
    line: shared_lines.SharedLine,
    members: Mapping[UUID, ExposureParts],
    place: _Place,
    *,
    book: Sequence[Rate],
) -> tuple[LevelRef, Node]:
    account, day = place.account, place.day
    counted = {account.currency: components.none_in(account.currency)}
    counted |= {member.currency: members[member.id] for member in line.members}
    lines = node_standings.lines_of(counted, target=line.currency, book=book, as_of=day)
    node = Node(
        code=f"line:{line.currency}",
        name=f"{line.name} {line.currency}",
        kind=nodes.SHARED_LINE,
        currency=line.currency,
        strength=Strength.JOINT,
        limit=nodes.with_cover(line.limit, lines, policy=place.measure),
        lines=lines,
    )
    accounts = frozenset(member.id for member in line.members) | {account.id}
    return LevelRef(node_id=None, account_ids=accounts, day=day), node
