from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from factories import companies, policies
from tradecredit.apps.dossier.models import Customer
from tradecredit.apps.monitoring.models import Alert
from tradecredit.apps.scoring.models import Rating
from tradecredit.apps.worklist.models import Task
from tradecredit.flows import reactions
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.outbox import draining, events
from tradecredit.plumbing.outbox.draining import Happening
from tradecredit.plumbing.outbox.models import Event

SYSTEM = Actor.system("test")

# What the house says when it happens; a name that nobody listed here would go unheard.
EVENTS = {
    "customer.imported", "fact.recorded", "statement.recorded", "invoice.recorded", "cash.applied",
    "cash.unapplied", "order.held", "order.released", "order.checked", "item.overdue", "rating.changed",
    "limit.changed", "alert.raised", "dispute.opened", "day.closed", "freeze.lifted",
}  # fmt: skip


def _emit(scene, *names, subject=None):
    with db.unit_of_work(SYSTEM):
        for name in names:
            events.emit(
                name=name,
                company_id=scene.company.pk,
                subject=subject or scene.customer.pk,
                payload={"customer_id": subject or scene.customer.pk},
            )


def _drop_waiting():
    with scope.entered(SYSTEM):
        Event.objects.filter(processed_at__isnull=True).delete()


def _waiting():
    with scope.entered(SYSTEM):
        return list(Event.objects.filter(processed_at__isnull=True).order_by("sequence"))


def _table(monkeypatch, **table):
    named = {name.replace("_", "."): tuple(found) for name, found in table.items()}
    monkeypatch.setattr(reactions, "REACTIONS", named)


class TestTable:
    def test_names_every_event_of_the_house(self):
        assert set(reactions.REACTIONS) >= EVENTS


class TestDrain:
    def test_frees_a_customer_who_has_paid(self, scene):
        scene.invoice()
        scene.close(8)
        scene.pay("100.00", day=scene.day(8))
        assert scene.frozen() == {"orders"}

        with clock.on(scene.company, scene.day(8), hour=21):
            reactions.drain(actor=SYSTEM)

        assert scene.frozen() == set()
        assert _waiting() == []

    def test_rates_again_and_warns_when_a_fact_comes_in(self, scene):
        _drop_waiting()
        with scope.entered(SYSTEM):
            before = Rating.objects.count()
        with clock.on(scene.company, scene.day(0)):
            self._record(scene)
            answered = reactions.drain(actor=SYSTEM)

        assert answered >= 1
        with scope.entered(SYSTEM):
            assert Rating.objects.count() == before + 1
            assert [alert.rule for alert in Alert.objects.all()] == ["dishonest-debtor"]

    def test_tells_every_company_that_trades_with_the_customer_once(self, scene):
        sister = companies.company("SISTER", "示例贸易有限公司")
        policies.published(sister)
        _drop_waiting()
        with scope.entered(SYSTEM):
            Customer.objects.update(company_ids=[scene.company.pk, sister.pk])
        with clock.on(scene.company, scene.day(0)):
            self._record(scene)
            reactions.drain(actor=SYSTEM)

        with scope.entered(SYSTEM):
            alerts = set(Alert.objects.values_list("company_id", "rule"))
            assert alerts == {(scene.company.pk, "dishonest-debtor"), (sister.pk, "dishonest-debtor")}
            assert Event.objects.filter(name="fact.recorded").count() == 2

    def _record(self, scene):
        from tradecredit.apps.dossier.models import Fact

        with db.unit_of_work(SYSTEM):
            Fact.objects.create(
                customer=scene.customer,
                name="dishonest_debtor",
                value="yes",
                valid_from=scene.day(0),
                recorded_at=clock.now(),
                recorded_by="test",
            )
        _emit(scene, "fact.recorded")

    def test_answers_each_event_once(self, scene, monkeypatch):
        _drop_waiting()
        seen = []
        _table(monkeypatch, fact_recorded=[seen.append])
        _emit(scene, "fact.recorded")

        assert (reactions.drain(actor=SYSTEM), reactions.drain(actor=SYSTEM)) == (1, 0)
        assert [(batch.name, batch.customer_ids) for batch in seen] == [
            ("fact.recorded", (scene.customer.pk,))
        ]

    def test_undoes_what_failed_and_tries_again_later(self, scene, monkeypatch):
        _drop_waiting()
        attempts = []

        def fail_once(batch):
            attempts.append(batch)
            from tradecredit.apps.worklist import operations

            operations.make(
                company_id=batch.company.pk,
                tasks=[operations.NewTask(kind="trace", words=_words(), dedupe_key=f"trace-{len(attempts)}")],
            )
            if len(attempts) == 1:
                raise RuntimeError("the rating model is gone")

        _table(monkeypatch, fact_recorded=[fail_once])
        _emit(scene, "fact.recorded")

        first = reactions.drain(actor=SYSTEM)
        (waiting,) = _waiting()
        at_once = reactions.drain(actor=SYSTEM)
        with clock.at(waiting.retry_at + timedelta(seconds=1)):
            later = reactions.drain(actor=SYSTEM)

        assert (first, at_once, later) == (0, 0, 1)
        assert (waiting.attempts, waiting.failure) == (1, "RuntimeError: the rating model is gone")
        with scope.entered(SYSTEM):
            assert list(Task.objects.values_list("dedupe_key", flat=True)) == ["trace-2"]

    def test_holds_back_the_same_customer_only(self, scene, monkeypatch):
        from factories import customers

        _drop_waiting()
        other = customers.customer(scene.company, "C002", "示例五金乙有限公司")
        seen = []

        def fail_for_the_first(batch):
            if scene.customer.pk in batch.customer_ids:
                raise RuntimeError("cannot")

        _table(monkeypatch, fact_recorded=[fail_for_the_first, seen.append], cash_applied=[seen.append])
        _emit(scene, "fact.recorded", "cash.applied")
        _emit(scene, "fact.recorded", "cash.applied", subject=other.pk)

        reactions.drain(actor=SYSTEM)

        assert [(event.name, event.subject) for event in _waiting()] == [
            ("fact.recorded", str(scene.customer.pk)),
            ("cash.applied", str(scene.customer.pk)),
        ]
        assert {batch.customer_ids for batch in seen} == {(other.pk,)}

    def test_tells_a_person_after_three_attempts_and_gives_up_after_ten(self, scene, monkeypatch):
        _drop_waiting()

        def fail(_):
            raise RuntimeError("never")

        _table(monkeypatch, fact_recorded=[fail])
        _emit(scene, "fact.recorded")

        moment = clock.now()
        for hour in range(12):
            with clock.at(moment + timedelta(hours=2 * hour)):
                reactions.drain(actor=SYSTEM)

        assert _waiting() == []
        with scope.entered(SYSTEM):
            assert [task.kind for task in Task.objects.all()] == ["event.failed"]
            ((_, name, failure, attempts),) = draining.failures(company_id=scene.company.pk)
        assert (name, failure, attempts) == ("fact.recorded", "RuntimeError: never", 10)


