"""A scorecard over a table says what the evaluator says, customer by customer, to the last digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

import ibis
import pytest

from tradecredit.analytics.compiled import customer_tables, engines, scorecards
from tradecredit.analytics.compiled.formulas import UnableToCompileError
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.scoring import conditions, rating, scorecard, scorecard_document
from tradecredit.core.scoring.attributes import REGISTRY
from tradecredit.core.scoring.values import Known
from tradecredit.integrations import policy_packs
from tradecredit.plumbing import yaml_texts

AS_OF = date(2026, 3, 2)
AGES = [None, AS_OF, AS_OF - timedelta(days=30), AS_OF - timedelta(days=31), AS_OF - timedelta(days=900)]
TEXTS = ["国企", "private", "龙头", "钢铁", "快消", "revoked", "吊销", "none of these"]
TYPES = {"flag": "boolean", "text": "string"}
NUMBERS = sorted(name for name, attribute in REGISTRY.items() if attribute.unit not in TYPES)
SCALE = """
without_score: C
grades:
  - {grade: A, label: {zh: 甲, en: A}, from: "70"}
  - {grade: B, label: {zh: 乙, en: B}, from: "30.01"}
  - {grade: C, label: {zh: 丙, en: C}, from: "0"}
rules:
  - {name: thin, label: {zh: 少, en: thin}, when: {attribute: completeness, below: "20"}, at_best: B, mark: thin}
"""


def one_value(random: Random, unit: str) -> Any:
    if unit == "flag":
        return random.random() < 0.5
    if unit == "text":
        return random.choice(TEXTS)
    return Decimal(random.randint(-400, 20000)) / random.choice([1, 100, 10000])


def made_customers(random: Random, attributes: dict[str, Any], count: int) -> list[dict[str, Known]]:
    return [
        {
            name: Known(value=one_value(random, attribute.unit), known_on=random.choice(AGES))
            for name, attribute in attributes.items()
            if random.random() < 0.8
        }
        for _ in range(count)
    ]


def one_measure(random: Random) -> dict[str, Any]:
    if random.random() < 0.5:
        return {
            "step_deduction": {
                "line": str(random.randint(0, 90)),
                "step": random.choice(["0.1", "0.07", "3", "10"]),
                "points": random.choice(["15", "7.5", "1"]),
                "mode": random.choice(["floor", "linear"]),
                "unit": "pp",
                "beyond": random.choice(["above", "below"]),
            }
        }
    edges = sorted(random.sample(range(-50, 50), random.randint(1, 4)))
    points = [random.choice(["0", "33.3", "50", "77.25", "100"]) for _ in range(len(edges) + 1)]
    bins: list[dict[str, str]] = [{"below": str(edges[0]), "points": points[0]}]
    bins += [
        {"from": str(a), "below": str(b), "points": p}
        for (a, b), p in zip(pairwise(edges), points[1:], strict=False)
    ]
    return {"bins": [*bins, {"from": str(edges[-1]), "points": points[-1]}]}


def one_card(random: Random) -> scorecard.Scorecard:
    count = random.randint(1, 5)
    cuts = sorted(random.randint(0, 10000) for _ in range(count - 1))
    weights = [(b - a) / Decimal(100) for a, b in pairwise([0, *cuts, 10000])]
    indicators = [
        {
            "attribute": name,
            "weight": str(weight),
            "missing": random.choice(["reallocate", "keep", "worst", "neutral", "block"]),
            "neutral": "42.5",
            "fresh_for_days": "30",
            "points": one_measure(random),
        }
        for name, weight in zip(NUMBERS, weights, strict=False)
    ]
    label = {"zh": "甲", "en": "A"}
    dimension = {"name": "all", "label": label, "weight": "100", "indicators": indicators}
    section = {"name": "any", "label": label, "digits": "2", "missing": "keep", "dimensions": [dimension]}
    return scorecard_document.parse(section)


@pytest.fixture(scope="module", params=["duckdb", "spark"])
def engine(request):
    """Each engine that is here; Spark comes with the extra of its name and wants Java."""
    try:
        return engines.of_name(request.param)
    except engines.UnableToUseEngineError as missing:
        pytest.skip(missing.words.en)


def assert_same(
    engine: engines.Engine,
    card: scorecard.Scorecard,
    scale: rating.GradeScale,
    rows: list[dict[str, Known]],
    attributes: Any,
) -> None:
    named = {f"{number:04}": row for number, row in enumerate(rows)}
    table = engine.loaded(customer_tables.table(named, attributes=attributes))
    verdicts = scorecards.rated(card, scale, table, as_of=AS_OF).order_by("customer")
    for row, verdict in zip(rows, engine.answer(verdicts), strict=True):
        result = scorecard.evaluate(card, values=row, as_of=AS_OF)
        suggestion = rating.suggest(scale, result=result, values=row)
        assert verdict["score"] == result.score
        assert verdict["completeness"] == result.completeness
        assert verdict["grade"] == suggestion.grade
        assert sorted(verdict["marks"]) == sorted(suggestion.marks)
        assert verdict["reasons"] == [part.indicator for part in result.weakest(count=3)]


class TestRated:
    @pytest.mark.parametrize("seed", range(6))
    def test_any_scorecard_says_the_same_for_a_table_as_for_each_customer(self, engine, seed):
        random = Random(seed)
        scale = rating.parse(yaml_texts.read(SCALE), known=REGISTRY)
        card = one_card(random)
        attributes = customer_tables.attributes_of(card, scale, known=REGISTRY)

        assert_same(engine, card, scale, made_customers(random, attributes, 120), attributes)

    @pytest.mark.parametrize(
        "pack", ["five-pillars", "payment-record", "policy-scorecard", "three-tiers", "authority-matrix"]
    )
    def test_a_pack_compiles(self, engine, pack):
        document = policy_packs.load_pack(pack)
        known = scorecard_document.attributes_of(document["scorecard"])
        card = scorecard_document.parse(document["scorecard"])
        scale = rating.parse(document["grades"], known=known)
        attributes = customer_tables.attributes_of(card, scale, known=known)

        assert_same(engine, card, scale, made_customers(Random(pack), attributes, 300), attributes)

    @pytest.mark.parametrize("seed", range(3))
    def test_models_for_some_customers_say_the_same_for_a_table_as_for_each(self, engine, seed):
        random = Random(seed)
        scale = rating.parse(yaml_texts.read(SCALE), known=REGISTRY)
        known = frozenset(REGISTRY)
        steel = conditions.parse(Node({"attribute": "industry", "is": "钢铁"}, "when"), known=known)
        state = conditions.parse(
            Node({"attribute": "ownership_type", "one_of": ["国企", "private"]}, "when"), known=known
        )
        own = [replace(one_card(random), name=f"own{number}", digits=number) for number in (1, 2)]
        card = replace(one_card(random), own_models=tuple(zip((steel, state), own, strict=True)))
        attributes = customer_tables.attributes_of(card, scale, known=REGISTRY)
        rows = made_customers(random, attributes, 200)

        assert {card.for_customer(row).name for row in rows} == {"any", "own1", "own2"}
        assert_same(engine, card, scale, rows, attributes)

    def test_refuses_binary_fractions(self):
        document = policy_packs.load_pack("payment-record")
        card = scorecard_document.parse(document["scorecard"])
        scale = rating.parse(
            document["grades"], known=scorecard_document.attributes_of(document["scorecard"])
        )
        table = ibis.memtable({"on_time_rate": [0.5]}, schema=ibis.schema({"on_time_rate": "float64"}))

        with pytest.raises(UnableToCompileError):
            scorecards.rated(card, scale, table, as_of=AS_OF)
