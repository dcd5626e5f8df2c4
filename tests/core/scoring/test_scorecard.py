"""Scores: weights on two levels, missing data by each policy, and parts that add up."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.scoring import scorecard, scorecard_document
from tradecredit.core.scoring.values import Known, Missing

TODAY = date(2026, 6, 30)


def section(*, missing: str = "reallocate", last: dict[str, Any] | None = None) -> dict[str, Any]:
    def indicator(attribute: str, weight: str, **more: Any) -> dict[str, Any]:
        bins = [{"from": "85", "points": "100"}, {"below": "85", "points": "20"}]
        return {"attribute": attribute, "weight": weight, "points": {"bins": bins}, **more}

    return {
        "name": "three",
        "label": {"zh": "三项", "en": "Three"},
        "digits": "2",
        "missing": missing,
        "dimensions": [
            {
                "name": "all",
                "label": {"zh": "全部", "en": "All"},
                "weight": "100",
                "indicators": [
                    indicator("order_count", "40"),
                    indicator("overdue_count", "30"),
                    indicator("industry_score", "30", **(last or {})),
                ],
            }
        ],
    }


def score_of(document: dict[str, Any], **values: str) -> scorecard.ScoreResult:
    known = {name: Known(value=Decimal(value)) for name, value in values.items()}
    return scorecard.evaluate(scorecard_document.parse(document), values=known, as_of=TODAY)


class TestEvaluate:
    def test_weighs_points_of_known_values(self):
        result = score_of(section(), order_count="90", overdue_count="90", industry_score="10")

        assert result.score == Decimal("76.00")
        assert [part.contribution for part in result.parts] == [40, 30, 6]
        assert result.completeness == 100
        assert (result.low, result.high) == (76, 76)
        assert result.most_worth_getting is None

    @pytest.mark.parametrize(
        ("last", "score"),
        [
            ({"missing": "reallocate"}, "100.00"),
            ({"missing": "keep"}, "70.00"),
            ({"missing": "worst"}, "76.00"),
            ({"missing": "neutral", "neutral": "50"}, "85.00"),
            ({"missing": "block"}, None),
        ],
    )
    def test_treats_a_missing_value_by_the_indicators_policy(self, last, score):
        result = score_of(section(last=last), order_count="90", overdue_count="90")

        assert result.score == (None if score is None else Decimal(score))
        assert result.completeness == 70
        # The interval holds the score as well: a gap kept at 0 lies below the worst line of its table.
        assert (result.low, result.high) == (min(Decimal(76), result.score or Decimal(76)), 100)

    def test_names_what_blocks_the_score(self):
        result = score_of(section(last={"missing": "block"}), order_count="90")

        assert result.blocked_by == ("industry_score",)

    def test_gives_no_score_when_nothing_is_known(self):
        result = score_of(section())

        assert result.score is None
        assert result.completeness == 0
        assert (result.low, result.high) == (20, 100)

    def test_counts_data_older_than_allowed_as_missing(self):
        document = section(last={"fresh_for_days": "365"})
        old = {"industry_score": Known(value=Decimal(90), known_on=date(2025, 6, 29))}
        fresh = {"industry_score": Known(value=Decimal(90), known_on=date(2025, 6, 30))}
        card = scorecard_document.parse(document)

        assert scorecard.evaluate(card, values=old, as_of=TODAY).parts[2].value == Missing(cause="stale")
        assert scorecard.evaluate(card, values=fresh, as_of=TODAY).parts[2].points == 100

    def test_names_the_datum_most_worth_getting(self):
        result = score_of(section(), overdue_count="90")

        assert result.most_worth_getting is not None
        assert result.most_worth_getting.indicator == "order_count"

    def test_orders_the_parts_that_cost_most(self):
        result = score_of(section(), order_count="90", overdue_count="10", industry_score="90")

        assert [part.indicator for part in result.weakest(count=3)] == ["overdue_count"]

    def test_tells_each_part_in_both_languages(self):
        part = score_of(section(), order_count="90").parts[0]

        assert part.sentence.en == "Number of trades 90 (at least 85): 100 points × weight 100% = 100.00"
        assert part.sentence.zh == "交易次数 90（不低于 85）：100 分 × 权重 100% = 100.00"

    def test_uses_the_weight_set_of_the_customers_industry(self):
        document = deepcopy(section())
        document["dimensions"].append(
            {
                "name": "extra",
                "label": {"zh": "附加", "en": "Extra"},
                "weight": "0",
                "indicators": [
                    {"attribute": "ownership_type", "weight": "100", "points": {"values": {"private": "50"}}}
                ],
            }
        )
        document["weight_sets"] = [
            {
                "name": "steel",
                "label": {"zh": "钢铁", "en": "Steel"},
                "when": {"attribute": "industry", "is": "steel"},
                "weights": {"all": "50", "extra": "50"},
            }
        ]
        values = {
            "industry": Known(value="steel"),
            "ownership_type": Known(value="private"),
            **{name: Known(value=Decimal(90)) for name in ("order_count", "overdue_count", "industry_score")},
        }

        result = scorecard.evaluate(scorecard_document.parse(document), values=values, as_of=TODAY)

        assert result.weight_set == "steel"
        assert result.score == 75

    def test_treats_a_quality_without_a_line_as_missing(self):
        document = section()
        document["dimensions"][0]["indicators"][2] = {
            "attribute": "ownership_type",
            "weight": "30",
            "points": {"values": {"private": "70"}},
        }
        values = {"ownership_type": Known(value="family"), "order_count": Known(value=Decimal(90))}

        result = scorecard.evaluate(scorecard_document.parse(document), values=values, as_of=TODAY)

        assert result.parts[2].value == Missing(cause="not_understood")
        assert result.completeness == 40


class TestParse:
    @pytest.mark.parametrize(
        ("change", "path"),
        [
            (lambda d: d["dimensions"][0].update(weight="99"), "scorecard.dimensions"),
            (
                lambda d: d["dimensions"][0]["indicators"][0].update(weight="41"),
                "scorecard.dimensions[0].indicators",
            ),
            (
                lambda d: d["dimensions"][0]["indicators"][0].update(attribute="shoe_size"),
                "scorecard.dimensions[0].indicators[0].attribute",
            ),
            (
                lambda d: d["dimensions"][0]["indicators"][0]["points"].update(
                    bins=[{"above": "85", "points": "1"}, {"below": "85", "points": "0"}]
                ),
                "scorecard.dimensions[0].indicators[0].points.bins",
            ),
            (
                lambda d: d["dimensions"][0]["indicators"][0].update(missing="guess"),
                "scorecard.dimensions[0].indicators[0].missing",
            ),
            (
                lambda d: d["dimensions"][0]["indicators"][1].update(attribute="order_count"),
                "scorecard.dimensions",
            ),
            (lambda d: d.update(colour="blue"), "scorecard"),
        ],
    )
    def test_names_the_place_of_a_mistake(self, change, path):
        document = section()
        change(document)

        with pytest.raises(PolicyError) as caught:
            scorecard_document.parse(document)

        assert caught.value.path == path

    def test_lets_a_pack_declare_its_own_attribute(self):
        document = section()
        document["attributes"] = {
            "fleet_size": {
                "label": {"zh": "车队", "en": "Fleet"},
                "unit": "count",
                "direction": "higher_is_better",
            }
        }
        document["dimensions"][0]["indicators"][0]["attribute"] = "fleet_size"

        card = scorecard_document.parse(document)

        assert card.dimensions[0].indicators[0].label.en == "Fleet"


class TestOwnModels:
    """Merchants are rated by orders alone, the region 西南 by overdue alone; everybody else by the three."""

    def document(self) -> dict[str, Any]:
        whole = section()

        def model(name: str, attribute: str, when: Any) -> dict[str, Any]:
            dimension = deepcopy(whole["dimensions"][0])
            dimension["indicators"] = [
                {**one, "weight": "100"} for one in dimension["indicators"] if one["attribute"] == attribute
            ]
            label = {"zh": name, "en": name}
            return {"name": name, "label": label, "when": when, "dimensions": [dimension]}

        merchants = model("merchants", "order_count", 'customer_type = "商户"')
        south = model("south", "overdue_count", {"attribute": "region", "is": "西南"})
        return whole | {"own_models": [merchants, south]}

    @pytest.mark.parametrize(
        ("who", "model", "score"),
        [
            ({}, "three", "76.00"),
            ({"customer_type": "工厂"}, "three", "76.00"),
            ({"customer_type": "商户"}, "merchants", "100.00"),
            ({"region": "西南"}, "south", "20.00"),
            ({"customer_type": "商户", "region": "西南"}, "merchants", "100.00"),
        ],
    )
    def test_the_first_model_that_fits_rates_the_customer(self, who, model, score):
        known = {name: Known(value=text) for name, text in who.items()}
        points = {
            "order_count": "90",
            "overdue_count": "90" if model == "three" else "10",
            "industry_score": "10",
        }
        known |= {name: Known(value=Decimal(value)) for name, value in points.items()}

        result = scorecard.evaluate(scorecard_document.parse(self.document()), values=known, as_of=TODAY)

        assert (result.model, result.score) == (model, Decimal(score))

    def test_says_what_it_leaves_out_as_the_whole_does(self):
        card = scorecard_document.parse(self.document())
        assert {model.digits for model in card.every} == {2}
        assert card.named("south").name == "south"
        assert card.named("gone").name == "three"

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"name": "three"}, "used twice"),
            ({"when": {"attribute": "no_such", "is": "x"}}, "no attribute"),
            ({"when": ""}, "when"),
            ({"attributes": {}}, "attributes"),
            ({"own_models": []}, "own_models"),
        ],
    )
    def test_refuses_a_model_that_is_not_sound(self, change, told):
        document = self.document()
        document["own_models"][0] |= change
        with pytest.raises(PolicyError, match=told):
            scorecard_document.parse(document)
