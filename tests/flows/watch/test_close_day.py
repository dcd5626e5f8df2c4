from __future__ import annotations

from datetime import timedelta

import pytest

from factories import companies
from tradecredit.apps.monitoring.models import DayClosed
from tradecredit.flows.watch import close_day
from tradecredit.flows.watch.close_day import CloseDayReport
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.outbox.models import Event, Message

SYSTEM = Actor.system("test")


def _events(name):
    with scope.entered(SYSTEM):
        return list(Event.objects.filter(name=name).order_by("sequence").values_list("payload", flat=True))


class TestCloseDay:
    def test_does_all_of_the_eighth_day_and_nothing_the_second_time(self, scene):
        scene.invoice()

        first, second = scene.close(8), scene.close(8)

        assert first.counts == {
            "reminders": 0, "letters": 1, "tasks": 1, "frozen": 1, "lifted": 0, "marked": 0, "unmarked": 0,
            "alerts": 0, "became_overdue": 1, "expired_reservations": 0, "lapsed_bills": 0, "accelerated_contracts": 0,
            "reverted_lines": 0, "cases_opened": 1, "cases_handed_over": 0, "cases_closed": 0,
        }  # fmt: skip
        assert second == CloseDayReport(as_of=scene.day(8), was_closed=True)
        with scope.entered(SYSTEM):
            assert DayClosed.objects.count() == 1
            assert Message.objects.count() == 1

    def test_says_once_that_items_entered_a_stage(self, scene):
        scene.invoice("INV-1")
        scene.invoice("INV-2", due_date=scene.day(-7))

        scene.close(0)
        scene.close(1)
        scene.close(1)

        assert _events("item.overdue") == [{"customer_id": str(scene.customer.pk), "items": 2, "days_max": 8}]

    def test_makes_up_for_days_on_which_nobody_closed(self, scene):
        scene.invoice("INV-1")
        scene.close(-10)

        report = scene.close(3)

        assert scene.said() == [("INV-1", "stage-1")]
        assert report.became_overdue == 1

    def test_leaves_a_day_that_was_closed_before_a_later_one_as_it_is(self, scene):
        scene.invoice()
        scene.close(1)
        scene.close(8)

        again = scene.close(1)

        assert again == CloseDayReport(as_of=scene.day(1), was_closed=True)
        assert scene.said() == [("INV-1", "stage-1"), ("INV-1", "stage-2")]

    def test_refuses_a_day_before_the_latest_closed_one(self, scene):
        scene.invoice()
        scene.close(8)

        with pytest.raises(close_day.UnableToCloseDayError) as refusal:
            scene.close(7)

        assert refusal.value.facts == {"as_of": "2026-03-09", "latest": "2026-03-10"}
        assert scene.said() == [("INV-1", "stage-2")]

    def test_closes_again_what_came_in_after_the_day_was_closed(self, scene):
        scene.close(1)
        scene.invoice()

        report = scene.close(1)

        assert (report.was_closed, report.letters) == (True, 1)

    def test_raises_the_alerts_of_the_ledger(self, scene):
        scene.invoice()

        scene.close(30)

        assert scene.alerts() == [("overdue-30", "yellow")]

    def test_keeps_companies_apart(self, scene):
        from factories import policies

        other = companies.company("OTHER", "示例贸易有限公司")
        policies.published(other)
        scene.invoice()

        report = close_day.close_day(company=other, as_of=scene.day(8), actor=SYSTEM)

        assert report.letters == 0
        assert scene.said() == []

    def test_stands_on_the_day_of_a_sandbox_company(self, scene):
        scene.invoice()

        scene.close(1)

        assert scene.letters()[0].created_at.date() == scene.day(1)
        assert scene.letters()[0].as_of == scene.day(0) + timedelta(days=1)
