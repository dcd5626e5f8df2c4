"""The map of a process: steps below what leads to them, circles cut at the way taken least, ends lowest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from tradecredit.doors.web import process_maps
from tradecredit.doors.web.charts import process
from tradecredit.doors.web.charts.process import Arc, Stop

STOPS = [
    Stop("start", "发起", kind="start", times=9),
    Stop("look", "审核", note="10 次"),
    Stop("decide", "批准"),
    Stop("yes", "已同意", kind="end", times=6),
    Stop("no", "已驳回", kind="end", times=3),
]
ARCS = [
    Arc("start", "look", 9),
    Arc("look", "decide", 7),
    Arc("decide", "look", 1),
    Arc("decide", "yes", 6),
    Arc("look", "no", 3),
]


class TestLayersOf:
    def test_puts_each_step_below_what_leads_to_it_and_the_ends_lowest(self):
        assert process.layers_of(STOPS, ARCS) == {"start": 0, "look": 1, "decide": 2, "yes": 3, "no": 3}

    def test_a_step_that_is_taken_again_stays_where_it_is(self):
        again = [Arc("start", "look", 3), Arc("look", "look", 2), Arc("look", "yes", 3)]
        layers = process.layers_of([STOPS[0], STOPS[1], STOPS[3]], again)
        assert layers == {"start": 0, "look": 1, "yes": 2}

    def test_an_empty_log_has_no_layers(self):
        assert process.layers_of([], []) == {}


class TestDraw:
    @pytest.mark.parametrize("is_wide", [True, False])
    def test_draws_every_stop_and_arc_and_marks_the_way_back(self, is_wide: bool):
        drawn = process.draw(STOPS, ARCS, name="授信额度", is_wide=is_wide)
        assert drawn.count("<rect") == len(STOPS)
        assert drawn.count('class="flow-head"') == len(ARCS)
        assert drawn.count("flow is-back") == 1
        assert "已同意 6" in drawn

    def test_names_cannot_break_out_of_the_drawing(self):
        drawn = process.draw([Stop("a", '<script>"')], [], name="x", is_wide=True)
        assert "<script>" not in drawn


class TestOfLog:
    def test_tells_how_many_began_which_step_is_slowest_and_how_they_ended(self):
        names = {"name_zh": "审核", "name_en": "Look", "next_zh": None, "next_en": None}
        way = {"kind": "credit_limit", "node_id": "look", **names, "next_id": None}
        found = _Log(
            ways=(
                {**way, "outcome": "approved", "times": 4, "begun": 4},
                {**way, "outcome": "rejected", "times": 1, "begun": 1},
            ),
            steps=({"kind": "credit_limit", "node_id": "look", "steps": 5, "median": timedelta(hours=30)},),
        )
        with translation.override("en"):
            (one,) = process_maps.of_log(found)
        assert one.chart.finding == "Credit line · 5 asked, slowest at Look: median 1 d 6 h"
        assert one.chart.table.rows == (
            ("Asked", "Look", "5"),
            ("Look", "Approved", "4"),
            ("Look", "Rejected", "1"),
        )
        assert "is-slowest" in one.chart.wide


class _Log:
    def __init__(self, *, ways, steps) -> None:
        self.ways, self.steps = ways, steps
