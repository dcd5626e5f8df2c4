from __future__ import annotations

from datetime import date

import pytest

from tradecredit.core.collections import promises
from tradecredit.core.kernel.money import Money

PROMISE = promises.Promise(promised_date=date(2026, 3, 10), amount=Money.of("100.00", "CNY"))


class TestState:
    @pytest.mark.parametrize(
        ("paid", "day", "state"),
        [
            ("0", 10, "open"), ("0", 11, "open"), ("0", 12, "broken"), ("99.99", 12, "broken"), ("100.00", 12, "kept"),
            ("100.00", 1, "kept"),
        ],
    )  # fmt: skip
    def test_waits_for_the_day_and_its_grace(self, paid, day, state):
        judged = promises.state(PROMISE, paid=Money.of(paid, "CNY"), as_of=date(2026, 3, day), grace_days=1)

        assert judged == state
