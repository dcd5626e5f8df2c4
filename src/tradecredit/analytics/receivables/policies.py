"""Which aging schemes, behaviour windows and matching methods are in force for a company on a day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from tradecredit.apps.decisions import policies as stored_policies
from tradecredit.apps.decisions.policies import UnableToFindPolicyError
from tradecredit.core.cash_application import matching
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.receivables import aging, payment_behaviour

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.core.cash_application.matching import MatchingPolicy
    from tradecredit.core.receivables.aging import Scheme
    from tradecredit.core.receivables.payment_behaviour import BehaviourPolicy

SECTION = "receivables"
DEFAULT_SCHEME = "overdue"
_DEFAULT_PACK = "five-pillars"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivablesPolicy:
    """The receivables section of a policy, read."""

    schemes: Mapping[str, Scheme]
    behaviour: BehaviourPolicy
    matching: MatchingPolicy
    sales_months: int
    count_back_months: int
    # How many days after its due day a bill that was passed on with recourse may still come back to us.
    bill_recourse_days: int = 0


def in_force(*, company_id: UUID | None, as_of: date) -> ReceivablesPolicy:
    """Return the company's receivables policy of the day; the default pack's where nothing was published."""
    section = _published(company_id, as_of) if company_id is not None else None
    return parse(section) if section else default()


@cache
def default() -> ReceivablesPolicy:
    """Return the receivables policy of the default pack."""
    return parse(default_section())


@cache
def default_section() -> Mapping[str, Any]:
    """Return the section as the default pack's file writes it."""
    path = resources.files("tradecredit.policies") / _DEFAULT_PACK / f"{SECTION}.yaml"
    section: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return section


def parse(section: Mapping[str, Any]) -> ReceivablesPolicy:
    """Read the section ``receivables`` of a policy document; raises PolicyError."""
    node = Node(section, SECTION)
    ratios, bills = node.child("ratios"), node.optional("bills")
    return ReceivablesPolicy(
        schemes=aging.parse(node.child("aging").mapping()),
        behaviour=payment_behaviour.parse(node.child("behaviour").mapping()),
        matching=matching.parse(node.child("matching").mapping()),
        sales_months=ratios.child("sales_months").count(least=1),
        count_back_months=ratios.child("count_back_months").count(least=1),
        bill_recourse_days=0 if bills is None else bills.child("recourse_days").count(),
    )


def _published(company_id: UUID, as_of: date) -> Mapping[str, Any] | None:
    try:
        stored = stored_policies.in_force(company_id=company_id, as_of=as_of)
    except UnableToFindPolicyError:
        return None
    section = stored.document.get(SECTION)
    return section if isinstance(section, dict) else None
