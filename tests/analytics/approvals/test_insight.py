"""The log of requests, told: times, steps in time, who waits, who decides how."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from factories import companies, customers, flows, policies
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
        ways = {
            (one["node_id"], one["next_id"], one["outcome"]): (one["times"], one["begun"])
            for one in told.ways
        }
        assert ways == {
            ("look", "decide", ""): (2, 2),
            ("decide", None, "open"): (2, 0),
            ("look", None, "open"): (1, 1),
            ("look", None, "rejected"): (1, 1),
        }

    def test_compares_the_regions_and_salespeople_of_like_customers(self, company):
        found = self._ended(company, east=(True, True, True), west=(True, False, False))
        rows = {one["by"]: (one["apart"], [row["name"] for row in one["compared"]]) for one in found.segments}
        assert rows == {"region": (Decimal("66.7"), ["华东", "西南"])}

    def test_two_ends_are_too_few_to_speak_of_a_region(self, company):
        assert self._ended(company, east=(True, True, True), west=(False, False)).segments == ()

    def _ended(self, company, **regions):
        """Requests for a limit, decided as said for the customers of each region; all sold to by one person."""
        policies.published(company)
        asker, *deciders = (
            companies.person(company, one) for one in (Role.SALES, Role.RISK_DIRECTOR, Role.CFO)
        )
        names = {"east": "华东", "west": "西南"}
        for region, answers in regions.items():
            for number, agreed in enumerate(answers):
                customer = customers.customer(
                    company,
                    f"{region}{number}",
                    f"示例{region}{number}有限公司",
                    region=names[region],
                    salesperson="甲",
                )
                with clock.at(MONDAY):
                    proposal = propose_limit.propose_limit(
                        company=company, customer_id=customer.pk, actor=asker, asked=cny("1000")
                    )
                    said = {"company": company, "proposal_id": proposal.id}
                    if agreed:
                        for decider in deciders:
                            set_limit.approve_limit(**said, actor=decider)
                    else:
                        set_limit.reject_limit(**said, actor=deciders[0], reason="资料不全")
        with scope.entered(SYSTEM):
            return insight.of_company(
                company_id=company.pk, since=date(2026, 3, 1), until=date(2026, 4, 1), now=MONDAY
            )


class TestDispersion:
    def test_tells_how_far_apart_those_are_who_decided_three_like_ones(self):
        cases = [
            {"by": "decider", "kind": "credit_limit", "grade": "B", "name": "甲", "votes": 5, "agreed": 5},
            {"by": "decider", "kind": "credit_limit", "grade": "B", "name": "乙", "votes": 5, "agreed": 2},
            {"by": "decider", "kind": "credit_limit", "grade": "C", "name": "甲", "votes": 3, "agreed": 1},
        ]
        (found,) = insight._dispersion(cases)
        assert (found["grade"], found["apart"]) == ("B", Decimal("60.0"))
