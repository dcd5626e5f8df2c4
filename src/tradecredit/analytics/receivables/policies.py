"""Which aging schemes, behaviour windows and matching methods are in force for a company on a day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from tradecredit.apps.decisions import policies as stored_policies
from tradecredit.apps.decisions.policies import UnableToFindPolicyError
from tradecredit.core.cash_application.matcher import policy as matcher_policy
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.receivables import (
    abc_classes,
    adjustments,
    aging,
    contract_policy,
    payment_behaviour,
    payment_law,
    provision,
)
from tradecredit.plumbing import yaml_texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.core.cash_application.matcher.policy import MatcherPolicy
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.receivables.abc_classes import Shares
    from tradecredit.core.receivables.adjustments import AdjustmentPolicy
    from tradecredit.core.receivables.aging import Scheme
    from tradecredit.core.receivables.contract_policy import ContractPolicy
    from tradecredit.core.receivables.payment_behaviour import BehaviourPolicy
    from tradecredit.core.receivables.payment_law import PaymentLaw
    from tradecredit.core.receivables.provision import ProvisionPolicy

SECTION = "receivables"
DEFAULT_SCHEME = "overdue"
# Adjustments that a second person decides.
KINDS = frozenset({"write_off", "deduction", "set_off"})
_DEFAULT_PACK = "five-pillars"


@dataclass(frozen=True, slots=True, kw_only=True)
class LateInterest:
    """Interest where a contract names no rate; less than ``least`` of a currency is not charged, ``basis`` is said in letters."""

    daily_rate: Decimal
    grace_days: int
    least: Mapping[str, Money]
    basis: Words | None = None

    def is_worth_it(self, amount: Money) -> bool:
        """Tell whether so much interest is asked for at all."""
        least = self.least.get(amount.currency)
        return amount.is_positive and (least is None or amount >= least)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivablesPolicy:
    """The receivables section of a policy, read."""

    schemes: Mapping[str, Scheme]
    behaviour: BehaviourPolicy
    matcher: MatcherPolicy
    sales_months: int
    count_back_months: int
    # How many days after its due day a bill that was passed on with recourse may still come back to us.
    bill_recourse_days: int
    # A pack that says nothing of these is read with what the default pack says.
    abc_shares: Shares
    provision: ProvisionPolicy
    adjustments: AdjustmentPolicy
    late_interest: LateInterest
    payment_law: tuple[PaymentLaw, ...]
    contracts: ContractPolicy


def in_force(*, company_id: UUID | None, as_of: date, known_at: datetime | None = None) -> ReceivablesPolicy:
    """Return the company's receivables policy of the day, as known at the moment; the default pack's where there is none."""
    section = _published(company_id, as_of, known_at) if company_id is not None else None
    return parse(section) if section else default()


@cache
def default() -> ReceivablesPolicy:
    """Return the receivables policy of the default pack."""
    return parse(default_section())


@cache
def default_section() -> Mapping[str, Any]:
    """Return the section as the default pack's file writes it."""
    path = resources.files("tradecredit.policies") / _DEFAULT_PACK / f"{SECTION}.yaml"
    section: Mapping[str, Any] = yaml_texts.read(path.read_text(encoding="utf-8"))
    return section


def parse(section: Mapping[str, Any]) -> ReceivablesPolicy:
    """Read the section ``receivables`` of a policy document; raises PolicyError."""
    node = Node(section, SECTION)
    ratios, bills = node.child("ratios"), node.optional("bills")
    schemes = aging.parse(node.child("aging").mapping())
    fallback = Node(default_section(), SECTION)
    return ReceivablesPolicy(
        schemes=schemes,
        behaviour=payment_behaviour.parse(node.child("behaviour").mapping()),
        matcher=matcher_policy.parse(node.child("matching").mapping()),
        sales_months=ratios.child("sales_months").count(least=1),
        count_back_months=ratios.child("count_back_months").count(least=1),
        bill_recourse_days=0 if bills is None else bills.child("recourse_days").count(),
        abc_shares=abc_classes.parse(node.optional("abc") or fallback.child("abc")),
        provision=_provision(node, schemes) or _provision_of_default(),
        adjustments=adjustments.parse(
            node.optional("adjustments") or fallback.child("adjustments"), kinds=KINDS
        ),
        late_interest=_late_interest(node.optional("late_interest") or fallback.child("late_interest")),
        payment_law=payment_law.parse(node.optional("payment_law") or fallback.child("payment_law")),
        contracts=contract_policy.parse(node.optional("contracts") or fallback.child("contracts")),
    )


def _late_interest(node: Node) -> LateInterest:
    return LateInterest(
        daily_rate=node.child("daily_rate").number(least="0"),
        grace_days=node.child("grace_days").count(),
        least={key: Money(entry.number(least="0"), key) for key, entry in node.child("least").entries()},
        basis=node.child("basis").words() if node.has("basis") else None,
    )


def _provision(node: Node, schemes: Mapping[str, Scheme]) -> ProvisionPolicy | None:
    section = node.optional("provision")
    if section is None:
        return None
    buckets = {key: [bucket.key for bucket in scheme.buckets] for key, scheme in schemes.items()}
    return provision.parse(section, buckets_of=buckets)


@cache
def _provision_of_default() -> ProvisionPolicy:
    node = Node(default_section(), SECTION)
    found = _provision(node, aging.parse(node.child("aging").mapping()))
    if found is None:
        raise node.error("'provision' is missing")
    return found


def _published(company_id: UUID, as_of: date, known_at: datetime | None) -> Mapping[str, Any] | None:
    try:
        stored = stored_policies.in_force(company_id=company_id, as_of=as_of, known_at=known_at)
    except UnableToFindPolicyError:
        return None
    section = stored.document.get(SECTION)
    return section if isinstance(section, dict) else None
