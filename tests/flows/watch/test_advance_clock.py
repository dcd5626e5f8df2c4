from __future__ import annotations

from datetime import timedelta

import pytest

from tradecredit.flows import advance_clock
from tradecredit.plumbing.access import Actor
from tradecredit.plumbing.access.models import Company

SYSTEM = Actor.system("test")


def _advance(scene, days):
    return advance_clock.advance_clock(company=scene.company, days=days, actor=SYSTEM, mailer=scene.mailer)


class TestAdvanceClock:
    def test_plays_the_days_one_by_one(self, scene):
        scene.invoice(due_date=scene.day(4))

        report = _advance(scene, 35)

        assert report.today == scene.day(35)
        assert Company.objects.get().sandbox_day == scene.day(35)
        assert [day.as_of for day in report.days] == [scene.day(days) for days in range(1, 36)]
        assert [(letter.stage, letter.as_of - scene.day(4)) for letter in scene.letters()] == [
            ("due-3", timedelta(days=-3)),
            ("stage-1", timedelta(days=1)),
            ("stage-2", timedelta(days=8)),
            ("stage-3", timedelta(days=31)),
        ]
        assert (scene.frozen(), scene.is_marked()) == ({"orders", "shipments"}, True)
        assert report.counts["letters"] == 3

    def test_sends_each_letter_on_its_own_day_into_the_sandbox(self, scene):
        scene.invoice()

        _advance(scene, 9)

        assert [letter.status for letter in scene.letters()] == ["sent", "sent"]
        assert [letter.sent_at.date() for letter in scene.letters()] == [scene.day(1), scene.day(8)]
        assert len(scene.mailer.carried) == 2

    def test_refuses_a_real_company(self, scene):
        Company.objects.filter(pk=scene.company.pk).update(is_sandbox=False, sandbox_day=None)
        scene.company.refresh_from_db()

        with pytest.raises(advance_clock.UnableToAdvanceClockError):
            _advance(scene, 1)

        assert scene.letters() == []

    def test_refuses_to_go_back(self, scene):
        with pytest.raises(advance_clock.UnableToAdvanceClockError):
            _advance(scene, 0)

        assert Company.objects.get().sandbox_day == scene.day(0)
