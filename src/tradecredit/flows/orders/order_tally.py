"""Count the requests of one batch as they are decided, so that each sees the room that those before it took."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.exposure import components
from tradecredit.core.kernel.limit import Amount

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.exposure.queries import HeldRoom
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import Decision
    from tradecredit.core.exposure.components import ExposureParts
    from tradecredit.core.kernel.money import Money
    from tradecredit.flows.orders.order_cases import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomChange:
    """What the batch does in the end for one document: room to give back, room to keep."""

    case: Case
    decision_id: UUID
    gives_back: HeldRoom | None
    withdraws_ordered: Money
    keeps: Money | None
    ceiling: Decimal | None


@dataclass(slots=True)
class Tally:
    """The running count of one batch; it is thrown away with it."""

    _exposure: dict[UUID, ExposureParts] = field(default_factory=dict)
    _own: dict[tuple[UUID, str], ExposureParts] = field(default_factory=dict)
    changes: dict[tuple[UUID, str], RoomChange] = field(default_factory=dict)

    def facts_of(self, case: Case) -> CreditFacts:
        """Return the facts of a case with what the batch has taken so far."""
        exposure = self._exposure.get(case.account.id, case.facts.exposure)
        return dataclasses.replace(
            case.facts,
            # What is disputed belongs to the day of the request, not to the batch.
            exposure=dataclasses.replace(exposure, disputed=case.facts.exposure.disputed),
            own=self._own.get(_document(case), case.facts.own),
        )

    def note(self, case: Case, *, facts: CreditFacts, decision: Decision, decision_id: UUID) -> None:
        """Count what a committed decision takes and gives back."""
        document = _document(case)
        after = _own_after(facts, decision)
        if after == facts.own and document not in self.changes:
            return
        self._exposure[case.account.id] = facts.exposure.less(facts.own).plus(after)
        self._own[document] = after
        self.changes[document] = RoomChange(
            case=case,
            decision_id=decision_id,
            gives_back=case.held,
            withdraws_ordered=case.facts.own.ordered - after.ordered,
            keeps=after.reserved if after.reserved.is_positive else None,
            ceiling=_ceiling(facts, decision),
        )


def _document(case: Case) -> tuple[UUID, str]:
    return (case.account.id, case.request.reference)


def _own_after(facts: CreditFacts, decision: Decision) -> ExposureParts:
    """Return what the document occupies after the decision; a held order occupies nothing."""
    none = components.none_in(facts.currency)
    kept = decision.reserves or none.reserved
    if facts.request.control_point is ControlPoint.ORDER:
        return dataclasses.replace(facts.own, ordered=none.ordered, reserved=kept)
    return dataclasses.replace(facts.own, reserved=facts.own.reserved + kept)


def _ceiling(facts: CreditFacts, decision: Decision) -> Decimal | None:
    """Return what the account may reach in the database's own sum, which counts every stage.

    Only where the verdict rests on the room itself: a policy that merely warns lets through what does not fit.
    Stages that policy leaves out are added to the line, so that the database and the verdict draw one line.
    """
    rests_on_room = any(result.finding.sentence == "headroom.passed" for result in decision.results)
    if not rests_on_room or not isinstance(decision.headroom.available, Amount):
        return None
    return (facts.counted_elsewhere().total + decision.headroom.available.money).amount
