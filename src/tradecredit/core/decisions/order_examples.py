"""Orders as a credit manager writes them into a policy's examples, decided by any policy.

An example says what is known of a customer and what an order takes, and what its pack promises of it; whatever it does
not mention is as it is for a customer in good standing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decisions import evaluate, outcome
from tradecredit.core.decisions.facts import (
    ControlPoint,
    CreditFacts,
    CustomerFacts,
    LineFacts,
    OpenItem,
    RatingFacts,
    ReceivableFacts,
    RequestFacts,
    WatchFacts,
)
from tradecredit.core.exposure import components, rates
from tradecredit.core.exposure.nodes import Node, NodeLine, Strength
from tradecredit.core.kernel.limit import Amount, NotSet
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.decisions.policy import OrderControl

    Example = Mapping[str, Any]

_CURRENCY: Final = "CNY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """An example with the outcome that its pack promises and the one that the policy gives, and who stops it there."""

    code: str
    case: Words
    promised: str
    found: str
    stops: tuple[str, ...]

    @property
    def is_as_promised(self) -> bool:
        """Tell whether the policy says what the pack promises."""
        return self.promised == self.found


def tried(examples: Mapping[str, Example], control: OrderControl, *, as_of: date) -> tuple[Tried, ...]:
    """Decide examples by a policy, on a day; one that promises no outcome is left out."""
    return tuple(
        _tried(code, example, control, as_of=as_of)
        for code, example in sorted(examples.items())
        if "outcome" in example["expect"]
    )


def _tried(code: str, example: Example, control: OrderControl, *, as_of: date) -> Tried:
    facts = facts_of(example, as_of=as_of)
    results = evaluate.results_of(facts, control, evaluate.headroom_of(facts, control))
    return Tried(
        code=code,
        case=Words(zh=example["case"]["zh"], en=example["case"]["en"]),
        promised=example["expect"]["outcome"],
        found=outcome.combine(results).text,
        stops=tuple(one.code for one in results if not one.outcome.lets_through),
    )


def facts_of(example: Example, *, as_of: date) -> CreditFacts:
    """Return the facts of an example on a day."""
    line, order = example.get("line"), example["order"]
    return CreditFacts(
        request=RequestFacts(
            company="DEMO",
            reference="SO-1",
            control_point=ControlPoint(order.get("at", "order")),
            amount=_money(order["amount"]),
            requested_on=as_of,
            terms_days=order.get("terms_days"),
            prepaid=_money(order["prepaid"]) if "prepaid" in order else None,
        ),
        customer=CustomerFacts(code="C001", name="示例五金甲有限公司", lifecycle="trading"),
        line=LineFacts(limit=NotSet())
        if line is None
        else LineFacts(limit=Amount(_money(line["limit"])), days=line["days"]),
        exposure=components.of(example["exposure"], _CURRENCY),
        own=components.none_in(_CURRENCY),
        receivables=_receivables(example, as_of=as_of),
        rating=RatingFacts(grade=example["grade"], rated_on=as_of),
        watch=WatchFacts(
            freezes=frozenset(example.get("freezes", ())),
            is_high_risk=example.get("high_risk", False),
            alert_level=example.get("alert_level"),
            cured_by_payment=frozenset(example.get("cured_by_payment", ())),
        ),
        nodes=tuple(_level(one, as_of=as_of) for one in example.get("levels", ())),
    )


def _level(level: Mapping[str, Any], *, as_of: date) -> Node:
    return Node(
        code=level["code"],
        name=level["code"],
        kind=level["kind"],
        currency=_CURRENCY,
        strength=Strength.JOINT,
        limit=Amount(_money(level["limit"])) if "limit" in level else NotSet(),
        lines=(
            NodeLine(
                parts=components.of(level["exposure"], _CURRENCY), rate=rates.same(_CURRENCY, as_of=as_of)
            ),
        ),
    )


def _receivables(example: Example, *, as_of: date) -> ReceivableFacts:
    items = tuple(
        OpenItem(
            reference=one["number"],
            due_date=as_of - timedelta(days=one["days_overdue"]),
            days_overdue=one["days_overdue"],
            open_amount=_money(one["amount"]),
            disputed=False,
        )
        for one in example.get("invoices", ())
    )
    overdue = [one for one in items if one.is_overdue]
    return ReceivableFacts(
        open_amount=_money(example["exposure"].get("billed", "0")),
        open_count=len(items),
        overdue_amount=sum((one.open_amount for one in overdue), Money.zero(_CURRENCY)),
        overdue_count=len(overdue),
        overdue_days_max=max((one.days_overdue for one in overdue), default=0),
        oldest_open_days=max((one.days_overdue for one in overdue), default=0),
        items=items,
    )


def _money(amount: str) -> Money:
    return Money.of(amount, _CURRENCY)
