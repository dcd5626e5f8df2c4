"""A company with two equal customers, and a caller."""

from __future__ import annotations

import pytest

from factories import companies, orders
from factories.quick_door import token_of
from tradecredit.plumbing.access import Role


@pytest.fixture
def company(own_database):
    found = companies.company()
    orders.policy(found)
    for code in ("C001", "C002"):
        orders.creditworthy(found, code)
    return found


@pytest.fixture
def token(company):
    return token_of(company, Role.INTEGRATION)
