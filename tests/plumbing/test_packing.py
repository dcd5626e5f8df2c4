from __future__ import annotations

import pytest

from tradecredit.plumbing.idempotency import packing

LONG = '{"results": [' + ", ".join(f'{{"reference": "单-{place}"}}' for place in range(1000)) + "]}"


class TestPacked:
    def test_keeps_a_short_answer_as_it_is(self):
        assert packing.packed('{"id": 1}') == '{"id": 1}'

    def test_makes_a_long_one_small(self):
        assert len(packing.packed(LONG)) < len(LONG) / 3

    @pytest.mark.parametrize("answer", ["", '{"id": 1}', LONG, "zlib:looks packed and is none"])
    def test_gives_it_back_letter_for_letter(self, answer):
        assert packing.unpacked(packing.packed(answer)) == answer
