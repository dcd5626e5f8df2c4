from __future__ import annotations

import threading

import pytest
from django.db import connection

from tradecredit.apps.monitoring.models import DayClosed
from tradecredit.flows.watch import dispatch_outbox
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, scope

SYSTEM = Actor.system("test")


def _both(work):
    """Run the work in two threads that begin together; what they raise fails the test."""
    start = threading.Barrier(2)
    failures: list[Exception] = []

    def run():
        try:
            start.wait(timeout=10)
            work()
        except Exception as error:  # noqa: BLE001 - a thread cannot raise into the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []


@pytest.mark.usefixtures("own_database")
class TestTwoWorkers:
    def test_close_a_day_once(self, make_scene):
        scene = make_scene()
        for number in range(20):
            scene.invoice(f"INV-{number}")
        reports = []

        _both(lambda: reports.append(scene.close(8)))

        assert sorted(report.letters for report in reports) == [0, 1]
        assert sorted(report.was_closed for report in reports) == [False, True]
        assert len(scene.said()) == 20
        with scope.entered(SYSTEM):
            assert DayClosed.objects.count() == 1

    def test_send_each_letter_once(self, make_scene):
        scene = make_scene()
        for days in range(1, 8):
            scene.invoice(f"INV-{days}", due_date=scene.day(1 - days))
        for days in range(1, 4):
            scene.dun(days)
        sent = []

        class _Counting:
            def send(self, *, message_id, **_):
                sent.append(message_id)

        def work():
            with clock.on(scene.company, scene.day(3), hour=21):
                dispatch_outbox.dispatch_outbox(company=scene.company, mailer=_Counting(), actor=SYSTEM)

        _both(work)

        assert len(sent) == len(set(sent)) >= 1
        assert "pending" not in {letter.status for letter in scene.letters()}
