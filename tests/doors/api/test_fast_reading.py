from __future__ import annotations

import json
from uuid import UUID

import pytest

from tradecredit.doors.api import fast_reading
from tradecredit.doors.api.fast_callers import Caller
from tradecredit.plumbing.access import Actor
from tradecredit.plumbing.access.models import Company

COMPANY = Company(code="DEMO", is_sandbox=True, sandbox_day=None)
CALLER = Caller(actor=Actor(user_id=UUID(int=1), name="erp"), companies={"DEMO": COMPANY}, only=COMPANY)
HEADERS = {
    b"host": b"localhost",
    b"authorization": b"Bearer tc_1",
    b"idempotency-key": b"K-1",
    b"accept-language": b"en",
}


def header(**changed):
    found = {**HEADERS, **{name.replace("_", "-").encode(): value for name, value in changed.items()}}
    return fast_reading.Header([(name, value) for name, value in found.items() if value is not None])


def read(**fields):
    check = {"company": "DEMO", "customer": "C001", "reference": "SO-1", "amount": "1.00", "currency": "CNY"}
    body = json.dumps({**check, **fields}).encode()
    return fast_reading.one(body, caller=CALLER, header=header(), request_hash="…")


class TestOne:
    @pytest.mark.parametrize(
        ("amount", "currency", "counted"),
        [
            ("120000.00", "CNY", 1_200_000_000),
            ("7", "JPY", 70_000),
            ("0.5", "CNY", 5_000),
            ("1.234", "KWD", 12_340),
        ],
    )
    def test_counts_amounts_in_ten_thousandths(self, amount, currency, counted):
        assert read(amount=amount, currency=currency).amount == counted

    def test_reads_what_is_given_and_what_is_not(self):
        found = read(terms_days=30, control_point="order", commit=True)

        assert (found.customer, found.terms_days, found.key, found.language) == ("C001", 30, "K-1", "en")
        assert read(company=None).company is COMPANY

    @pytest.mark.parametrize(
        "fields",
        [
            {"amount": "1.005"}, {"amount": 1}, {"amount": "-1"}, {"amount": "1,000"}, {"amount": "１"},
            {"amount": "0.5", "currency": "JPY"}, {"currency": "cny"}, {"currency": "CNYX"}, {"currency": None},
            {"customer": ""}, {"customer": "x" * 65}, {"customer": 7}, {"reference": "a\x00b"},
            {"company": "OTHER"}, {"company": ["DEMO"]}, {"terms_days": "30"}, {"terms_days": True},
            {"terms_days": 3651}, {"control_point": "delivery"}, {"commit": False}, {"commit": 1},
            {"requested_on": "2020-01-01"}, {"lines": []}, {"surprise": 1},
        ],
    )  # fmt: skip
    def test_leaves_everything_else_to_the_ordinary_door(self, fields):
        assert read(**fields) is None

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"\xff"])
    def test_leaves_what_is_no_check_to_the_ordinary_door(self, body):
        assert fast_reading.one(body, caller=CALLER, header=header(), request_hash="…") is None


class TestMany:
    def test_the_first_carries_the_key_of_the_call(self):
        checks = [
            {"customer": "C001", "reference": f"SO-{n}", "amount": "1", "currency": "CNY"} for n in range(3)
        ]

        for content in (checks, {"checks": checks}):
            found = fast_reading.many(
                json.dumps(content).encode(), caller=CALLER, header=header(), request_hash="…"
            )
            assert [one.key for one in found] == ["K-1", None, None]

    def test_one_that_is_not_plain_leaves_the_call_to_the_ordinary_door(self):
        body = json.dumps([{"customer": "C001", "reference": "SO-1", "amount": "1", "currency": "CNY"}, 7])

        assert fast_reading.many(body.encode(), caller=CALLER, header=header(), request_hash="…") is None


class TestHeader:
    def test_a_plain_request_has_a_token_a_key_and_a_known_host(self):
        assert header().is_plain

    @pytest.mark.parametrize(
        "changed",
        [
            {"authorization": None}, {"authorization": b"Basic eA=="}, {"idempotency_key": None},
            {"idempotency_key": b"x" * 201}, {"host": b"evil.example"}, {"cookie": b"sessionid=1"},
        ],
    )  # fmt: skip
    def test_any_other_is_the_ordinary_doors(self, changed):
        assert not header(**changed).is_plain

    @pytest.mark.parametrize(
        ("accepted", "language"), [("en-GB", "en"), ("zh-CN,zh;q=0.9", "zh-hans"), ("", "zh-hans")]
    )
    def test_the_language_is_chosen_as_django_chooses_it(self, accepted, language):
        assert fast_reading.language_of(accepted) == language
