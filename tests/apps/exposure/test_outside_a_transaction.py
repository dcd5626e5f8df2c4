from __future__ import annotations

from uuid import uuid4

import pytest

from tradecredit.apps.exposure import locks, operations
from tradecredit.plumbing import db


class TestWithoutAUnitOfWork:
    def test_every_writer_and_lock_refuses(self, own_database):
        with pytest.raises(db.NoTransactionError):
            operations.post(entries=[])
        with pytest.raises(db.NoTransactionError):
            operations.reserve(wanted=[])
        with pytest.raises(db.NoTransactionError):
            operations.end_reservations(reservation_ids=[], status="released")
        with pytest.raises(db.NoTransactionError):
            operations.open_accounts(wanted=[])
        with pytest.raises(db.NoTransactionError):
            locks.lock_accounts([uuid4()])
