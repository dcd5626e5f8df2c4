from __future__ import annotations

from datetime import date

import pytest

from tradecredit.core.kernel import overlays
from tradecredit.core.kernel.document_changes import UnknownPathError
from tradecredit.core.kernel.refusal import PolicyError

DAYS = "order_control.checks.overdue_days.days"
PLAIN = {
    "order_control": {"checks": [{"code": "overdue_days", "days": 7}]},
    "limits": {"formula": [{"name": "industry", "factor": [{"times": "0.8"}]}]},
}


def overlay(code="winter", path=DAYS, value=3, begins="2026-12-01", ends="2027-03-01", **more):
    said = {"code": code, "label": {"zh": "淡季", "en": "Off season"}, "reason": "淡季", "from": begins}
    return said | ({} if ends is None else {"to": ends}) | {"set": [{"path": path, "value": value}]} | more


def document(*items):
    return {**PLAIN, "overlays": {"items": list(items)}}


def days_on(found, day):
    return overlays.on_day(found, day)["order_control"]["checks"][0]["days"]


class TestOnDay:
    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            (date(2026, 11, 30), 7),
            (date(2026, 12, 1), 3),
            (date(2027, 2, 28), 3),
            (date(2027, 3, 1), 7),
        ],
    )
    def test_holds_from_its_first_day_until_its_last_is_over(self, day, expected):
        assert days_on(document(overlay()), day) == expected

    def test_without_an_end_it_holds_on(self):
        assert days_on(document(overlay(ends=None)), date(2040, 1, 1)) == 3

    def test_a_document_without_any_is_the_same_object(self):
        assert overlays.on_day(PLAIN, date(2026, 12, 1)) is PLAIN

    def test_reaches_an_item_without_a_name_by_its_place(self):
        found = document(overlay(path="limits.formula.industry.factor.1.times", value="0.6"))
        held = overlays.on_day(found, date(2026, 12, 1))
        assert held["limits"]["formula"][0]["factor"] == [{"times": "0.6"}]
        assert found["limits"]["formula"][0]["factor"] == [{"times": "0.8"}]


class TestDaysOfChange:
    def test_are_the_first_days_and_the_days_after_the_last_in_order(self):
        found = document(overlay(), overlay(code="later", begins="2027-05-01", ends=None))
        assert overlays.days_of_change(found, after=date(2026, 12, 1)) == (
            date(2027, 3, 1),
            date(2027, 5, 1),
        )


class TestHolding:
    def test_names_the_overlay_of_a_value_on_its_days(self):
        found = document(overlay())
        assert overlays.holding(found, path=DAYS, day=date(2026, 12, 5)).code == "winter"
        assert overlays.holding(found, path=DAYS, day=date(2027, 3, 1)) is None
        assert overlays.holding(found, path="limits", day=date(2026, 12, 5)) is None


class TestOfDocument:
    @pytest.mark.parametrize(
        ("item", "place"),
        [
            (overlay(path="order_control.checks.wind.days"), "overlays.items[0].set[0].path"),
            (overlay(path="pack.name"), "overlays.items[0].set[0].path"),
            (overlay(ends="2026-12-01"), "overlays.items[0].to"),
            (overlay(set=[]), "overlays.items[0].set"),
            (overlay(colour="blue"), "overlays.items[0]"),
        ],
        ids=["a path to nothing", "the pack's name", "no day", "no value", "an unknown key"],
    )
    def test_names_the_place_of_a_mistake(self, item, place):
        with pytest.raises(PolicyError) as caught:
            overlays.of_document(document(item))
        assert caught.value.path == place

    @pytest.mark.parametrize(("begins", "is_refused"), [("2027-02-28", True), ("2027-03-01", False)])
    def test_refuses_two_that_set_one_value_on_the_same_days(self, begins, is_refused):
        found = document(overlay(), overlay(code="other", begins=begins, ends=None))
        if not is_refused:
            assert len(overlays.of_document(found)) == 2
            return
        with pytest.raises(PolicyError, match="on the same days"):
            overlays.of_document(found)

    def test_refuses_a_code_that_stands_twice(self):
        with pytest.raises(PolicyError, match="stands twice"):
            overlays.of_document(document(overlay(), overlay(begins="2028-01-01", ends=None)))


class TestAddedAndWithout:
    def test_one_with_the_same_code_is_replaced_and_the_last_takes_the_section_with_it(self):
        (one,) = overlays.of_document(document(overlay(value=5)))
        found = overlays.added(document(overlay()), one)
        assert days_on(found, date(2026, 12, 1)) == 5
        assert overlays.without(found, "winter") == PLAIN

    def test_there_must_be_one_to_take_out(self):
        with pytest.raises(UnknownPathError):
            overlays.without(PLAIN, "winter")
