"""Count the requests of one batch as they are decided, so that each sees the room that those before it took."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradecredit.apps.exposure.operations import LevelCeiling
from tradecredit.core.decisions import checks_nodes
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.exposure import components, items
from tradecredit.core.kernel.limit import Amount

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.exposure.queries import HeldRoom
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import Decision
    from tradecredit.core.exposure.components import ExposureParts
    from tradecredit.core.exposure.measure import MeasurePolicy
    from tradecredit.core.exposure.nodes import Node
    from tradecredit.core.kernel.money import Money
    from tradecredit.flows.orders.order_cases import Case
    from tradecredit.flows.orders.order_levels import LevelRef


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomChange:
    """What the batch does in the end for one document: room to give back, room to keep."""

    case: Case
    decision_id: UUID
    gives_back: HeldRoom | None
    withdraws_ordered: Money
    keeps: Money | None
    ceiling: Decimal | None
    levels: tuple[LevelCeiling, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """An account that the batch has moved: how it stood before, and the levels in which it counts."""

    before: ExposureParts
    node_ids: frozenset[UUID]


@dataclass(slots=True)
class Tally:
    """The running count of one batch; it is thrown away with it."""

    _exposure: dict[UUID, ExposureParts] = field(default_factory=dict)
    _own: dict[tuple[UUID, str], ExposureParts] = field(default_factory=dict)
    _moved: dict[UUID, _Moved] = field(default_factory=dict)
    # What documents took in product groups that count their items, by group.
    _items: defaultdict[UUID, list[tuple[ExposureParts, ExposureParts]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    changes: dict[tuple[UUID, str], RoomChange] = field(default_factory=dict)

    def facts_of(self, case: Case) -> CreditFacts:
        """Return the facts of a case with what the batch has taken so far."""
        exposure = self._exposure.get(case.account.id, case.facts.exposure)
        return dataclasses.replace(
            case.facts,
            # What is disputed belongs to the day of the request, not to the batch.
            exposure=dataclasses.replace(exposure, disputed=case.facts.exposure.disputed),
            own=self._own.get(_document(case), case.facts.own),
            nodes=tuple(
                self._node_of(ref, node) for ref, node in zip(case.levels.refs, case.facts.nodes, strict=True)
            ),
        )

    def _node_of(self, ref: LevelRef, node: Node) -> Node:
        """Return a level with what the batch has moved in its member accounts, or of its items."""
        if node.items is not None:
            return _with_items(node, self._items.get(ref.node_id, ()) if ref.node_id else ())
        for account_id, moved in self._moved.items():
            if ref.node_id in moved.node_ids or account_id in ref.account_ids:
                node = node.moved(loses=moved.before, gains=self._exposure[account_id])
        return node

    def note(self, case: Case, *, facts: CreditFacts, decision: Decision, decision_id: UUID) -> None:
        """Count what a committed decision takes and gives back."""
        document = _document(case)
        after = _own_after(facts, decision)
        if after == facts.own and document not in self.changes:
            return
        self._moved.setdefault(
            case.account.id,
            _Moved(
                before=case.facts.exposure,
                node_ids=frozenset(ref.node_id for ref in case.levels.refs if ref.node_id is not None),
            ),
        )
        self._note_items(case, before=facts.own, after=after)
        self._exposure[case.account.id] = facts.exposure.less(facts.own).plus(after)
        self._own[document] = after
        self.changes[document] = RoomChange(
            case=case,
            decision_id=decision_id,
            gives_back=case.held,
            withdraws_ordered=case.facts.own.ordered - after.ordered,
            keeps=after.reserved if after.reserved.is_positive else None,
            ceiling=_ceiling(facts, decision),
            levels=_level_ceilings(case, facts, decision),
        )

    def _note_items(self, case: Case, *, before: ExposureParts, after: ExposureParts) -> None:
        for ref, node in zip(case.levels.refs, case.levels.nodes, strict=True):
            if node.items is not None and node.items.is_known and ref.node_id is not None:
                self._items[ref.node_id].append((node.items.parts_of(before), node.items.parts_of(after)))


def _with_items(node: Node, taken: Iterable[tuple[ExposureParts, ExposureParts]]) -> Node:
    lines = node.lines
    for before, after in taken:
        lines = tuple(
            dataclasses.replace(line, parts=items.moved(line.parts, before=before, after=after))
            if line.parts.currency == before.currency
            else line
            for line in lines
        )
    return dataclasses.replace(node, lines=lines)


def _document(case: Case) -> tuple[UUID, str]:
    return (case.account.id, case.request.reference)


def _own_after(facts: CreditFacts, decision: Decision) -> ExposureParts:
    """Return what the document occupies after the decision; a held order occupies nothing."""
    none = components.none_in(facts.currency)
    kept = decision.reserves or none.reserved
    if facts.request.control_point is ControlPoint.ORDER:
        after = dataclasses.replace(facts.own, ordered=none.ordered, reserved=kept)
    else:
        after = dataclasses.replace(facts.own, reserved=facts.own.reserved + kept)
    return components.with_paid(after)


def _ceiling(facts: CreditFacts, decision: Decision) -> Decimal | None:
    """Return what the account may reach in the database's own sum, which counts every stage.

    Only where the verdict rests on the room itself: a policy that merely warns lets through what does not fit.
    Stages that policy leaves out are added to the line, so that the database and the verdict draw one line.
    """
    rests_on_room = any(result.finding.sentence == "headroom.passed" for result in decision.results)
    if not rests_on_room or not isinstance(decision.headroom.available, Amount):
        return None
    return (facts.counted_elsewhere().total + decision.headroom.available.money).amount


def _level_ceilings(case: Case, facts: CreditFacts, decision: Decision) -> tuple[LevelCeiling, ...]:
    """Return what each level may reach on which the verdict rests, in the database's own sum of every stage."""
    rests_on = {
        result.finding.level
        for result in decision.results
        if result.finding.sentence == "control_nodes.passed"
    }
    measure = case.policy.control.measure
    return tuple(
        _level_ceiling(ref, node, facts, measure)
        for ref, node in zip(case.levels.refs, facts.nodes, strict=True)
        # What a product group counts follows from its orders' rows, which the database's own sum does not read.
        if node.code in rests_on and node.items is None
    )


def _level_ceiling(ref: LevelRef, node: Node, facts: CreditFacts, measure: MeasurePolicy) -> LevelCeiling:
    room = checks_nodes.room_at(facts, node, measure)
    assert room is not None  # noqa: S101 -- the check has passed at this level, so it was converted
    assert isinstance(room.available, Amount)  # noqa: S101 -- as above
    elsewhere = node.moved(loses=facts.own_share()).total()
    return LevelCeiling(
        node_id=ref.node_id,
        account_ids=tuple(sorted(ref.account_ids)),
        ceiling=(elsewhere + room.available.money).amount,
        rates={line.parts.currency: line.rate.rate for line in node.lines if line.rate is not None},
        day=ref.day,
    )
