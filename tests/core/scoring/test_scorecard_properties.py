"""What holds of every score, whatever the weights and the gaps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradecredit.core.scoring import scorecard, scorecard_document
from tradecredit.core.scoring.attributes import REGISTRY
from tradecredit.core.scoring.values import Known

NUMBERS = sorted(name for name, attribute in REGISTRY.items() if attribute.unit not in {"flag", "text"})
POLICIES = ["reallocate", "keep", "worst", "block"]
CENT = Decimal("0.01")
# A busy machine makes generation slow; that says nothing about the rules.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def sections(draw: st.DrawFn) -> dict[str, Any]:
    count = draw(st.integers(1, 6))
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=count - 1, max_size=count - 1)))
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    indicators = []
    for name, weight in zip(NUMBERS, weights, strict=False):
        edges = sorted(set(draw(st.lists(st.integers(-50, 50), min_size=1, max_size=4))))
        points = sorted(draw(st.lists(st.integers(0, 100), min_size=len(edges) + 1, max_size=len(edges) + 1)))
        bins: list[dict[str, str]] = [{"below": str(edges[0]), "points": str(points[0])}]
        bins += [
            {"from": str(a), "below": str(b), "points": str(p)}
            for a, b, p in zip(edges, edges[1:], points[1:], strict=False)
        ]
        bins.append({"from": str(edges[-1]), "points": str(points[-1])})
        missing = draw(st.sampled_from(POLICIES))
        indicators.append(
            {"attribute": name, "weight": str(weight), "missing": missing, "points": {"bins": bins}}
        )
    label = {"zh": "甲", "en": "A"}
    dimension = {"name": "all", "label": label, "weight": "100", "indicators": indicators}
    return {"name": "any", "label": label, "digits": "2", "missing": "keep", "dimensions": [dimension]}


VALUES = st.dictionaries(
    st.sampled_from(NUMBERS[:6]), st.integers(-60, 60).map(lambda n: Known(value=Decimal(n))), max_size=6
)


@PATIENT
@given(sections(), VALUES)
def test_score_lies_between_0_and_100_and_inside_its_interval(section, values):
    result = scorecard.evaluate(scorecard_document.parse(section), values=values, as_of=date(2026, 1, 1))

    assert 0 <= result.low <= result.high <= 100
    if result.score is not None:
        assert result.low <= result.score <= result.high


@PATIENT
@given(sections(), VALUES)
def test_shown_parts_add_up_to_the_shown_score(section, values):
    result = scorecard.evaluate(scorecard_document.parse(section), values=values, as_of=date(2026, 1, 1))

    if result.score is not None:
        assert sum(part.contribution for part in result.parts) == result.score


@PATIENT
@given(sections(), VALUES)
def test_completeness_is_the_weight_of_what_is_known(section, values):
    result = scorecard.evaluate(scorecard_document.parse(section), values=values, as_of=date(2026, 1, 1))

    assert result.completeness == sum(part.weight for part in result.parts if not part.is_missing)


@PATIENT
@given(sections(), VALUES, st.data())
def test_a_better_value_never_lowers_the_score(section, values, data):
    if not values:
        return
    name = data.draw(st.sampled_from(sorted(values)))
    better = {**values, name: Known(value=values[name].value + data.draw(st.integers(0, 100)))}
    card = scorecard_document.parse(section)

    before = scorecard.evaluate(card, values=values, as_of=date(2026, 1, 1))
    after = scorecard.evaluate(card, values=better, as_of=date(2026, 1, 1))

    if before.score is not None:
        assert after.score is not None
        assert after.score >= before.score


@PATIENT
@given(sections(), VALUES)
def test_nothing_missing_makes_the_interval_one_number(section, values):
    full = {name: Known(value=Decimal(1)) for name in NUMBERS} | values

    result = scorecard.evaluate(scorecard_document.parse(section), values=full, as_of=date(2026, 1, 1))

    assert result.score is not None
    assert result.high - result.low <= CENT
