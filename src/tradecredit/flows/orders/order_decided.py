"""A decision about a case, before and after it is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.decisions.operations import NewDecision
from tradecredit.apps.orders.models import OrderStatus
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.flows.orders.decision_views import DecisionView

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import Decision
    from tradecredit.flows.orders.order_cases import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision about a case, before its effects."""

    id: UUID
    case: Case
    facts: CreditFacts
    decision: Decision
    is_committed: bool
    decided_at: datetime

    @property
    def is_about_order(self) -> bool:
        """Tell whether the order itself is decided, not a delivery or an invoice of it."""
        return self.facts.request.control_point is ControlPoint.ORDER

    @property
    def order_status(self) -> OrderStatus:
        """Return what the order becomes; one of which nothing is left to leave stays delivered or invoiced."""
        if self.decision.outcome is Outcome.REJECT:
            return OrderStatus.REJECTED
        if not self.decision.outcome.lets_through:
            return OrderStatus.HELD
        order, amount = self.case.order, self.case.request.amount
        if order is None or not self.facts.request.amount.is_zero or amount.is_zero:
            return OrderStatus.RELEASED
        return OrderStatus.INVOICED if order.invoiced >= amount else OrderStatus.DELIVERED

    def to_record(self) -> NewDecision:
        """Return the row to append."""
        case = self.case
        return NewDecision(
            id=self.id,
            company_id=case.request.company.pk,
            customer_id=case.customer.id,
            account_id=case.account.id,
            policy_version_id=case.policy.stored.id,
            facts=self.facts,
            decision=self.decision,
            is_committed=self.is_committed,
            purpose=case.request.purpose,
            previous_id=None if case.order is None else case.order.decision_id,
            decided_at=self.decided_at,
        )

    def view(self) -> DecisionView:
        """Return the decision as doors show it."""
        case = self.case
        return DecisionView(
            id=self.id,
            company_id=case.request.company.pk,
            customer_id=case.customer.id,
            facts=self.facts,
            decision=self.decision,
            policy_name=case.policy.stored.pack,
            policy_number=case.policy.stored.number,
            is_committed=self.is_committed,
            purpose=case.request.purpose,
            decided_at=self.decided_at,
            order_id=None if case.order is None else case.order.id,
            order_status="" if case.order is None else case.order.status,
        )
