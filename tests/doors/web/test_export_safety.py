"""What leaves as CSV is never run as a formula by a spreadsheet."""

from __future__ import annotations

import pytest

from tradecredit.doors.web import exports


class TestSafe:
    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
    def test_disarms_text_that_begins_like_a_formula(self, start):
        assert exports._safe(f"{start}cmd()") == f"'{start}cmd()"

    def test_leaves_other_text_and_numbers_alone(self):
        assert (exports._safe("示例五金甲"), exports._safe(-5)) == ("示例五金甲", -5)
