"""Ratings and lines are written inside a flow's transaction, or not at all."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from tradecredit.apps.limits import operations as limits
from tradecredit.apps.scoring import locks, operations
from tradecredit.plumbing.db import NoTransactionError


def record_nothing():
    operations.record_ratings(
        company_id=uuid4(),
        as_of=date(2026, 3, 2),
        policy_version_id=uuid4(),
        recorded_by="x",
        ratings=[],
    )


def lock_nobody():
    locks.lock_customers(company_id=uuid4(), customer_ids=[])


def open_nothing():
    limits.open_lines(company_id=uuid4(), new=[])


@pytest.mark.parametrize("write", [record_nothing, lock_nobody, open_nothing])
def test_refuses_to_write_outside_a_transaction(own_database, write):
    with pytest.raises(NoTransactionError):
        write()
