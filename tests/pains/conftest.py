"""What the cases share."""

from __future__ import annotations

import pytest

from factories import customers, orders
from factories.credit_facts import section
from factories.documents import DAY
from factories.receivables import SYSTEM
from tradecredit.flows.orders import verify_exposure
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope


@pytest.fixture
def customer(company):
    """C001 with a line of 100,000.00, rated B, that owes nothing."""
    orders.policy(company, receivables=section("five-pillars", "receivables"))
    found = customers.customer(company)
    orders.line(company, found, "100000.00")
    orders.rating(company, found)
    with scope.entered(SYSTEM), clock.on(company, DAY):
        yield found
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole
