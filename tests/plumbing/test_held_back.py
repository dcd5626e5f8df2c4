"""The log is written at the end of a flow, its streams locked in sorted order: no two flows wait in a ring."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from factories import companies
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Role, scope
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.audit.models import LogEntry


def _entry(stream, kind="note"):
    return log.NewEntry(stream=stream, kind=kind, words=Words(zh="记", en="note"))


class TestHoldBack:
    def test_two_flows_in_opposite_orders_both_commit(self, own_database, system_actor):
        company = companies.company()
        barrier = threading.Barrier(2, timeout=20)
        failures = []

        def flow(first, second):
            try:
                with db.unit_of_work(system_actor):
                    log.append(company_id=company.pk, actor=system_actor, entries=[_entry(first)])
                    barrier.wait()
                    log.append(company_id=company.pk, actor=system_actor, entries=[_entry(second)])
            except Exception as error:  # noqa: BLE001 - the test tells it
                failures.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=flow, args=args) for args in (("a", "b"), ("b", "a"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        with scope.entered(system_actor):
            assert failures == []
            assert log.verify() == (4, ())

    @pytest.mark.django_db
    def test_what_was_undone_is_not_logged(self, company, system_actor):
        with db.unit_of_work(system_actor):
            log.append(company_id=company.pk, actor=system_actor, entries=[_entry("a", "kept")])
            with pytest.raises(ZeroDivisionError), db.unit_of_work(system_actor):
                log.append(company_id=company.pk, actor=system_actor, entries=[_entry("a", "undone")])
                _ = 1 / 0

        with scope.entered(system_actor):
            assert list(LogEntry.objects.values_list("kind", flat=True)) == ["kept"]

    @pytest.mark.django_db
    def test_a_failed_flow_logs_nothing(self, company, system_actor):
        with pytest.raises(ZeroDivisionError), db.unit_of_work(system_actor):
            log.append(company_id=company.pk, actor=system_actor, entries=[_entry("a")])
            _ = 1 / 0

        with scope.entered(system_actor):
            assert LogEntry.objects.count() == 0

    @pytest.mark.django_db
    def test_a_flow_may_write_about_more_customers_than_the_table_of_locks_has_room_for(
        self, company, system_actor
    ):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('max_locks_per_transaction')::int * current_setting('max_connections')::int"
            )
            (room,) = cursor.fetchone()
        many = 3 * room

        with db.unit_of_work(system_actor):
            entries = [_entry(f"customer:{number}") for number in range(many)]
            log.append(company_id=company.pk, actor=system_actor, entries=entries)

        with scope.entered(system_actor):
            assert log.verify() == (many, ())


@pytest.mark.django_db
class TestStreamsOfManyCompanies:
    def test_an_entry_of_a_company_that_the_actor_may_not_see_comes_before_ours(self, company, system_actor):
        """A customer of two companies has one stream; somebody of one company appends behind the other's entry."""
        other = companies.company("OTHER", "示例外贸有限公司")
        theirs, ours = (companies.person(one, Role.SALES) for one in (other, company))

        for home, actor in ((other, theirs), (company, ours), (other, theirs)):
            with db.unit_of_work(actor):
                log.append(company_id=home.pk, actor=actor, entries=[_entry("customer:1")])

        with scope.entered(ours):
            assert list(LogEntry.objects.values_list("sequence", flat=True)) == [2]
        with scope.entered(system_actor):
            assert log.verify() == (3, ())
