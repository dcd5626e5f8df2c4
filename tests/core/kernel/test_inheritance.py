from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


_PLAIN = st.one_of(st.integers(0, 3), st.sampled_from(["a", "b"]))
_ITEMS = st.lists(st.sampled_from("pqrs"), unique=True, max_size=4).flatmap(
    lambda codes: st.tuples(
        *[
            st.fixed_dictionaries({"code": st.just(code)}, optional={"days": _PLAIN, "at": st.lists(_PLAIN)})
            for code in codes
        ]
    ).map(list)
)
_POLICY = st.dictionaries(
    st.sampled_from(["one", "two", "three"]),
    st.one_of(_PLAIN, _ITEMS, st.dictionaries(st.sampled_from(["x", "y"]), st.one_of(_PLAIN, _ITEMS))),
)


class TestOwnOf:
    def test_says_only_what_differs(self):
        whole = inheritance.merged(GROUP, OWN)
        assert inheritance.own_of(GROUP, whole) == {
            "order_control": {"checks": [{"code": "overdue_days", "days": 14}, {"code": "own"}]}
        }

    def test_an_item_that_is_gone_is_taken_away(self):
        whole = {**GROUP, "order_control": {**GROUP["order_control"], "checks": [{"code": "headroom"}]}}
        own = inheritance.own_of(GROUP, whole)
        assert own["order_control"]["checks"] == [{"code": "overdue_days", "removed": "yes"}]

    def test_another_order_is_said_as_a_whole(self):
        turned = list(reversed(GROUP["order_control"]["checks"]))
        whole = {**GROUP, "order_control": {**GROUP["order_control"], "checks": turned}}
        assert inheritance.own_of(GROUP, whole) == {"order_control": {"checks": {"instead": turned}}}

    @settings(max_examples=40)
    @given(base=_POLICY, whole=_POLICY)
    def test_joined_with_the_base_it_is_the_whole_again(self, base, whole):
        assert inheritance.merged(base, inheritance.own_of(base, whole)) == whole

    def test_what_the_group_changes_elsewhere_is_followed(self):
        own = inheritance.own_of(GROUP, inheritance.merged(GROUP, OWN))
        renewed = {**GROUP, "dunning": {"quiet_days": 5}}
        found = inheritance.merged(renewed, own)
        assert (found["dunning"]["quiet_days"], found["order_control"]["checks"][0]["days"]) == (5, 14)


class TestIsOwn:
    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("order_control.checks.overdue_days.days", True),
            ("order_control.checks.overdue_days.at", False),
            ("order_control.checks.own.days", False),
            ("dunning.quiet_days", False),
        ],
    )
    def test_tells_one_value_from_another(self, path, expected):
        assert inheritance.is_own(OWN, path) is expected

    def test_what_stands_instead_is_ones_own_to_the_last_value(self):
        assert inheritance.is_own({"checks": {"instead": [{"code": "a", "days": 1}]}}, "checks.a.days")
