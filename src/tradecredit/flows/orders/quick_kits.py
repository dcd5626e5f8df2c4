"""What a quick check needs of a standing under a policy: prepared once, kept while the process lives."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.approvals import routing
from tradecredit.core.decisions import compact, quick
from tradecredit.core.decisions.policy import TABLE
from tradecredit.core.kernel import canonical, money
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import Decision
    from tradecredit.core.decisions.quick import Balances, Prepared
    from tradecredit.flows.orders.order_policy import PolicyInForce
    from tradecredit.flows.orders.quick_values import Form

_KEPT_MOST: Final = 4096

Name = tuple[str, str, int | None]


@dataclass(slots=True, kw_only=True)
class Kit:
    """One standing under one policy for one length of terms; ``forms`` are the answers that passed, by language."""

    standing_bytes: bytes
    customer_id: UUID
    customer_code: str
    company_code: str
    facts: CreditFacts
    policy: PolicyInForce
    agreed_terms: int | None
    prepared: Prepared | None
    digits: int
    forms: dict[str, Form] = field(default_factory=dict)

    def full(self, *, reference: str, amount: int, balances: Balances) -> tuple[CreditFacts, Decision]:
        """Return the facts of an order and the ordinary verdict on them."""
        currency = self.facts.currency
        parts: dict[str, Any] = {
            name: Money(quick.amount(getattr(balances, name)), currency) for name in compact.BALANCES
        }
        request = dataclasses.replace(
            self.facts.request, reference=reference, amount=Money(quick.amount(amount), currency)
        )
        exposure = dataclasses.replace(self.facts.exposure, **parts)
        facts = dataclasses.replace(self.facts, request=request, exposure=exposure)
        return facts, routing.decide(facts=facts, policy=self.policy.control, authority=self.policy.authority)

    def text(self, amount: int) -> str:
        """Return an amount as plain text, as `Money.text` writes it."""
        return quick.text(amount, digits=self.digits)


# Standings and policies never change, so what was prepared of them may be kept.
_kits: OrderedDict[Name, Kit] = OrderedDict()
# By what of a standing the verdict looks at, the policy and the terms: many customers stand alike.
_prepared: OrderedDict[tuple[str, str, int | None], Prepared | None] = OrderedDict()


def find(standing_id: str, policy_id: str, terms_days: int | None) -> Kit | None:
    """Return the kit of a standing, a policy and a length of terms, if it is prepared already."""
    return _kits.get((standing_id, policy_id, terms_days))


def prepare(
    name: Name, *, standing_id: UUID, customer_id: UUID, document: Mapping[str, Any], policy: PolicyInForce
) -> Kit:
    """Prepare a kit from a standing's document and keep it; the one made first goes when there are too many."""
    terms_days = name[2]
    request = {**document["request"], "terms_days": terms_days}
    facts = compact.template({**document, "request": request})
    kit = Kit(
        standing_bytes=standing_id.bytes,
        customer_id=customer_id,
        customer_code=facts.customer.code,
        company_code=facts.request.company,
        facts=facts,
        policy=policy,
        agreed_terms=policy.terms_of(facts),
        prepared=_prepared_of(facts, document, name=name, policy=policy),
        digits=money.minor_digits(facts.currency),
    )
    _kits[name] = kit
    if len(_kits) > _KEPT_MOST:
        _kits.popitem(last=False)
    return kit


def _prepared_of(
    facts: CreditFacts, document: Mapping[str, Any], *, name: Name, policy: PolicyInForce
) -> Prepared | None:
    """Return what is prepared of all standings that differ in nothing but who the customer is."""
    alike = document
    if all(rule.check != TABLE for rule in policy.control.rules):
        # No check but that of a table asks for a code or a name.
        alike = {**document, "customer": {**document["customer"], "code": "", "name": ""}}
    key = (canonical.dumps(alike), *name[1:])
    if key not in _prepared:
        _prepared[key] = quick.prepare(facts, policy.control)
        if len(_prepared) > _KEPT_MOST:
            _prepared.popitem(last=False)
    return _prepared[key]
