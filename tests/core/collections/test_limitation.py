from __future__ import annotations

from datetime import date

import pytest

from tradecredit.core.collections import limitation
from tradecredit.core.collections.limitation import Restart

DUE = date(2026, 3, 1)


def clock(*restarts, as_of=date(2026, 6, 1), due_date=DUE):
    return limitation.clock(due_date=due_date, restarts=restarts, years=3, red_days=180, as_of=as_of)


class TestClock:
    def test_runs_three_years_from_the_due_day(self):
        found = clock()

        assert (found.ends_on, found.since.cause, found.is_red) == (date(2029, 3, 1), "due", False)

    @pytest.mark.parametrize("cause", ["demand", "acknowledgement", "part_payment"])
    def test_starts_anew_with_the_latest_proof(self, cause):
        found = clock(
            Restart(day=date(2027, 6, 5), cause=cause, reference="EMS-1"),
            Restart(day=date(2026, 9, 1), cause="demand"),
            as_of=date(2027, 7, 1),
        )

        assert (found.ends_on, found.since.reference) == (date(2030, 6, 5), "EMS-1")

    def test_a_demand_after_the_end_changes_nothing_and_an_acknowledgement_does(self):
        late = date(2029, 3, 2)

        assert clock(Restart(day=late, cause="demand"), as_of=late).ends_on == date(2029, 3, 1)
        assert clock(Restart(day=late, cause="acknowledgement"), as_of=late).ends_on == date(2032, 3, 2)

    def test_what_comes_tomorrow_does_not_count_today(self):
        assert clock(Restart(day=date(2026, 6, 2), cause="demand")).since.cause == "due"

    @pytest.mark.parametrize(("day", "is_red"), [(date(2028, 9, 1), False), (date(2028, 9, 2), True)])
    def test_is_red_with_180_days_left(self, day, is_red):
        assert clock(as_of=day).is_red is is_red

    def test_a_leap_day_ends_on_28_february(self):
        assert clock(due_date=date(2024, 2, 29)).ends_on == date(2027, 2, 28)
