"""What the database itself refuses."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from factories import customers
from tradecredit.apps.monitoring import operations, queries
from tradecredit.apps.monitoring.models import Alert, DayClosed, Freeze, RiskMark
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, scope

SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)
WORDS = Words(zh="逾期", en="overdue")


@pytest.fixture
def customer(company):
    return customers.customer(company)


def _freeze(company, customer, *, cause="dunning", scope_="orders"):
    switch = operations.NewSwitch(customer_id=customer.pk, cause=cause, scope=scope_, words=WORDS)
    with db.unit_of_work(SYSTEM):
        operations.freeze(company_id=company.pk, frozen_on=DAY, switches=[switch], created_by="test")


def _active(company, customer, *, as_of=DAY):
    with scope.entered(SYSTEM):
        found = queries.active_freezes(company_id=company.pk, customer_ids=[customer.pk], as_of=as_of)
    return [(freeze.scope, freeze.cause) for freeze in found.get(customer.pk, ())]


class TestFreeze:
    def test_is_set_once_a_scope_and_cause(self, company, customer):
        _freeze(company, customer)
        _freeze(company, customer)
        _freeze(company, customer, cause="alert.x")

        assert _active(company, customer) == [("orders", "alert.x"), ("orders", "dunning")]

    def test_database_refuses_a_second_open_one(self, company, customer):
        _freeze(company, customer)

        with (
            scope.entered(SYSTEM),
            pytest.raises(IntegrityError, match="freeze_once_a_cause"),
            transaction.atomic(),
        ):
            Freeze.objects.create(
                company=company, customer=customer, scope="orders", cause="dunning", frozen_on=DAY,
                created_at=clock.now(), created_by="test",
            )  # fmt: skip

    def test_holds_from_its_day_until_the_day_it_is_lifted(self, company, customer):
        _freeze(company, customer)
        with db.unit_of_work(SYSTEM):
            ids = list(Freeze.objects.values_list("id", flat=True))
            operations.lift_freezes(ids=ids, lifted_on=date(2026, 3, 5), because="paid")

        days = [date(2026, 3, 1), DAY, date(2026, 3, 4), date(2026, 3, 5)]
        assert [bool(_active(company, customer, as_of=day)) for day in days] == [False, True, True, False]

    def test_can_be_set_again_after_it_was_lifted(self, company, customer):
        _freeze(company, customer)
        with db.unit_of_work(SYSTEM):
            operations.lift_freezes(
                ids=list(Freeze.objects.values_list("id", flat=True)), lifted_on=DAY, because="paid"
            )
        _freeze(company, customer)

        assert _active(company, customer) == [("orders", "dunning")]


class TestRiskMark:
    def test_is_set_once_a_cause(self, company, customer):
        switch = operations.NewSwitch(customer_id=customer.pk, cause="dunning", words=WORDS)
        with db.unit_of_work(SYSTEM):
            for _ in range(2):
                operations.mark(company_id=company.pk, marked_on=DAY, switches=[switch], created_by="test")

            assert RiskMark.objects.count() == 1


class TestAlert:
    def test_database_refuses_to_close_one_without_a_response(self, company, customer):
        alert = operations.NewAlert(
            customer_id=customer.pk, rule="x", level="red", words=WORDS, facts={}, dedupe_key="k"
        )
        with db.unit_of_work(SYSTEM):
            operations.raise_alerts(
                company_id=company.pk, policy_version_id=uuid4(), raised_on=DAY, alerts=[alert]
            )
            with pytest.raises(IntegrityError, match="alert_closed_with_response"), transaction.atomic():
                Alert.objects.update(closed_at=clock.now())

            assert Alert.objects.get().closed_at is None

    def test_exists_once_for_its_key(self, company, customer):
        alert = operations.NewAlert(
            customer_id=customer.pk, rule="x", level="red", words=WORDS, facts={}, dedupe_key="k"
        )
        with db.unit_of_work(SYSTEM):
            made = [
                operations.raise_alerts(
                    company_id=company.pk, policy_version_id=uuid4(), raised_on=DAY, alerts=[alert]
                )
                for _ in range(2)
            ]

        assert [list(keys) for keys in made] == [["k"], []]


class TestDayClosed:
    def test_database_refuses_to_close_a_day_twice(self, company):
        with db.unit_of_work(SYSTEM):
            operations.close_day(company_id=company.pk, day=DAY, report={"letters": 1})
            with pytest.raises(IntegrityError, match="day_closed_once"), transaction.atomic():
                operations.close_day(company_id=company.pk, day=DAY, report={})

            assert queries.closed_day(company_id=company.pk, day=DAY) == {"letters": 1}
            assert DayClosed.objects.count() == 1


class TestOperations:
    def test_refuse_to_write_outside_a_transaction(self, own_database):
        with scope.entered(SYSTEM), pytest.raises(db.NoTransactionError):
            operations.close_day(company_id=uuid4(), day=DAY, report={})