class TestGrouped:
    @staticmethod
    def _groups(*pairs):
        from uuid import uuid4

        found = reactions.grouped(
            [
                Happening(id=uuid4(), sequence=number, name=name, subject=subject, payload={}, attempts=0)
                for number, (name, subject) in enumerate(pairs)
            ]
        )
        return [[(one.name, one.subject) for one in group] for group in found]

    def test_joins_events_of_one_name(self):
        assert self._groups(("a", "1"), ("b", "2"), ("a", "3")) == [[("a", "1"), ("a", "3")], [("b", "2")]]

    def test_keeps_the_order_of_each_subject(self):
        assert self._groups(("a", "1"), ("b", "1"), ("a", "1")) == [[("a", "1")], [("b", "1")], [("a", "1")]]


@pytest.mark.usefixtures("own_database")
class TestTwoDrainers:
    def test_answer_every_event_exactly_once_and_in_order(self, monkeypatch, make_scene):
        scene = make_scene()
        _drop_waiting()
        seen: list[str] = []
        start = threading.Barrier(2)
        _table(monkeypatch, fact_recorded=[lambda batch: seen.extend(str(c) for c in batch.customer_ids)])
        from factories import customers

        ids = [customers.customer(scene.company, f"X{n:03}", f"示例{n}").pk for n in range(40)]
        for customer in ids:
            _emit(scene, "fact.recorded", subject=customer)
        monkeypatch.setattr(reactions, "_BATCH", 3)
        done: list[int] = []

        def work():
            try:
                start.wait(timeout=10)
                total = 0
                for _ in range(60):
                    total += reactions.drain(actor=SYSTEM, limit=3)
                done.append(total)
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

        assert sum(done) == 40
        assert seen == [str(customer) for customer in ids]
        assert _waiting() == []


def _words():
    from tradecredit.core.kernel.reasons import Words

    return Words(zh="痕迹", en="trace")
