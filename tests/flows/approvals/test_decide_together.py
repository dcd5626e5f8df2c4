"""Many requests decided with one word: together where they still wait, by themselves where that settles them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import companies, customers, flows
from factories.limits import cny
from tradecredit.apps.approvals.models import ApprovalRequest, FlowStep, Vote
from tradecredit.core.approvals.four_eyes import Standing
from tradecredit.flows.approvals import decide_together
from tradecredit.flows.limits import propose_limit
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
TWO = flows.chain(look=flows.person(roles="credit_manager"), decide=flows.person(roles="risk_director"))


@pytest.fixture
def people(company):
    flows.in_force(company, credit_limit=TWO)
    roles = (Role.SALES, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.CFO)
    return {role: companies.person(company, role) for role in roles}


def asked(company, people, count, start=0):
    found = []
    for number in range(start, start + count):
        customer = customers.customer(company, f"T{number}", f"示例{number}有限公司")
        proposal = propose_limit.propose_limit(
            company=company, customer_id=customer.pk, actor=people[Role.SALES], asked=cny("100000")
        )
        with scope.entered(SYSTEM):
            found.append(ApprovalRequest.objects.get(subject_id=proposal.id).pk)
    return found


def decide(company, ids, actor, *, approves=True, reason="同意"):
    return decide_together.decide_together(
        company=company, request_ids=ids, approves=approves, reason=reason, actor=actor
    )


def statuses():
    with scope.entered(SYSTEM):
        return list(FlowStep.objects.order_by("request_id", "opened_at").values_list("node_id", "status"))


class TestDecideTogether:
    def test_votes_on_all_of_them_and_their_flows_go_on(self, company, people):
        ids = asked(company, people, 3)

        done = decide(company, ids, people[Role.CREDIT_MANAGER])

        assert (set(done.standings.values()), done.refusals) == ({Standing.PENDING}, {})
        assert statuses() == [("look", "approved"), ("decide", "open")] * 3
        with scope.entered(SYSTEM):
            assert set(ApprovalRequest.objects.values_list("roles", flat=True).distinct()[0]) == {
                "risk_director"
            }

    def test_takes_as_many_statements_for_nine_as_for_three(self, company, people):
        few, many = asked(company, people, 3), asked(company, people, 9, start=3)
        decide(company, asked(company, people, 1, start=20), people[Role.CREDIT_MANAGER])
        counts = []
        for ids in (few, many):
            with CaptureQueriesContext(
                connection,
            ) as caught:
                decide(company, ids, people[Role.CREDIT_MANAGER])
            counts.append(len(caught))

        assert counts[0] == counts[1]

    def test_what_settles_a_request_is_carried_out(self, company, people):
        ids = asked(company, people, 2)
        decide(company, ids, people[Role.CREDIT_MANAGER])
        decide(company, ids, people[Role.RISK_DIRECTOR])

        # The authority table wants the CFO besides: nobody is rated.
        done = decide(company, ids, people[Role.CFO])

        assert set(done.standings.values()) == {Standing.APPROVED}
        with scope.entered(SYSTEM):
            assert set(ApprovalRequest.objects.values_list("status", flat=True)) == {"approved"}

    def test_one_that_is_refused_stops_none_of_the_others(self, company, people):
        own, others = asked(company, people, 1), asked(company, people, 2, start=1)
        with scope.entered(SYSTEM):
            ApprovalRequest.objects.filter(pk=own[0]).update(
                requested_by_id=people[Role.CREDIT_MANAGER].user_id
            )
        unknown = uuid4()

        done = decide(company, [*own, unknown, *others], people[Role.CREDIT_MANAGER])

        assert set(done.standings) == set(others)
        assert {key: one.code for key, one in done.refusals.items()} == {
            own[0]: "approval_refused",
            unknown: "approval_unknown",
        }
        with scope.entered(SYSTEM):
            assert Vote.objects.count() == 2

    def test_no_ends_each_with_its_reason(self, company, people):
        ids = asked(company, people, 2)

        done = decide(company, ids, people[Role.CREDIT_MANAGER], approves=False, reason="资料不全")

        assert set(done.standings.values()) == {Standing.REJECTED}
        with scope.entered(SYSTEM):
            assert set(ApprovalRequest.objects.values_list("status", flat=True)) == {"rejected"}

    def test_another_companys_requests_are_not_there(self, company, people):
        ids = asked(company, people, 1)
        other = companies.company("OTHER")
        stranger = companies.person(other, Role.CREDIT_MANAGER)
        flows.in_force(other, credit_limit=TWO)

        done = decide(other, ids, stranger)

        assert done.standings == {}
        assert statuses() == [("look", "open")]
