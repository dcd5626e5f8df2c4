"""Every pack's examples, which a credit manager can read and write, are its tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.limits import grade_policy, recommend
from tradecredit.core.scoring import attributes, rating, scorecard, scorecard_document
from tradecredit.integrations import policy_packs

EXAMPLES = [
    pytest.param(pack, example, id=f"{pack}/{name}")
    for pack in policy_packs.pack_names()
    for name, example in policy_packs.load_examples(pack).items()
]


class Outcome:
    """What the pack makes of the example's customer."""

    def __init__(self, pack: str, example: dict[str, Any]) -> None:
        document = policy_packs.load_pack(pack)
        card_section = example.get("scorecard", document["scorecard"])
        known = scorecard_document.attributes_of(card_section)
        self.values = {
            name: attributes.read(known[name], text, source="example", known_on=example["today"])
            for name, text in example["customer"].items()
        }
        self.result = scorecard.evaluate(
            scorecard_document.parse(card_section), values=self.values, as_of=example["today"]
        )
        scale = rating.parse(document["grades"], known=known)
        self.suggestion = rating.suggest(scale, result=self.result, values=self.values)
        self.policy = recommend.parse(document["limits"], grades=document["grades"], known=known)
        grade = grade_policy.of_grade(grade_policy.parse(document["grades"]), grade=self.suggestion.grade)
        self.proposal = recommend.propose(self.policy, grade=grade, values=self.values, currency="CNY")
        self.asks = example.get("asks")

    def conditions_of_asked(self) -> list[str]:
        needed = recommend.conditions_of(
            self.policy, amount=Decimal(self.asks), grade=self.suggestion.grade, values=self.values
        )
        return [each.name for each in needed]

    def part(self, name: str) -> dict[str, str | None]:
        part = next(each for each in self.result.parts if each.indicator == name)
        return {
            "points": None if part.points is None else str(part.points),
            "weight": str(part.used_weight),
            "contribution": str(part.contribution),
        }

    def found(self, key: str) -> Any:
        result, suggestion, proposal = self.result, self.suggestion, self.proposal
        readers = {
            "score": lambda: "none" if result.score is None else str(result.score),
            "completeness": lambda: str(result.completeness),
            "low": lambda: str(result.low),
            "high": lambda: str(result.high),
            "most_worth_getting": lambda: result.most_worth_getting and result.most_worth_getting.indicator,
            "weight_set": lambda: result.weight_set,
            "grade": lambda: suggestion.grade,
            "band_grade": lambda: suggestion.band_grade,
            "marks": lambda: list(suggestion.marks),
            "fired": lambda: list(suggestion.fired),
            "limit": lambda: "none" if proposal.amount is None else proposal.amount.text(),
            "is_trial": lambda: "yes" if proposal.is_trial else "no",
            "terms_days": lambda: proposal.terms_days,
            "conditions": lambda: [each.name for each in proposal.conditions],
            "conditions_of_asked": self.conditions_of_asked,
        }
        return readers[key]()


@pytest.mark.parametrize(("pack", "example"), EXAMPLES)
def test_example_holds(pack: str, example: dict[str, Any]):
    outcome = Outcome(pack, example)

    expected = {key: value for key, value in example["expect"].items() if key != "parts"}
    parts = example["expect"].get("parts", {})

    assert expected or parts
    assert {key: outcome.found(key) for key in expected} == expected
    for name, part in parts.items():
        found = outcome.part(name)
        assert {key: found[key] for key in part} == part, name


@pytest.mark.parametrize(("pack", "example"), EXAMPLES)
def test_example_says_what_it_shows_and_where_it_comes_from(pack: str, example: dict[str, Any]):
    node = Node(example, "example").only("case", "source", "today", "customer", "scorecard", "asks", "expect")

    assert node.child("case").words().zh
    assert node.child("source").text()


def test_every_pack_has_examples():
    assert {param.values[0] for param in EXAMPLES} == set(policy_packs.pack_names())
