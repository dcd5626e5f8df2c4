"""Two people decide at the same moment: one line, and every vote counted once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections

from factories import companies, customers, policies
from factories.limits import cny
from tradecredit.apps.limits import queries
from tradecredit.apps.scoring import queries as scoring
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.limits import propose_limit, set_limit
from tradecredit.flows.ratings import rerate_customer
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.outbox.models import Event

SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)


@pytest.fixture
def company(own_database):
    found = companies.company()
    policies.published(found)
    return found


@pytest.fixture
def customer(company):
    return customers.customer(company)


def together(*actions):
    """Run the actions in threads of their own, started at one moment; return each result or refusal."""
    barrier = Barrier(len(actions))

    def run(action):
        try:
            barrier.wait(timeout=20)
            return action()
        except UnableToError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def proposed(company, customer):
    sales = companies.person(company, Role.SALES)
    return propose_limit.propose_limit(
        company=company, customer_id=customer.pk, actor=sales, asked=cny("300000")
    )


def approval(company, proposal, actor):
    return lambda: set_limit.approve_limit(company=company, proposal_id=proposal.id, actor=actor)


def lines(company, customer):
    with scope.entered(SYSTEM):
        found = queries.lines(company_id=company.pk, customer_ids=[customer.pk])
    return found.get((customer.pk, "CNY"), ())


class TestTwoVotesAtOnce:
    def test_of_two_countersigning_people_make_one_line(self, company, customer):
        proposal = proposed(company, customer)
        risk, cfo = (companies.person(company, role) for role in (Role.RISK_DIRECTOR, Role.CFO))

        done = together(approval(company, proposal, risk), approval(company, proposal, cfo))

        assert sorted(each.standing.value for each in done) == ["approved", "pending"]
        assert len(lines(company, customer)) == 1
        with scope.entered(SYSTEM):
            assert Event.objects.filter(name="limit.changed").count() == 1

    def test_of_one_person_count_once(self, company, customer):
        proposal = proposed(company, customer)
        risk = companies.person(company, Role.RISK_DIRECTOR)

        done = together(*[approval(company, proposal, risk) for _ in range(3)])

        refusals = [each for each in done if isinstance(each, UnableToError)]
        assert len(refusals) == 2
        assert lines(company, customer) == ()

    def test_for_and_against_end_in_one_decision(self, company, customer):
        proposal = proposed(company, customer)
        risk, cfo = (companies.person(company, role) for role in (Role.RISK_DIRECTOR, Role.CFO))

        together(
            approval(company, proposal, risk),
            lambda: set_limit.reject_limit(
                company=company, proposal_id=proposal.id, actor=cfo, reason="no statements"
            ),
        )

        with scope.entered(SYSTEM):
            assert queries.proposal(proposal_id=proposal.id).status == "rejected"
        assert lines(company, customer) == ()


class TestTwoRatingsAtOnce:
    def test_record_one_row(self, company, customer):
        def rate():
            return rerate_customer.rerate_customers(
                company=company, customer_ids=[customer.pk], cause="test", actor=SYSTEM, as_of=DAY
            )

        done = together(rate, rate, rate)

        assert sorted(len(each.changes) for each in done) == [0, 0, 1]
        with scope.entered(SYSTEM):
            assert len(scoring.history(company_id=company.pk, customer_id=customer.pk)) == 1
