"""A flow in shadow asks nobody: the authority table decides, and the request tells how the flow would have gone."""

from datetime import date

import pytest

from factories import companies, customers, flows
from factories.limits import cny
from tradecredit.analytics.approvals import insight
from tradecredit.apps.approvals.models import ApprovalRequest, FlowInstance, RequestNote
from tradecredit.core.approvals.diagrams import shadows
from tradecredit.flows.approvals import watch_flows
from tradecredit.flows.limits import propose_limit, set_limit
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
ROLES = (Role.SALES, Role.RISK_DIRECTOR, Role.CFO)
PICTURE = flows.diagram(
    {
        "start": {"type": "startEvent"},
        "size": {"type": "exclusiveGateway"},
        "legal": flows.person(roles="legal"),
        "decide": flows.person(who="rule"),
        "approved": {"type": "endEvent", "outcome": "approved"},
    },
    [
        ("start", "size"),
        ("size", "legal", "amount > 200000"),
        ("size", "decide"),
        ("legal", "decide"),
        ("decide", "approved"),
    ],
)


@pytest.fixture
def firm(db):
    with scope.entered(SYSTEM):
        company = companies.company("ONE", "示例一有限公司")
        flows.in_force(company, credit_limit=shadows.put(PICTURE, is_shadow=True))
        yield company


def asked(firm, people, amount):
    customer = customers.customer(firm, f"C{amount}", customer_since=date(2024, 3, 2))
    return propose_limit.propose_limit(
        company=firm, customer_id=customer.pk, actor=people[Role.SALES], asked=cny(amount)
    )


class TestNote:
    def test_puts_down_the_way_once_and_lets_the_table_decide(self, firm):
        people = {role: companies.person(firm, role) for role in ROLES}
        large, small = asked(firm, people, "300000"), asked(firm, people, "100000")

        watch_flows.watch_flows(company=firm, actor=SYSTEM)
        for role in (Role.RISK_DIRECTOR, Role.CFO):
            set_limit.approve_limit(company=firm, proposal_id=large.id, actor=people[role])

        ways = dict(RequestNote.objects.filter(kind="shadow").values_list("request__subject_id", "text"))
        assert ways == {large.id: "legal → decide → approved", small.id: "decide → approved"}
        assert not FlowInstance.objects.exists()
        assert ApprovalRequest.objects.get(subject_id=large.id).status == "approved"
        day = clock.today(firm)
        told = insight.of_company(
            company_id=firm.pk, since=date(2020, 1, 1), until=date(day.year + 1, 1, 1), now=clock.now()
        )
        assert [(row["way"], row["times"], row["approved"]) for row in told.shadows] == [
            ("decide → approved", 1, 0),
            ("legal → decide → approved", 1, 1),
        ]
