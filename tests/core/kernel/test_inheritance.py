from __future__ import annotations

import pytest

from tradecredit.core.kernel import inheritance
from tradecredit.core.kernel.document_changes import UnknownPathError

GROUP = {
    "order_control": {
        "reservation_days": 30,
        "checks": [{"code": "overdue_days", "days": 7, "at": ["order"]}, {"code": "headroom"}],
    },
    "dunning": {"quiet_days": 2},
}
OWN = {"order_control": {"checks": [{"code": "overdue_days", "days": 14}, {"code": "own"}]}}


class TestMerged:
    def test_one_figure_of_one_item_may_be_ones_own(self):
        found = inheritance.merged(GROUP, OWN)

        assert found["order_control"]["checks"] == [
            {"code": "overdue_days", "days": 14, "at": ["order"]},
            {"code": "headroom"},
            {"code": "own"},
        ]
        assert found["order_control"]["reservation_days"] == 30
        assert found["dunning"] == {"quiet_days": 2}

    def test_a_list_without_names_is_replaced_as_a_whole(self):
        assert inheritance.merged({"words": ["a", "b"]}, {"words": ["c"]}) == {"words": ["c"]}

    def test_an_item_can_be_taken_away(self):
        own = {"order_control": {"checks": [{"code": "headroom", "removed": "yes"}]}}

        codes = [one["code"] for one in inheritance.merged(GROUP, own)["order_control"]["checks"]]
        assert codes == ["overdue_days"]

    def test_neither_document_is_changed(self):
        inheritance.merged(GROUP, OWN)

        assert GROUP["order_control"]["checks"][0]["days"] == 7


class TestOriginOf:
    @pytest.mark.parametrize(
        ("path", "value", "origin"),
        [
            ("order_control.checks.overdue_days.days", 14, "company"),
            ("order_control.checks.overdue_days.at", ["order"], "group"),
            ("dunning.quiet_days", 2, "group"),
        ],
    )
    def test_says_the_value_and_whose_it_is(self, path, value, origin):
        found = inheritance.origin_of(path, base=GROUP, own=OWN, base_name="group", own_name="company")

        assert (found.value, found.origin) == (value, origin)

    def test_refuses_a_path_to_nothing(self):
        with pytest.raises(UnknownPathError):
            inheritance.origin_of("dunning.loud", base=GROUP, own=OWN, base_name="group", own_name="company")
