from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from factories import companies, customers, policies, receivables
from tradecredit.apps.collections.models import Letter
from tradecredit.apps.decisions.policies import UnableToFindPolicyError
from tradecredit.apps.monitoring.models import DayClosed
from tradecredit.doors.worker import tasks
from tradecredit.flows import ports
from tradecredit.integrations.mail.null import NullMailer
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.outbox.models import Event

SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)


@pytest.fixture
def books(company, monkeypatch):
    policies.published(company)
    customers.customer(company, "C001", email="a@example.com")
    receivables.invoices(
        company, receivables.invoice_row("INV-1", "100.00", due_date=DAY - timedelta(days=8))
    )
    monkeypatch.setitem(ports._adapters, ports.SandboxMailer, NullMailer())
    monkeypatch.setitem(ports._adapters, ports.Mailer, NullMailer())
    return company


def _make_real(company):
    Company.objects.filter(pk=company.pk).update(is_sandbox=False, sandbox_day=None)


def _closed_days():
    with scope.entered(SYSTEM):
        return list(DayClosed.objects.values_list("day", flat=True))


class TestRunAllOnce:
    def test_closes_answers_and_sends_for_a_real_company(self, books):
        _make_real(books)

        # 02:00 UTC is 10:00 in Shanghai.
        with clock.at(datetime(2026, 3, 2, 2, 0, tzinfo=UTC)):
            first, second = tasks.run_all_once(), tasks.run_all_once()

        assert (first["closed"], first["sent"]) == (1, 1)
        assert (second["closed"], second["answered"], second["sent"]) == (0, 0, 0)
        with scope.entered(SYSTEM):
            assert [letter.status for letter in Letter.objects.all()] == ["sent"]
            assert not Event.objects.filter(processed_at__isnull=True).exists()

    def test_goes_on_with_other_companies_when_one_fails(self, books):
        # Without a policy; its code comes before the other one's.
        without = companies.company("AAA", "示例无政策有限公司")
        _make_real(without)
        _make_real(books)

        with clock.at(datetime(2026, 3, 2, 2, 0, tzinfo=UTC)), pytest.raises(UnableToFindPolicyError):
            tasks.close_days(timestamp=0)

        with scope.entered(SYSTEM):
            assert list(DayClosed.objects.values_list("company__code", flat=True)) == ["DEMO"]

    def test_never_closes_a_sandboxs_day(self, books):
        with clock.at(datetime(2026, 3, 2, 2, 0, tzinfo=UTC)):
            assert tasks.run_all_once()["closed"] == 0

        assert _closed_days() == []


class TestIsClosingTime:
    @pytest.mark.parametrize(("hour", "is_time"), [(21, False), (22, True), (23, True)])
    def test_goes_by_the_companys_own_hour(self, books, hour, is_time):
        _make_real(books)
        books.refresh_from_db()

        # 22:00 UTC is 06:00 of the next day in Shanghai.
        with clock.at(datetime(2026, 3, 1, hour, 0, tzinfo=UTC)):
            assert tasks.is_closing_time(books) is is_time


class TestDispatchMessages:
    def test_leaves_messages_waiting_while_no_mail_server_is_named(self, books, monkeypatch):
        _make_real(books)
        monkeypatch.delitem(ports._adapters, ports.Mailer)
        with clock.at(datetime(2026, 3, 2, 2, 0, tzinfo=UTC)):
            tasks.close_days(timestamp=0)

            sent = tasks.dispatch_messages(timestamp=0)

        assert sent == 0
        with scope.entered(SYSTEM):
            assert [letter.status for letter in Letter.objects.all()] == ["pending"]


class TestSchedule:
    def test_ticks_every_job(self):
        from procrastinate.contrib.django import app

        crons = {
            task.task.name.rsplit(".", 1)[1]: task.cron
            for task in app.periodic_registry.periodic_tasks.values()
        }

        assert crons == {
            "drain_events": "* * * * * */5",
            "dispatch_messages": "* * * * * */15",
            "sweep_check_profiles": "23 * * * *",
            "close_days": "*/10 * * * *",
            "end_reservations": "* * * * *",
            "retry_stalled_jobs": "*/2 * * * *",
            "prune_jobs": "17 3 * * *",
            "ask_bureaus": "* * * * * */5",
            "refresh_reports": "41 2 * * *",
            "run_simulations": "* * * * * */3",
            "run_flows": "* * * * * */10",
            "send_digests": "*/10 * * * *",
            "sync_sources": "* * * * * */20",
            "tell_sources": "* * * * * */15",
            "erase_outlived": "11 3 * * *",
            "read_news": "* * * * *",
        }


class TestRetryStalledJobs:
    def test_takes_up_the_job_of_a_dead_worker_unless_its_twin_waits(self, own_database):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
            )
            (worker,) = cursor.fetchone()
            for lock, status, owner in (("a", "doing", worker), ("b", "doing", worker), ("b", "todo", None)):
                cursor.execute(
                    "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, status,"
                    " worker_id) VALUES ('default', 'x', 0, NULL, %s, '{}', %s, %s)",
                    [lock, status, owner],
                )

        asyncio.run(self._retry())

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT queueing_lock, status::text FROM procrastinate_jobs ORDER BY queueing_lock"
            )
            assert cursor.fetchall() == [("a", "todo"), ("b", "todo")]

    async def _retry(self):
        from procrastinate.contrib.django import app

        with app.replace_connector(app.connector.get_worker_connector()) as working:
            async with working.open_async():
                await tasks.retry_stalled_jobs(SimpleNamespace(app=working), timestamp=0)
