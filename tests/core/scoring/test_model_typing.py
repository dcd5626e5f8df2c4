"""A model as lines that a person types in, and back into its document."""

from __future__ import annotations

import copy

import pytest

from tradecredit.core.kernel.document_changes import UnknownPathError
from tradecredit.core.scoring import model_lines, model_typing, scorecard_document
from tradecredit.integrations import policy_packs

PACKS = ("five-pillars", "three-tiers", "payment-record", "policy-scorecard", "authority-matrix")
MODEL = policy_packs.load_pack("five-pillars")


def sections(document):
    return {name: document[name] for name in ("scorecard", "grades")}


def indicator(document, name):
    every = (one for dimension in document["scorecard"]["dimensions"] for one in dimension["indicators"])
    return next(one for one in every if model_lines.name_of(one) == name)


def as_shown(lines):
    """Return every field as the form shows it."""
    typed = {f"cut:{one.grade}": one.least for one in lines.cut_offs}
    for dimension in lines.dimensions:
        typed[f"weight:{dimension.name}"] = dimension.weight
        for one in dimension.indicators:
            typed[f"weight:{dimension.name}:{one.name}"] = one.weight
            typed[f"missing:{one.name}"] = one.missing
            typed[f"bin:{one.name}:{len(one.bins)}:edge"] = ""
            for number, line in enumerate(one.bins):
                typed[f"bin:{one.name}:{number}:edge"] = line.edge
                typed[f"bin:{one.name}:{number}:side"] = "from" if line.is_included else "above"
                typed[f"bin:{one.name}:{number}:points"] = line.points
            for number, (value, points) in enumerate(one.values):
                typed[f"value:{one.name}:{number}:name"] = value
                typed[f"value:{one.name}:{number}:points"] = points
    return typed


class TestLines:
    def test_tells_bins_by_where_they_begin_the_open_one_first(self):
        (solvency, *_) = model_lines.lines(MODEL).dimensions
        debt_ratio = solvency.indicators[0]

        assert [(line.edge, line.is_included, line.points) for line in debt_ratio.bins] == [
            ("", True, "100"),
            ("0.40", False, "80"),
            ("0.55", False, "60"),
            ("0.70", False, "20"),
        ]
        assert (solvency.weight, solvency.indicator_sum) == ("25", 100)

    def test_a_sum_with_something_that_is_no_number_is_none(self):
        assert model_lines.total(["40", "soon"]) is None
        assert not model_lines.is_whole(model_lines.total(["40", "59.99"]))


