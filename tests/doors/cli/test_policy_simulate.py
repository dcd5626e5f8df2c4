"""``policy simulate``."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from factories import companies, orders
from tradecredit.doors.cli import simulations
from tradecredit.flows.orders import check_order_credit
from tradecredit.plumbing.access import Actor


class Awake:
    """An installation whose database is the test's own."""

    @contextmanager
    def awake(self):
        yield


@pytest.fixture
def company(own_database):
    found = companies.company()
    orders.policy(found)
    orders.creditworthy(found)
    request = orders.request(found, "50000.00")
    check_order_credit.check_order_credit(requests=[request], actor=Actor.system("test"))
    return found


def run(*arguments):
    return CliRunner().invoke(simulations.simulate_command, arguments, obj=Awake())


MAXIMUM = "order_control.checks.single_document_maximum.amounts.CNY"


class TestSimulateCommand:
    def test_the_policy_in_force_flips_nothing(self, company):
        document = json.loads(run("--json").stdout)
        assert (document["looked_at"], document["flipped"], document["flips"]) == (1, 0, [])

    def test_a_changed_figure_names_the_orders_that_it_would_hold(self, company):
        document = json.loads(run("--set", f"{MAXIMUM}=40000.00", "--json").stdout)
        assert document["newly_held"]["amounts"] == {"CNY": "50000.00"}
        assert document["flips"][0]["newly_against"] == ["single_document_maximum"]

    def test_prints_a_line_for_each_flip(self, company):
        assert "SO-2001" in run("--set", f"{MAXIMUM}=40000.00").stdout

    @pytest.mark.parametrize("change", ["order_control.nothing=3", MAXIMUM])
    def test_a_change_that_cannot_be_made_is_wrong_usage(self, company, change):
        assert run("--set", change).exit_code == 2
