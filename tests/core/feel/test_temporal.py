"""Days, times, moments and durations: what is read, written, added and compared."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from tradecredit.core.feel import expression
from tradecredit.core.feel.values import days, host, moments, reading, zones
from tradecredit.core.feel.values.days import Date
from tradecredit.core.feel.values.durations import DaysTime, YearsMonths
from tradecredit.core.feel.values.moments import DateTime, Time


class TestReading:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-02-29",
            "2026-13-01",
            "26-01-01",
            "02026-01-01",
            "1000000000-01-01",
            "-0000-01-01",
            "+2026-01-01",
            "2026-1-1",
            "２０２６-01-01",
        ],
    )
    def test_refuses_what_is_no_day(self, text):
        assert reading.date(text) is None

    @pytest.mark.parametrize(
        "text",
        [
            "24:00:00",
            "10:60:00",
            "10:00",
            "10:00:00+15:00",
            "10:00:00+01:60",
            "10:00:00@Nowhere/City",
            "10:00:00@../etc",
            "10:00:00Z@Etc/UTC",
        ],
    )
    def test_refuses_what_is_no_time(self, text):
        assert reading.time(text) is None

    @pytest.mark.parametrize(
        "text", ["P", "PT", "P1", "P1H", "PT1D", "1Y", "P1Y1D", "--P1D", "P-1D", "P1DT", "PT1.5H"]
    )
    def test_refuses_what_is_no_duration(self, text):
        assert reading.duration(text) is None

    @pytest.mark.parametrize(
        ("text", "written"),
        [
            ("PT90M", "PT1H30M"),
            ("P0D", "PT0S"),
            ("P0Y", "P0M"),
            ("-P14M", "-P1Y2M"),
            ("PT0.000000001S", "PT0.000000001S"),
            ("P1DT24H", "P2D"),
        ],
    )
    def test_durations_are_written_in_one_way(self, text, written):
        assert str(reading.duration(text)) == written

    def test_the_end_of_a_day_is_the_start_of_the_next(self):
        assert reading.moment("2025-12-31T24:00:00") == DateTime(Date(2026, 1, 1), Time(0, 0, 0))
        assert reading.moment("2025-12-31T24:00:01") is None

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("2026-03-02", Date),
            ("10:00:00", Time),
            ("10:00:00@America/Toronto", Time),
            ("2026-03-02T10:00:00@Asia/Tokyo", DateTime),
            ("P1Y", YearsMonths),
            ("-PT5M", DaysTime),
        ],
    )
    def test_a_literal_is_whichever_it_looks_like(self, text, kind):
        assert isinstance(reading.any_of(text), kind)


class TestZones:
    def test_offsets_follow_summer_time(self):
        winter = zones.offset("Europe/Paris", day=Date(2026, 1, 15), second_of_day=0)
        summer = zones.offset("Europe/Paris", day=Date(2026, 7, 15), second_of_day=0)

        assert (winter, summer) == (3600, 7200)

    def test_far_years_borrow_the_rules_of_the_same_place_in_the_cycle(self):
        near = zones.offset("Europe/Paris", day=Date(2026, 7, 15), second_of_day=0)

        assert zones.offset("Europe/Paris", day=Date(400_000 + 2026, 7, 15), second_of_day=0) == near
        assert zones.offset("Europe/Paris", day=Date(-400 * 9 + 2026, 7, 15), second_of_day=0) == near

    def test_names_are_names_not_paths(self):
        assert zones.find("../../etc/localtime") is None
        assert zones.find("Asia/Shanghai") is not None


class TestMoments:
    def test_adding_hours_crosses_the_change_of_the_clock(self):
        before = reading.moment("2026-10-25T02:30:00@Europe/Paris")

        after = moments.add_nanos(before, 2 * 3600 * moments.NANOS)

        assert str(after) == "2026-10-25T03:30:00@Europe/Paris"

    def test_one_moment_has_many_spellings(self):
        text = '@"2026-03-02T10:00:00@Asia/Shanghai" = @"2026-03-02T02:00:00Z"'

        assert expression.evaluate(text).value is True

    def test_months_end_where_they_end(self):
        assert days.add_months(Date(2024, 1, 31), 1) == Date(2024, 2, 29)
        assert days.add_months(Date(2024, 3, 31), -13) == Date(2023, 2, 28)
        assert days.add_months(Date(days.MAX_YEAR, 12, 1), 1) is None


class TestFromHost:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            (7, Decimal(7)),
            (True, True),
            (
                datetime(2026, 3, 2, 10, 30, 1, 5, tzinfo=UTC),
                DateTime(Date(2026, 3, 2), Time(10, 30, 1, 5000, 0)),
            ),
            (time(10, 30), Time(10, 30, 0)),
            (timedelta(days=-1, microseconds=1), DaysTime(-86_399_999_999_000)),
            ([1, ["a"]], (Decimal(1), ("a",))),
            ({"a": None}, {"a": None}),
        ],
    )
    def test_values_become_the_languages_own(self, given, expected):
        assert host.from_host(given) == expected

    @pytest.mark.parametrize("given", [1.5, object(), {1, 2}, b"a", Decimal("NaN")])
    def test_others_stay_outside(self, given):
        with pytest.raises(TypeError):
            host.from_host({"deep": [given]})
