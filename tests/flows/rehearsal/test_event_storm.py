"""The judge of the storm: what it takes for right, and that it sees each wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from tradecredit.apps.scoring.queries import Step
from tradecredit.flows.rehearsal import event_storm
from tradecredit.flows.rehearsal.event_storm import Storm
from tradecredit.plumbing.outbox.draining import Answered

CUSTOMER = UUID(int=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def rated(score, *, after=None, points="60"):
    return Step(
        customer_id=CUSTOMER,
        grade="B",
        score=Decimal(score),
        is_high_risk=False,
        old_grade="" if after is None else "B",
        old_score=None if after is None else Decimal(after),
        points={"years_in_business": Decimal(points)},
    )


def event(sequence, *, minutes=0):
    return Answered(
        sequence=sequence,
        subject=str(CUSTOMER),
        processed_at=NOON + timedelta(minutes=minutes),
        attempts=0,
        failure="",
    )


STEPS = (rated("70"), rated("80", after="70"), rated("60", after="80"))
EVENTS = (event(1), event(2), event(3, minutes=1))


def judged(steps=STEPS, events=EVENTS):
    storm = Storm(before=1)
    event_storm.judge(steps=steps, answered=events, storm=storm)
    return storm


class TestJudge:
    def test_a_history_in_order_has_nothing_wrong(self):
        assert judged() == Storm(before=1, ratings=2)

    @pytest.mark.parametrize(
        ("steps", "events", "said"),
        [
            ((STEPS[0], STEPS[1], rated("60", after="70")), EVENTS, "does not continue the one before it"),
            ((STEPS[0], STEPS[1], rated("80", after="80")), EVENTS, "rated twice with the same result"),
            (STEPS, EVENTS[:1], "2 ratings for 1 causes"),
            (STEPS, (*EVENTS[:2], replace(EVENTS[2], processed_at=None)), "event 3 was never answered"),
            (STEPS, (event(1, minutes=5), *EVENTS[1:]), "event 2 was answered before event 1"),
        ],
    )
    def test_sees_what_is_out_of_order_doubled_or_lost(self, steps, events, said):
        (wrong,) = judged(steps, events).wrong

        assert said in wrong

    def test_counts_events_that_had_to_be_put_off(self):
        assert judged(events=(*EVENTS[:2], replace(EVENTS[2], attempts=2))).put_off == 1
