"""What may be recorded as a fact, whatever exact type it comes in."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest

from tradecredit.core.kernel import canonical


class Kind(StrEnum):
    ORDER = "order"


Pair = namedtuple("Pair", "left right")  # noqa: PYI024 - a subclass of tuple without annotations is meant


class Cents(Decimal):
    pass


class TestDumps:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ({"b": 1, "a": None, 3: True}, '{"3":true,"a":null,"b":1}'),
            (OrderedDict(b=Kind.ORDER, a=Pair(1, "二")), '{"a":[1,"二"],"b":"order"}'),
            ([Decimal("1E+2"), Cents("0.10")], '["100","0.10"]'),
            (
                (date(2026, 3, 2), datetime(2026, 3, 2, 8, tzinfo=UTC)),
                '["2026-03-02","2026-03-02T08:00:00+00:00"]',
            ),
            ({"ids": {UUID(int=2), UUID(int=1)}}, f'{{"ids":["{UUID(int=1)}","{UUID(int=2)}"]}}'),
        ],
    )
    def test_one_value_one_text(self, value, text):
        assert canonical.dumps(value) == text

    @pytest.mark.parametrize(("value", "message"), [(0.1, "float"), ([object()], "object"), (b"x", "bytes")])
    def test_refuses_what_is_no_fact(self, value, message):
        with pytest.raises(TypeError, match=message):
            canonical.dumps({"x": value})
