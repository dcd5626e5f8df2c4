"""What cash cures is cured in the transaction that books it, before any event is answered."""

from __future__ import annotations

import pytest

from factories import orders
from tradecredit.apps.collections import locks
from tradecredit.apps.orders.models import Order
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.orders import check_order_credit, recheck_held_orders
from tradecredit.flows.watch import cure_at_once
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.audit.models import LogEntry
from tradecredit.plumbing.outbox.models import Event

SYSTEM = Actor.system("test")


def _held(scene, days=8):
    """Let the customer be frozen for what is overdue, and an order of it be held for that."""
    orders.line(scene.company, scene.customer)
    orders.rating(scene.company, scene.customer)
    scene.invoice()
    scene.close(days)
    with clock.on(scene.company, scene.day(days)):
        check_order_credit.check_order_credit(requests=[orders.request(scene.company, "10.00")], actor=SYSTEM)
    assert scene.frozen() == {"orders"}
    assert _status() == "held"


def _status():
    with scope.entered(SYSTEM):
        return Order.objects.get().status


class TestCure:
    def test_lifts_the_freeze_and_releases_the_order_with_the_cash(self, scene):
        _held(scene)

        with clock.on(scene.company, scene.day(8)):
            scene.pay("100.00", day=scene.day(8))

        assert scene.frozen() == set()
        assert _status() == "released"
        with scope.entered(SYSTEM):
            assert LogEntry.objects.filter(kind="freeze.lifted").exists()
            assert Event.objects.filter(name="cash.applied", processed_at__isnull=True).exists()

    def test_leaves_what_is_not_cured(self, scene):
        _held(scene)

        with clock.on(scene.company, scene.day(8)):
            scene.pay("1.00", day=scene.day(8), invoice_number="INV-1")

        assert (scene.frozen(), _status()) == ({"orders"}, "held")

    def test_is_undone_with_the_booking(self, scene):
        _held(scene)

        with clock.on(scene.company, scene.day(8)), pytest.raises(ZeroDivisionError), db.unit_of_work(SYSTEM):
            scene.pay("100.00", day=scene.day(8))
            _ = 1 / 0

        assert (scene.frozen(), _status()) == ({"orders"}, "held")

    def test_waits_for_nobody(self, scene, monkeypatch):
        _held(scene)
        monkeypatch.setattr(locks, "try_lock_company", lambda _: False)

        with clock.on(scene.company, scene.day(8)):
            scene.pay("100.00", day=scene.day(8))

        assert (scene.frozen(), _status()) == ({"orders"}, "held")

    def test_leaves_a_long_file_to_its_events(self, scene, monkeypatch):
        _held(scene)
        monkeypatch.setattr(cure_at_once, "_CUSTOMERS_MAX", 0)

        with clock.on(scene.company, scene.day(8)):
            scene.pay("100.00", day=scene.day(8))

        assert (scene.frozen(), _status()) == ({"orders"}, "held")

    def test_books_the_cash_whatever_the_cure_meets(self, scene, monkeypatch):
        _held(scene)

        def refuse(**_):
            raise UnableToError(Words(zh="不行", en="no"))

        monkeypatch.setattr(recheck_held_orders, "recheck_held_orders", refuse)
        with clock.on(scene.company, scene.day(8)):
            scene.pay("100.00", day=scene.day(8))

        assert _status() == "held"
        with scope.entered(SYSTEM):
            assert Event.objects.filter(name="cash.applied").exists()
