"""The log of requests, told: times, steps in time, who waits, who decides how."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from factories import companies, customers, flows
from factories.limits import cny
from tradecredit.analytics.approvals import insight
from tradecredit.flows.limits import propose_limit, set_limit
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LOOK = flows.person(roles="credit_manager", slaDays="1")


@pytest.fixture
def told(company):
    """Four requests: three looked at after 1, 2 and 40 hours (the last too late, rejected), one not looked at."""
    flows.in_force(company, credit_limit=flows.chain(look=LOOK, decide=flows.person(roles="risk_director")))
    roles = (Role.SALES, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR)
    people = {role: companies.person(company, role) for role in roles}
    second = companies.person(company, Role.CREDIT_MANAGER, email="second@example.com")
    for number, hours in enumerate((1, 2, 40, None)):
        customer = customers.customer(company, f"T{number}", f"示例{number}有限公司")
        with clock.at(MONDAY):
            proposal = propose_limit.propose_limit(
                company=company, customer_id=customer.pk, actor=people[Role.SALES], asked=cny("100000")
            )
        if hours is None:
            continue
        late = hours > 24
        with clock.at(MONDAY + timedelta(hours=hours)):
            said = {"company": company, "proposal_id": proposal.id}
            if late:
                set_limit.reject_limit(**said, actor=second, reason="资料不全")
            else:
                set_limit.approve_limit(**said, actor=people[Role.CREDIT_MANAGER])
    with scope.entered(SYSTEM):
        return insight.of_company(
            company_id=company.pk,
            since=date(2026, 3, 1),
            until=date(2026, 4, 1),
            now=MONDAY + timedelta(hours=72),
        )


class TestOfCompany:
    def test_says_how_long_kinds_and_steps_take_and_where_requests_wait(self, told):
        (row,) = told.kinds
        assert (row["asked"], row["approved"], row["rejected"], row["open"]) == (4, 0, 1, 3)
        assert row["median"] == timedelta(hours=40)
        look, decide = told.steps
        assert (look["node_id"], look["steps"], look["waiting"]) == ("look", 4, 1)
        # Two of the three with an answer kept the day, the one that still waits is late as well.
        assert (look["median"], look["kept_percent"]) == (timedelta(hours=2), Decimal("50.0"))
        assert (decide["waiting"], decide["kept_percent"]) == (2, None)
        assert [(one["name_en"], one["is_late"]) for one in told.stuck] == [
            ("look", True),
            ("decide", None),
            ("decide", None),
        ]

    def test_says_who_answers_how_and_draws_the_ways_taken(self, told):
        rows = {one["name"]: (one["votes"], one["agreed"], one["late"]) for one in told.people}
        assert rows == {"credit_manager": (2, 2, 0), "second": (1, 0, 1)}
        ways = {(one["name_en"], one["next_en"], one["outcome"]): one["times"] for one in told.ways}
        assert ways == {
            ("look", "decide", ""): 2,
            ("decide", None, "open"): 2,
            ("look", None, "open"): 1,
            ("look", None, "rejected"): 1,
        }


class TestDispersion:
    def test_tells_how_far_apart_those_are_who_decided_three_like_ones(self):
        cases = [
            {"kind": "credit_limit", "grade": "B", "name": "甲", "votes": 5, "agreed": 5},
            {"kind": "credit_limit", "grade": "B", "name": "乙", "votes": 5, "agreed": 2},
            {"kind": "credit_limit", "grade": "C", "name": "甲", "votes": 3, "agreed": 1},
        ]
        (found,) = insight._dispersion(cases)
        assert (found["grade"], found["apart"]) == ("B", Decimal("60.0"))