class TestWritten:
    @pytest.mark.parametrize("pack", PACKS)
    def test_what_is_sent_as_it_was_shown_changes_nothing(self, pack):
        document = sections(policy_packs.load_pack(pack))
        before = copy.deepcopy(document)

        assert model_typing.written(document, as_shown(model_lines.lines(document))) == before
        assert document == before

    def test_writes_weights_cut_offs_and_policies_of_missing_data(self):
        typed = {
            "weight:solvency": "30%",
            "weight:solvency:debt_ratio": "60",
            "set:fast_moving_goods:solvency": "10",
            "cut:A": "88",
            "missing:debt_ratio": "neutral",
            "neutral:debt_ratio": "40",
            "fresh:debt_ratio": "",
            "default_missing": "keep",
        }

        made = model_typing.written(MODEL, typed)

        card = made["scorecard"]
        assert (card["missing"], card["dimensions"][0]["weight"]) == ("keep", "30")
        assert card["weight_sets"][1]["weights"]["solvency"] == "10"
        assert made["grades"]["grades"][0]["from"] == "88"
        changed = indicator(made, "debt_ratio")
        assert (changed["weight"], changed["missing"], changed["neutral"]) == ("60", "neutral", "40")
        assert "fresh_for_days" not in changed

    def test_a_new_edge_splits_a_bin_and_the_neighbours_follow(self):
        typed = {
            "bin:current_ratio:4:edge": "0.5",
            "bin:current_ratio:4:side": "above",
            "bin:current_ratio:4:points": "10",
        }

        bins = indicator(model_typing.written(MODEL, typed), "current_ratio")["points"]["bins"]

        assert bins == [
            {"from": "2", "points": "100"},
            {"from": "1.5", "below": "2", "points": "80"},
            {"from": "1", "below": "1.5", "points": "60"},
            {"above": "0.5", "below": "1", "points": "10"},
            {"up_to": "0.5", "points": "20"},
        ]

    def test_a_cleared_edge_takes_its_line_away(self):
        made = model_typing.written(MODEL, {"bin:current_ratio:2:edge": ""})

        assert indicator(made, "current_ratio")["points"]["bins"] == [
            {"from": "2", "points": "100"},
            {"from": "1", "below": "2", "points": "60"},
            {"below": "1", "points": "20"},
        ]
        scorecard_document.parse(made["scorecard"])

    def test_adds_and_removes_indicators(self):
        made = model_typing.written(MODEL, {"remove:roe": "1", "add:operation": "on_time_rate"})

        names = {
            each["name"]: [model_lines.name_of(one) for one in each["indicators"]]
            for each in made["scorecard"]["dimensions"]
        }
        assert names["profitability"] == ["gross_margin"]
        assert names["operation"][-1] == "on_time_rate"
        assert indicator(made, "on_time_rate")["points"] == {"bins": [{"points": "50"}]}

    def test_a_value_gets_other_points_and_a_new_one_comes(self):
        typed = {
            "value:ownership_type:0:points": "95",
            "value:ownership_type:8:name": "集体",
            "value:ownership_type:8:points": "80",
            "otherwise:ownership_type": "50",
        }

        points = indicator(model_typing.written(MODEL, typed), "ownership_type")["points"]

        assert (points["values"]["state_owned"], points["values"]["集体"], points["otherwise"]) == (
            "95",
            "80",
            "50",
        )

    @pytest.mark.parametrize("name", ["colour:debt_ratio", "add:operation"])
    def test_refuses_what_belongs_to_no_line(self, name):
        with pytest.raises(UnknownPathError):
            model_typing.written(MODEL, {name: "nobody"})


OWN = {"own:name": "merchants", "own:zh": "商户", "own:en": "Merchants", "own:when": 'industry = "零售"'}


class TestOwnModels:
    def test_begins_as_a_copy_and_changes_alone(self):
        begun = {**MODEL, **model_typing.written(MODEL, OWN)}
        shown = model_lines.lines(begun, of="merchants")
        assert (shown.name, shown.when, shown.dimension_sum) == ("merchants", 'industry = "零售"', 100)
        assert [one.name for one in shown.others] == [MODEL["scorecard"]["name"], "merchants"]

        typed = {"of:model": "merchants", "weight:solvency": "40", "weight:operation": "0"}
        changed = {**MODEL, **model_typing.written(begun, typed)}

        assert model_lines.lines(changed, of="merchants").dimensions[0].weight == "40"
        assert model_lines.lines(changed).dimensions[0].weight == "25"
        scorecard_document.parse(changed["scorecard"])

    def test_typing_what_is_shown_changes_nothing(self):
        begun = {**MODEL, **model_typing.written(MODEL, OWN)}
        shown = model_lines.lines(begun, of="merchants")
        typed = {**as_shown(shown), "of:model": "merchants", "when:model": shown.when}
        assert model_typing.written(begun, typed) == sections(begun)

    def test_is_taken_away_and_leaves_no_trace(self):
        begun = {**MODEL, **model_typing.written(MODEL, OWN)}
        gone = model_typing.written(begun, {"of:model": "merchants", "drop:model": "merchants"})
        assert gone == sections(MODEL)

    def test_a_model_that_is_not_there_is_refused(self):
        with pytest.raises(UnknownPathError):
            model_typing.written(MODEL, {"of:model": "nobody"})
