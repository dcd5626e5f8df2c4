from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tradecredit.core.monitoring import rule_measures
from tradecredit.core.monitoring.rule_measures import LateItem, MeasureRules, Raised

DUE = date(2026, 3, 1)
RULES = MeasureRules(
    trouble_days=90, horizon_days=120, least_precision=Decimal("0.50"), cost_per_task=Decimal(40)
)
TODAY = date(2026, 12, 31)


def _item(days_late, *, customer="C1", due=DUE):
    settled = None if days_late is None else due + timedelta(days=days_late)
    return LateItem(customer=customer, due_date=due, settled_on=settled)


def _raised(day, *, customer="C1", is_false=False):
    return Raised(rule="r", customer=customer, on=day, is_false_alarm=is_false, tasks=2)


def _measured(items, raised):
    troubles = rule_measures.spells(items, days=RULES.trouble_days)
    return rule_measures.measure(rule="r", raised=raised, troubles=troubles, rules=RULES, as_of=TODAY)


class TestSpells:
    def test_lasts_from_the_day_it_is_so_late_until_it_is_paid(self):
        (spell,) = rule_measures.spells([_item(50)], days=30)["C1"]

        assert (spell.begins, spell.ends) == (date(2026, 3, 31), date(2026, 4, 20))

    def test_whoever_pays_on_that_day_was_not_so_late(self):
        assert rule_measures.spells([_item(30)], days=30) == {}

    def test_items_whose_days_touch_are_one(self):
        items = [_item(60), _item(60, due=DUE + timedelta(days=20)), _item(40, due=DUE + timedelta(days=200))]

        found = rule_measures.spells(items, days=30)["C1"]

        assert [spell.begins for spell in found] == [date(2026, 3, 31), date(2026, 10, 17)]

    def test_what_is_open_lasts(self):
        (spell,) = rule_measures.spells([_item(None)], days=30)["C1"]

        assert spell.ends is None


class TestMeasure:
    def test_an_alert_before_trouble_was_right_and_early(self):
        found = _measured([_item(None)], [_raised(DUE)])

        assert (found.right, found.judged, found.precision, found.recall, found.lead_days) == (1, 1, 1, 1, 90)
        assert (found.tasks, found.cost) == (2, 80)

    def test_an_alert_after_which_nothing_came_was_not(self):
        found = _measured([_item(20)], [_raised(DUE)])

        assert (found.right, found.judged, found.precision) == (0, 1, 0)

    def test_one_of_yesterday_is_not_judged_yet(self):
        found = _measured([], [_raised(TODAY - timedelta(days=1))])

        assert (found.alerts, found.judged, found.precision) == (1, 0, None)

    def test_one_that_people_called_false_is(self):
        found = _measured([], [_raised(TODAY - timedelta(days=1), is_false=True)])

        assert (found.judged, found.false_alarms, found.precision) == (1, 1, 0)

    def test_trouble_of_which_nobody_was_warned_is_missed(self):
        found = _measured([_item(None), _item(None, customer="C2")], [_raised(DUE)])

        assert (found.troubles, found.caught, found.recall) == (2, 1, Decimal("0.5000"))

    def test_a_warning_long_before_the_horizon_is_no_catch(self):
        found = _measured([_item(None)], [_raised(DUE - timedelta(days=60))])

        assert (found.caught, found.right) == (0, 0)


class TestThresholds:
    ITEMS = (_item(None), _item(5, customer="C2"), _item(12, customer="C3"), _item(25, customer="C4"))

    def test_waiting_longer_is_right_more_often_and_leaves_less_time(self):
        found = rule_measures.thresholds(self.ITEMS, candidates=[1, 10, 30], rules=RULES, as_of=TODAY)

        assert [one.precision for one in found] == [Decimal("0.2500"), Decimal("0.3333"), Decimal("1.0000")]
        assert [one.lead_days for one in found] == [89, 80, 60]

    def test_suggests_the_earliest_that_is_right_often_enough(self):
        found = rule_measures.thresholds(self.ITEMS, candidates=[1, 10, 20, 30], rules=RULES, as_of=TODAY)

        assert rule_measures.suggested(found, rules=RULES).threshold == 20

    @given(st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 150)), max_size=20))
    def test_every_trouble_was_so_late_before(self, late):
        items = [_item(days, customer=f"C{customer}") for customer, days in late]

        found = rule_measures.thresholds(items, candidates=[1, 30], rules=RULES, as_of=TODAY)

        assert all(one.recall in {None, Decimal("1.0000")} for one in found)
