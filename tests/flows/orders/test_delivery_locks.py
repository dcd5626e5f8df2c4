"""A batch of deliveries locks accounts, then levels: also where one order or number stands in it twice."""

from __future__ import annotations

import pytest

from factories import nodes, orders
from tradecredit.apps.exposure import locks, node_locks
from tradecredit.core.kernel.money import Money
from tradecredit.flows.orders import check_order_credit, deliver_order
from tradecredit.flows.orders.deliver_order import DeliveryRequest
from tradecredit.plumbing.access import Actor

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def taken(monkeypatch):
    """What was locked first, in order: accounts and levels by kind."""
    order: list[tuple[str, object]] = []

    def noting(module, name, kind):
        original = getattr(module, name)

        def lock(ids):
            wanted = list(ids)
            order.extend((kind, one) for one in sorted(wanted) if (kind, one) not in order)
            return original(wanted)

        monkeypatch.setattr(module, name, lock)

    noting(locks, "lock_accounts", "account")
    noting(node_locks, "lock_nodes", "level")
    return order


class TestDeliverOrders:
    def test_locks_the_accounts_of_later_rounds_before_the_first_level(self, company, taken):
        orders.policy(company)
        members = tuple(orders.creditworthy(company, code, billed="0.00") for code in ("C001", "C002"))
        nodes.node("G", members=members)
        for reference, code in (("SO-1", "C001"), ("SO-2", "C002")):
            asked = orders.request(company, "1000.00", customer_code=code, reference=reference)
            check_order_credit.check_order_credit(requests=[asked], actor=SYSTEM)
        taken.clear()

        # The second of the same number goes to a second round, and names an account that the first has not.
        deliver_order.deliver_orders(
            company=company,
            requests=[
                DeliveryRequest(reference=reference, number="DN-1", amount=Money.of("100.00", "CNY"))
                for reference in ("SO-1", "SO-2")
            ],
            actor=SYSTEM,
        )

        kinds = [kind for kind, _ in taken]
        assert kinds.count("account") == 2
        assert kinds.index("level") == 2
