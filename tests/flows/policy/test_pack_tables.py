from __future__ import annotations

import copy

import pytest

from tradecredit.core.decision_tables import reading
from tradecredit.flows.policy import check_policy, pack_tables
from tradecredit.integrations import policy_packs

PACK = policy_packs.load_pack("authority-matrix")


class TestOfPolicy:
    @pytest.mark.parametrize("pack", policy_packs.pack_names())
    def test_lists_every_table_of_a_pack_and_none_has_anything_to_mend(self, pack):
        tables = pack_tables.of_policy(policy_packs.load_pack(pack))

        assert {"authority", "dunning", "terms"} < {one.code for one in tables}
        assert any(one.section == "order_control" for one in tables)
        assert [finding for one in tables for finding in one.findings()] == []

    @pytest.mark.parametrize("code", ["authority", "dunning", "terms", "payment_and_risk"])
    def test_a_table_is_a_file_of_the_standard_and_back(self, code):
        one = pack_tables.named(PACK, code)

        assert reading.read(one.as_dmn()) == one.table.definitions

    def test_terms_by_grade_are_found_by_the_engine(self):
        found = pack_tables.named(PACK, "terms").ask({"grade": "B"})

        assert (found.outputs["trade"], int(found.outputs["terms_days"])) == ("credit", 45)

    def test_a_table_that_is_not_there_is_named(self):
        with pytest.raises(pack_tables.UnableToFindTableError, match="there are payment_and_risk"):
            pack_tables.named(PACK, "nothing")


class TestCheckPolicy:
    def mistakes(self, change):
        document = copy.deepcopy(policy_packs.load_pack("three-tiers"))
        change(document)
        return [str(error) for error in check_policy.check_policy(document=document)]

    def rows(self, document):
        (tier,) = [one for one in document["order_control"]["checks"] if one["code"] == "tier"]
        return tier["table"]["rows"]

    def test_a_row_that_can_never_fire_is_found(self):
        def change(document):
            rows = self.rows(document)
            rows.append({**rows[-1], "code": "again"})

        (mistake,) = self.mistakes(change)

        assert mistake.startswith("order_control.tier[7]")

    def test_a_cell_that_compares_a_number_with_a_text_is_found(self):
        mistakes = self.mistakes(
            lambda document: self.rows(document)[0]["when"].update(prepaid_share='"much"')
        )

        assert any(mistake.startswith("order_control.tier[1]") for mistake in mistakes)

    def test_a_model_that_cannot_be_read_is_named(self):
        document = copy.deepcopy(PACK)
        document["tables"]["order_checks"] = "<definitions"

        mistakes = [str(error) for error in check_policy.check_policy(document=document)]

        assert any("tables.order_checks" in mistake for mistake in mistakes)


class TestRefuseUnsound:
    def test_lets_a_sound_policy_pass_and_names_the_mistake_of_another(self):
        check_policy.refuse_unsound(PACK)
        document = copy.deepcopy(PACK)
        document["order_control"]["checks"].pop(0)
        document["dunning"]["stages"][0]["from_days"] = 2

        with pytest.raises(check_policy.UnableToUsePolicyError, match="the first stage begins on day 1"):
            check_policy.refuse_unsound(document)
