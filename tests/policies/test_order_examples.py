"""Every pack's order examples, which a credit manager can read and write, are its tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from factories import credit_facts as makers
from tradecredit.core.approvals import authority, routing
from tradecredit.core.decisions import policy
from tradecredit.core.decisions.facts import ControlPoint, LineFacts, RatingFacts, WatchFacts
from tradecredit.core.exposure import components
from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel.limit import Amount, NotSet
from tradecredit.core.kernel.policy_document import Node
from tradecredit.integrations import policy_packs

EXAMPLES = [
    pytest.param(path.parents[2].name, policy_packs.read_yaml(path), id=f"{path.parents[2].name}/{path.stem}")
    for path in sorted(policy_packs.folder().glob("*/examples/orders/*.yaml"))
]


def decide(pack: str, example: dict[str, Any]):
    """Decide the example's order by the pack's own policy."""
    document = policy_packs.load_pack(pack)
    items = tuple(
        makers.item(one["number"], one["amount"], days=one["days_overdue"])
        for one in example.get("invoices", ())
    )
    billed = example["exposure"].get("billed", "0")
    line, order = example.get("line"), example["order"]
    facts = makers.credit_facts(
        request=makers.request(
            control_point=ControlPoint(order.get("at", "order")),
            amount=makers.cny(order["amount"]),
            terms_days=order.get("terms_days"),
            prepaid=makers.cny(order["prepaid"]) if "prepaid" in order else None,
        ),
        line=LineFacts(limit=NotSet())
        if line is None
        else LineFacts(limit=Amount(makers.cny(line["limit"])), days=line["days"]),
        exposure=components.of(example["exposure"], "CNY"),
        receivables=makers.receivables(*items, open_amount=billed),
        rating=RatingFacts(grade=example["grade"], rated_on=makers.DAY),
        watch=WatchFacts(
            freezes=frozenset(example.get("freezes", ())),
            is_high_risk=example.get("high_risk", False),
            alert_level=example.get("alert_level"),
            cured_by_payment=frozenset(example.get("cured_by_payment", ())),
        ),
    )
    return routing.decide(
        facts=facts,
        policy=policy.of_document(document),
        authority=authority.parse(document["authority"]),
    )


def found(decision: Any, key: str) -> Any:
    """Return what the verdict says about one expectation."""
    stops = [one.code for one in decision.results if not one.outcome.lets_through]
    gaps = [one.finding.gap for one in decision.results if one.code == "headroom"]
    readers = {
        "outcome": lambda: decision.outcome.text,
        "fails": lambda: stops,
        "warns": lambda: [one.code for one in decision.reasons if one.code not in stops],
        "rows": lambda: {one.code: one.finding.row for one in decision.results if one.finding.row},
        "available": lambda: limits.text(decision.headroom.available),
        "missing": lambda: gaps[0],
        "deciders": lambda: [decider.role for decider in decision.deciders],
        "first_remedy": lambda: _remedy(decision.remedies[0]),
    }
    return readers[key]()


def _remedy(remedy: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"code": remedy.code, "releases": remedy.is_enough}
    if remedy.amount is not None:
        told["amount"] = remedy.amount.text()
    if remedy.references:
        told["invoices"] = list(remedy.references)
    return told


class TestOrderExamples:
    @pytest.mark.parametrize(("pack", "example"), EXAMPLES)
    def test_decides_as_the_pack_promises(self, pack, example):
        decision = decide(pack, example)

        for key, expected in example["expect"].items():
            told = found(decision, key)
            assert told == expected or (key == "rows" and expected.items() <= told.items()), key
        assert decision.headroom.adds_up

    @pytest.mark.parametrize(("pack", "example"), EXAMPLES)
    def test_says_what_it_shows_and_where_it_comes_from(self, pack, example):
        words = Node(example, pack).child("case").words()

        assert words.zh
        assert words.en
        assert example["source"]
        assert Decimal(example["order"]["amount"]) > 0

    def test_there_are_examples_for_every_pack(self):
        assert {param.values[0] for param in EXAMPLES} == set(policy_packs.pack_names())
