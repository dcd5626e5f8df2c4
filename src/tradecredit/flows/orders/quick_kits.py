"""What a quick check needs of a standing under a policy: prepared once, kept while the process lives."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.approvals import routing
from tradecredit.core.decisions import compact, quick
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import Decision
    from tradecredit.core.decisions.quick import Balances, Prepared
    from tradecredit.flows.orders.order_policy import PolicyInForce

_KEPT_MOST: Final = 4096

Name = tuple[str, str, int | None]


@dataclass(slots=True, kw_only=True)
class Kit:
    """One standing under one policy for one length of terms; ``forms`` are the answers that passed, by language."""

    standing_id: str
    facts: CreditFacts
    policy: PolicyInForce
    prepared: Prepared | None
    digits: int
    expires_at: datetime | None = None
    forms: dict[str, str] = field(default_factory=dict)

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


def find(name: Name) -> Kit | None:
    """Return the kit of a standing, a policy and a length of terms, if it is prepared already."""
    return _kits.get(name)


def prepare(name: Name, *, document: Mapping[str, Any], policy: PolicyInForce) -> Kit:
    """Prepare a kit from a standing's document and keep it; the one made first goes when there are too many."""
    standing_id, _, terms_days = name
    request = {**document["request"], "terms_days": terms_days}
    facts = compact.template({**document, "request": request})
    kit = Kit(
        standing_id=standing_id,
        facts=facts,
        policy=policy,
        prepared=quick.prepare(facts, policy.control),
        digits=money.minor_digits(facts.currency),
    )
    _kits[name] = kit
    if len(_kits) > _KEPT_MOST:
        _kits.popitem(last=False)
    return kit
