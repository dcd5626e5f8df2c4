"""A policy document is read by every room before it is published."""

from __future__ import annotations

import pytest

from tradecredit.flows.policy import check_policy
from tradecredit.integrations import policy_packs


class TestCheckPolicy:
    @pytest.mark.parametrize("pack", policy_packs.pack_names())
    def test_finds_every_pack_that_ships_sound(self, pack):
        assert check_policy.check_policy(document=policy_packs.load_pack(pack)) == ()

    def test_names_missing_sections_and_sections_that_nobody_reads(self):
        document = policy_packs.load_pack("five-pillars")
        document["limts"] = document.pop("limits")

        found = check_policy.check_policy(document=document)

        assert [(each.path, str(each)) for each in found] == [
            ("limts", "limts: nobody reads a section of this name"),
            ("limits", "limits: this section is missing"),
        ]

    def test_reports_the_mistakes_of_several_sections(self):
        document = policy_packs.load_pack("five-pillars")
        document["scorecard"]["dimensions"][0]["weight"] = "26"
        document["dunning"]["surprise"] = "1"

        found = check_policy.check_policy(document=document)

        assert {each.path.split(".")[0] for each in found} == {"scorecard", "dunning"}
        assert "sum to 101 %" in str(found[0])

    @pytest.mark.parametrize("wrong", [None, [], "text", 7, {}, {"grades": 1}, {"dimensions": [None]}])
    def test_answers_findings_whatever_the_shape(self, wrong):
        whole = policy_packs.load_pack("five-pillars")
        for section in whole:
            # A pack may have no letters, and no flows and forms of its own.
            if section != "letters" and not (section in {"flows", "forms"} and wrong == {}):
                assert check_policy.check_policy(document={**whole, section: wrong}) != (), section


class TestAlertRules:
    def test_a_rule_that_asks_a_signal_nobody_supplies_is_refused(self):
        document = policy_packs.load_pack("five-pillars")
        document["monitoring"]["rules"][1]["condition"] = "wind_speed > 3"
        for key in ("when", "unless"):
            document["monitoring"]["rules"][1].pop(key, None)
        (mistake,) = check_policy.check_policy(document=document)
        assert mistake.path == "monitoring.rules[1]"
        assert "wind_speed" in str(mistake)
