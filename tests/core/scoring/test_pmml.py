"""Models as PMML Scorecards: out, in again, and those of other tools."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradecredit.core.decision_tables import xml_text
from tradecredit.core.scoring import model_typing, pmml_reading, pmml_writing, scorecard_document
from tradecredit.core.scoring.pmml_reading import UnableToReadPmmlError
from tradecredit.integrations import policy_packs

PACKS = ("five-pillars", "three-tiers", "payment-record", "policy-scorecard", "authority-matrix")
MODEL = policy_packs.load_pack("five-pillars")
FOREIGN = """<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
<Scorecard modelName="other house" initialScore="10"><Characteristics>{}</Characteristics></Scorecard></PMML>"""
AGE = """<Characteristic name="age">
<Attribute partialScore="10"><SimplePredicate field="years_in_business" operator="lessOrEqual" value="2"/></Attribute>
<Attribute partialScore="20"><SimplePredicate field="years_in_business" operator="lessOrEqual" value="5"/></Attribute>
<Attribute partialScore="40"><True/></Attribute></Characteristic>"""
BRANCH = """<Characteristic name="branch">
<Attribute partialScore="-5"><SimplePredicate field="branch" operator="isMissing"/></Attribute>
<Attribute partialScore="5"><SimpleSetPredicate field="branch" booleanOperator="isIn">
<Array type="string" n="2">"north" "east"</Array></SimpleSetPredicate></Attribute>
<Attribute partialScore="0"><SimplePredicate field="branch" operator="equal" value="south"/></Attribute></Characteristic>"""


def partials(text, name):
    every = xml_text.read(text).iter()
    found = next(
        each for each in every if xml_text.tag(each) == "Characteristic" and each.get("name") == name
    )
    return [each.get("partialScore") for each in xml_text.children(found, "Attribute")]


class TestWrite:
    @pytest.mark.parametrize("pack", PACKS)
    def test_comes_back_as_it_went(self, pack):
        document = policy_packs.load_pack(pack)

        found = pmml_reading.read(pmml_writing.write(document))

        assert found == {"scorecard": document["scorecard"], "grades": document["grades"]}

    def test_partial_scores_are_points_times_both_weights(self):
        # 25 % of the whole, half of it: 12.5 points of the score at most.
        assert partials(pmml_writing.write(MODEL), "debt_ratio") == ["12.5", "10", "7.5", "2.5"]

    def test_a_missing_value_has_a_line_only_where_the_standard_can_say_what_it_counts(self):
        kept = model_typing.written(MODEL, {"missing:debt_ratio": "worst", "missing:current_ratio": "block"})

        text = pmml_writing.write({**MODEL, **kept})

        assert partials(text, "debt_ratio")[0] == "2.5"
        assert len(partials(text, "current_ratio")) == 4

    def test_whole_steps_become_bins(self):
        points = {"step_deduction": {
            "line": "0.70", "step": "0.10", "points": "40", "mode": "floor", "unit": "pp", "beyond": "above",
        }}  # fmt: skip
        document = model_typing.written(MODEL, {})
        document["scorecard"]["dimensions"][0]["indicators"][0]["points"] = points

        assert partials(pmml_writing.write(document), "debt_ratio") == ["12.5", "7.5", "2.5", "0"]


class TestRead:
    def test_spans_become_weights_and_partial_scores_points(self):
        card = pmml_reading.read(FOREIGN.format(AGE + BRANCH))["scorecard"]

        age, branch = card["dimensions"][0]["indicators"]
        assert (age["weight"], branch["weight"]) == ("75.00", "25.00")
        assert age["points"]["bins"] == [
            {"up_to": "2", "points": "0.00"},
            {"up_to": "5", "above": "2", "points": "33.33"},
            {"above": "5", "points": "100.00"},
        ]
        assert (branch["missing"], branch["neutral"]) == ("neutral", "0.00")
        assert branch["points"] == {"values": {"north": "100.00", "east": "100.00", "south": "50.00"}}
        model = scorecard_document.parse(card)
        assert sum(each.weight for each in model.dimensions[0].indicators) == Decimal(100)

    def test_a_file_of_ours_that_somebody_changed_is_read_by_what_it_says_now(self):
        text = pmml_writing.write(MODEL).replace('partialScore="12.5"', 'partialScore="11.5"', 1)

        found = pmml_reading.read(text)

        assert "grades" not in found
        assert found["scorecard"]["dimensions"][0]["name"] == "imported"

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("<PMML/>", "no PMML file with a Scorecard"),
            (FOREIGN.format(""), "no characteristics"),
            (FOREIGN.format(AGE.replace('partialScore="10"', "")), "no fixed partialScore"),
            (FOREIGN.format(AGE.replace("lessOrEqual", "like")), "like"),
            (FOREIGN.format(AGE.replace("<True/>", "<False/>")), "False"),
            (FOREIGN.format(AGE.replace("40", "10").replace('"20"', '"10"')), "the same score"),
        ],
    )
    def test_refuses_what_it_cannot_take_over(self, text, said):
        with pytest.raises(UnableToReadPmmlError) as refused:
            pmml_reading.read(text)

        assert said in refused.value.words.en
