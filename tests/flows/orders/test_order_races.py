"""Races on one account, on a database of their own: everything here is really committed by many connections."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import psycopg
import pytest
from django.db import connections

from factories import companies, orders
from tradecredit.apps.approvals.models import Vote
from tradecredit.apps.exposure import locks, operations
from tradecredit.apps.exposure import queries as exposure
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.orders import (
    check_order_credit,
    recheck_held_orders,
    replay_decisions,
    verify_exposure,
)
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role

SYSTEM = Actor.system("test")
THREADS = 64
LIMIT = Decimal("500000.00")


@pytest.fixture
def company(own_database):
    found = companies.company()
    orders.policy(found)
    orders.creditworthy(found)
    return found


def together(work, inputs):
    """Run the work in as many threads as there are inputs, all let go at once; returns results or refusals."""
    gate = threading.Barrier(len(inputs))

    def run(one):
        try:
            gate.wait(timeout=60)
            return work(one)
        except UnableToError as refusal:
            return refusal
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(max_workers=len(inputs)) as pool:
        return list(pool.map(run, inputs))


def check(company, number, amount="9000.00"):
    request = orders.request(company, amount, reference=f"SO-{number}")
    return check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)[0]


def exposure_of(company):
    with db.unit_of_work(SYSTEM):
        accounts = exposure.accounts_by_id(
            exposure.CreditAccount.objects.filter(company=company).values_list("pk", flat=True)
        )
    return next(iter(accounts.values())).total.amount


@pytest.mark.timeout(300)
class TestSixtyFourAtOnce:
    def test_never_go_above_the_limit_and_use_all_the_room_there_is(self, company):
        views = together(lambda number: check(company, number), range(THREADS))

        released = [view for view in views if view.order_status == "released"]
        assert len(released) == 9  # 84,000 of room for orders of 9,000
        assert exposure_of(company) == Decimal("497000.00")
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole
        replay = replay_decisions.replay_decisions(actor=SYSTEM)
        assert (replay.replayed, replay.identical) == (THREADS, THREADS)

    def test_control_without_the_lock_and_the_ceiling_they_do_go_above_it(self, company, monkeypatch):
        """Without this the test above would prove nothing: the race is real."""
        gathered = threading.Barrier(8)
        reserve = operations.reserve

        def reserve_without_ceiling(*, wanted):
            gathered.wait(timeout=60)
            return reserve(wanted=[_unlimited(one) for one in wanted])

        monkeypatch.setattr(locks, "lock_accounts", lambda ids: None)
        monkeypatch.setattr(operations, "reserve", reserve_without_ceiling)

        together(lambda number: check(company, number, "84000.00"), range(8))

        assert exposure_of(company) > LIMIT

    def test_control_the_ceiling_alone_holds_when_the_lock_is_forgotten(self, company, monkeypatch):
        monkeypatch.setattr(locks, "lock_accounts", lambda ids: None)

        def attempt(number):
            try:
                return check(company, number, "84000.00")
            except RuntimeError as error:
                return error

        together(attempt, range(8))

        assert exposure_of(company) <= LIMIT

    def test_the_same_order_sent_by_all_of_them_counts_once(self, company):
        views = together(lambda _: check(company, 1, "50000.00"), range(16))

        assert {view.order_status for view in views} == {"released"}
        assert exposure_of(company) == Decimal("466000.00")
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole


class TestTwoVotesAtOnce:
    def test_of_one_role_fill_one_place(self, company):
        orders.rating(company, _customer(company), "C", as_of=orders.DAY)
        held = check(company, 1, "120000.00")
        directors = [
            companies.person(company, Role.RISK_DIRECTOR, email=f"{name}@demo.example.com")
            for name in ("lin", "sun")
        ]

        results = together(
            lambda actor: decide_approval.decide_approval(
                request_id=held.approval_request_id, approves=True, reason="ok", actor=actor
            ),
            directors,
        )

        assert sorted(type(one).__name__ for one in results) == ["UnableToApproveError", "VoteResult"]
        with db.unit_of_work(SYSTEM):
            assert Vote.objects.count() == 1


class TestRecheckAtOnce:
    def test_two_rechecks_release_an_order_once(self, company):
        check(company, 1, "120000.00")
        customer = _customer(company)
        with db.unit_of_work(SYSTEM):
            orders.line(company, customer, "600000.00", valid_from=orders.DAY)

        results = together(
            lambda _: recheck_held_orders.recheck_held_orders(
                company=company, customer_ids=[customer.pk], actor=SYSTEM
            ),
            range(2),
        )

        assert exposure_of(company) == Decimal("536000.00")
        assert sum(len(views) for views in results) >= 1
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole


class TestVerifyExposure:
    def test_finds_a_planted_cent_and_names_the_account(self, company, own_database):
        check(company, 1)
        with psycopg.connect(own_database) as owner:
            owner.execute("UPDATE exposure_creditaccount SET billed = billed + 0.01")

        found = verify_exposure.verify_exposure(actor=SYSTEM)

        assert [(one.stage, one.difference) for one in found.drifts] == [("billed", Decimal("0.0100"))]
        assert found.drift == Decimal("0.0100")
        assert not found.is_whole

    def test_finds_an_entry_that_was_changed(self, company, own_database):
        with psycopg.connect(own_database) as owner:
            owner.execute("ALTER TABLE exposure_exposureentry DISABLE TRIGGER append_only")
            owner.execute("UPDATE exposure_exposureentry SET effective_date = effective_date - 1")

        found = verify_exposure.verify_exposure(actor=SYSTEM)

        assert [sequence for _, sequence in found.broken] == [1]


def _unlimited(wanted):
    import dataclasses

    return dataclasses.replace(wanted, ceiling=None)


def _customer(company):
    from tradecredit.apps.dossier.models import Customer

    with db.unit_of_work(SYSTEM):
        return Customer.objects.get(code="C001")
