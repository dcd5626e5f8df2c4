"""Races at three levels (customer, group, portfolio), really committed by many connections."""

from __future__ import annotations

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections

from factories import companies, nodes, orders
from tradecredit.apps.exposure import locks, node_locks, node_queries, operations
from tradecredit.flows.levels import move_member, save_node
from tradecredit.flows.orders import check_order_credit, verify_exposure
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor

SYSTEM = Actor.system("test")
CUSTOMERS = 8
# Tries of half a minute each: on a machine with a load of fifteen forty callers outlast one.
PATIENCE = 40
GROUP, PORTFOLIO = Decimal("100000.00"), Decimal("160000.00")


@pytest.fixture
def company(own_database):
    found = companies.company()
    orders.policy(found)
    members = [
        orders.creditworthy(found, f"C{number}", limit="60000.00", billed="0.00")
        for number in range(CUSTOMERS)
    ]
    top = nodes.node("P", str(PORTFOLIO), kind="portfolio", company=found)
    half = CUSTOMERS // 2
    nodes.node("G1", str(GROUP), members=tuple(members[:half]), company=found, parent=top)
    nodes.node("G2", str(GROUP), members=tuple(members[half:]), company=found, parent=top)
    return found


def together(work, inputs):
    gate = threading.Barrier(len(inputs))

    def run(one):
        try:
            gate.wait(timeout=60)
            return work(one)
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(max_workers=len(inputs)) as pool:
        return list(pool.map(run, inputs))


def check(company, number, amount="9000.00"):
    """Check, and ask again where the account was busy, as callers are told to: nothing was written then."""
    request = orders.request(
        company, amount, customer_code=f"C{number % CUSTOMERS}", reference=f"SO-{number}"
    )
    return when_free(lambda: check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)[0])


def when_free(work):
    for _ in range(PATIENCE):
        try:
            return work()
        except locks.UnableToLockAccountError:
            continue
    return work()


def totals():
    with db.unit_of_work(SYSTEM):
        found = {node.id: node.code for node in node_queries.nodes(as_of=orders.DAY)}
        sums = node_queries.sums(found, as_of=orders.DAY)
    return {found[node]: sum(one.parts.total.amount for one in each) for node, each in sums.items()}


@pytest.mark.timeout(300)
class TestThreeLevels:
    def test_no_level_is_ever_over_and_the_room_is_used(self, company):
        views = together(lambda number: check(company, number), range(40))

        found = totals()
        assert found["G1"] <= GROUP
        assert found["G2"] <= GROUP
        assert PORTFOLIO - Decimal("9000.00") < found["P"] <= PORTFOLIO
        assert sum(view.lets_through for view in views) * Decimal("9000.00") == found["P"]
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole

    def test_moves_between_groups_while_orders_run_leave_no_level_over(self, company):
        def work(number):
            if number % 3:
                return check(company, number)
            code = f"C{number % CUSTOMERS}"
            here, there = ("G1", "G2") if number % CUSTOMERS < CUSTOMERS // 2 else ("G2", "G1")
            try:
                when_free(
                    lambda: move_member.move_member(
                        company=company,
                        customer_code=code,
                        to=there,
                        leaves=[here],
                        reason="",
                        actor=SYSTEM,
                        must_fit=True,
                    )
                )
            except save_node.UnableToKeepNodeError:
                return "refused"
            return "moved"

        results = together(work, range(36))

        found = totals()
        assert results.count("moved") + results.count("refused") == 12
        assert max(found["G1"], found["G2"]) <= GROUP
        assert found["P"] <= PORTFOLIO
        assert found["G1"] + found["G2"] == found["P"]

    def test_control_without_the_lock_of_the_level_and_its_ceiling_it_is_over(self, company, monkeypatch):
        """Without this the test above would prove nothing: the race is real."""
        gathered = threading.Barrier(CUSTOMERS)
        reserve = operations.reserve

        def reserve_without_levels(*, wanted):
            gathered.wait(timeout=60)
            return reserve(wanted=[dataclasses.replace(one, levels=()) for one in wanted])

        monkeypatch.setattr(node_locks, "lock_nodes", lambda ids: None)
        monkeypatch.setattr(operations, "reserve", reserve_without_levels)

        together(lambda number: check(company, number, "40000.00"), range(CUSTOMERS))

        assert totals()["P"] > PORTFOLIO

    def test_control_the_ceiling_in_the_database_holds_when_the_lock_is_forgotten(self, company, monkeypatch):
        monkeypatch.setattr(node_locks, "lock_nodes", lambda ids: None)

        def attempt(number):
            try:
                return check(company, number, "40000.00")
            except RuntimeError as error:
                return error

        together(attempt, range(CUSTOMERS))

        found = totals()
        assert found["P"] <= PORTFOLIO
        assert max(found["G1"], found["G2"]) <= GROUP
