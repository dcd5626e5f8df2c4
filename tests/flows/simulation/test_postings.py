"""The demo's people decide what they may decide, whoever a step of the flow asks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from factories import companies, customers, orders, policies
from factories.limits import cny
from tradecredit.apps.approvals.models import ApprovalRequest
from tradecredit.flows.limits import propose_limit
from tradecredit.flows.ratings import rerate_customer
from tradecredit.flows.simulation import postings
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db

ASKED = ("30000", "300000", "3000000")


@pytest.fixture
def cast(company):
    policies.published(company)
    found = {role: companies.person(company, role) for role in postings.DECIDERS}
    for asked in ASKED:
        customer = customers.customer(company, f"C{asked}", f"示例{asked}有限公司")
        rerate_customer.rerate_customers(
            company=company, customer_ids=[customer.pk], cause="示例", actor=Actor.system("test")
        )
        propose_limit.propose_limit(
            company=company,
            customer_id=customer.pk,
            actor=found[Role.CREDIT_MANAGER],
            asked=cny(asked),
            reason="示例",
        )
    return found


def states() -> list[str]:
    with scope.entered(Actor.system("test")):
        return list(ApprovalRequest.objects.order_by("created_at").values_list("status", flat=True))


class TestDecideProposals:
    def test_rejects_every_line_whoever_its_first_step_asks(self, company, cast):
        tomorrow = orders.DAY + timedelta(days=1)

        postings.decide_proposals(
            company=company, cast=cast, before=date(2100, 1, 1), day=tomorrow, wants=lambda: False
        )

        assert states() == ["rejected"] * len(ASKED)

    def test_leaves_what_was_proposed_today_alone(self, company, cast):
        postings.decide_proposals(
            company=company, cast=cast, before=orders.DAY, day=orders.DAY, wants=lambda: False
        )

        assert states() == ["open"] * len(ASKED)
