"""Every pack's order examples, which a credit manager can read and write, are its tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from factories import credit_facts as makers
from tradecredit.core.approvals import authority, routing
from tradecredit.core.decisions import order_examples, policy
from tradecredit.core.kernel import document_changes
from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel.policy_document import Node
from tradecredit.integrations import policy_packs

EXAMPLES = [
    pytest.param(path.parents[2].name, policy_packs.read_yaml(path), id=f"{path.parents[2].name}/{path.stem}")
    for path in sorted(policy_packs.folder().glob("*/examples/orders/*.yaml"))
]


def decide(pack: str, example: dict[str, Any]):
    """Decide the example's order by the pack's own policy."""
    document = policy_packs.load_pack(pack)
    facts = order_examples.facts_of(example, as_of=makers.DAY)
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

    @pytest.mark.parametrize("pack", policy_packs.pack_names())
    def test_the_pack_as_it_ships_keeps_every_promise(self, pack):
        control = policy.of_document(policy_packs.load_pack(pack))

        found = order_examples.tried(policy_packs.load_order_examples(pack), control, as_of=makers.DAY)

        assert found
        assert [one.code for one in found if not one.is_as_promised] == []

    def test_a_changed_figure_shows_in_the_example_that_it_breaks(self):
        document = policy_packs.load_pack("payment-record")
        path = "order_control.checks.overdue_days.days"
        changed = document_changes.changed(document, path, 400)

        found = order_examples.tried(
            policy_packs.load_order_examples("payment-record"),
            policy.of_document(changed),
            as_of=makers.DAY,
        )

        broken = {one.code: (one.promised, one.found) for one in found if not one.is_as_promised}
        assert broken == {"four-days-overdue": ("hold", "approve")}

    def test_there_are_examples_for_every_pack(self):
        assert {param.values[0] for param in EXAMPLES} == set(policy_packs.pack_names())
