from __future__ import annotations

import pytest

from tradecredit.core.collections import disputes
from tradecredit.core.kernel.money import Money


class TestUndisputed:
    @pytest.mark.parametrize(
        ("contested", "partial", "rest"),
        [
            (None, "ask_rest", "0.00"), ("40.00", "ask_rest", "60.00"), ("40.00", "hold_line", "0.00"),
            ("140.00", "ask_rest", "0.00"),
        ],
    )  # fmt: skip
    def test_leaves_what_is_not_contested(self, contested, partial, rest):
        dispute = disputes.Dispute(
            instalment_id="1", amount=None if contested is None else Money.of(contested, "CNY")
        )

        left = disputes.undisputed(
            instalment_id="1", open_amount=Money.of("100.00", "CNY"), disputes=[dispute], partial=partial
        )

        assert left.text() == rest

    def test_speaks_of_its_own_item_only(self):
        left = disputes.undisputed(
            instalment_id="2",
            open_amount=Money.of("100.00", "CNY"),
            disputes=[disputes.Dispute(instalment_id="1")],
            partial="hold_line",
        )

        assert left == Money.of("100.00", "CNY")
