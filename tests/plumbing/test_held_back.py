"""The log is written at the end of a flow, its streams locked in sorted order: no two flows wait in a ring."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from factories import companies
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import db
from tradecredit.plumbing.access import scope
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
