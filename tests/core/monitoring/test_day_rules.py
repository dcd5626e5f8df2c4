"""Rules that days overdue alone decide, and how they would have done on a ledger."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tradecredit.core.monitoring import day_rules, triggers
from tradecredit.core.monitoring.rule_measures import LateItem, MeasureRules
from tradecredit.integrations import policy_packs

DUE = date(2026, 3, 1)


def pack(name):
    return triggers.parse(policy_packs.load_pack(name)["monitoring"])


class TestDaysOfRules:
    @pytest.mark.parametrize(
        ("name", "days"),
        [
            ("five-pillars", {"overdue-30": 30, "overdue-90": 90}),
            ("policy-scorecard", {"overdue-30": 30, "overdue-90": 90}),
            ("payment-record", {"overdue-3": 3, "overdue-30": 30, "overdue-90": 90}),
            ("three-tiers", {"paying-late": 15, "much-overdue": 60}),
            ("authority-matrix", {"any-overdue": 1}),
        ],
    )
    def test_every_shipped_rule_says_from_which_day_it_speaks(self, name, days):
        assert day_rules.days_of_rules(pack(name), most=365) == days

    def test_a_rule_that_waits_longer_than_asked_is_left_out(self):
        assert day_rules.days_of_rules(pack("three-tiers"), most=59) == {"paying-late": 15}


class TestMeasured:
    def test_each_rule_under_its_own_name_the_earliest_first(self):
        items = [
            LateItem(customer=f"C{days}", due_date=DUE, settled_on=DUE + timedelta(days=days))
            for days in (2, 14, 16, 40)
        ]

        found = day_rules.measured(
            items,
            policy=pack("three-tiers"),
            rules=MeasureRules(trouble_days=30, horizon_days=60),
            as_of=DUE + timedelta(days=200),
        )

        (record,) = found
        assert (record.rule, record.threshold, record.alerts, record.right) == ("paying-late", 15, 2, 1)
        assert (str(record.precision), str(record.recall), record.lead_days) == ("0.5000", "1.0000", 15)
