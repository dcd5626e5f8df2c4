from __future__ import annotations

from decimal import Decimal

import pytest

from tradecredit.core.monitoring import signals


class TestTyped:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("是", True), ("No", False), ("0.55", Decimal("0.55")), ("55%", Decimal("0.55")), ("1,200", Decimal(1200)),
            ("0", Decimal(0)), ("吊销", "吊销"), ("NaN", "NaN"), (" active ", "active"),
        ],
    )  # fmt: skip
    def test_reads_recorded_values(self, text, value):
        read = signals.typed(text)

        assert (read, type(read)) == (value, type(value))
