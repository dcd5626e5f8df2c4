"""The demo's group gets a limit over all companies, and goes with the demo."""

from __future__ import annotations

import pytest

from factories import accounts, companies, customers, orders
from tradecredit.analytics.exposure import node_standings
from tradecredit.apps.exposure import node_queries
from tradecredit.apps.exposure.models import ControlNode
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money
from tradecredit.flows.simulation import opening, world
from tradecredit.plumbing.access import Actor, scope

pytestmark = pytest.mark.django_db


class TestWatchTheGroup:
    def test_counts_the_family_in_every_company(self):
        company, other = companies.company(), companies.company("OTHER", "示例外贸有限公司")
        top = customers.customer(company, world.GROUP[0])
        member = customers.customer(company, world.GROUP[1], parent=top)
        accounts.account(company, top, billed="100.00")
        accounts.account(other, member, billed="200.00")

        opening.watch_the_group(company=company, as_of=orders.DAY)
        opening.watch_the_group(company=company, as_of=orders.DAY)

        with scope.entered(Actor.system("test")):
            (node,) = ControlNode.objects.all()
            found = node_standings.of_nodes(
                node_queries.nodes(as_of=orders.DAY, ids=[node.pk]), as_of=orders.DAY, company_id=None
            )[0]
        assert node.is_demo
        assert (found.exposure, found.headroom) == (
            Money.of("300.00", "CNY"),
            Amount(Money.of("5999700.00", "CNY")),
        )

    def test_does_nothing_where_the_group_is_not_there(self):
        company = companies.company()

        opening.watch_the_group(company=company, as_of=orders.DAY)

        with scope.entered(Actor.system("test")):
            assert not ControlNode.objects.exists()
