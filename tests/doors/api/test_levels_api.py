"""Levels above accounts and exchange rates over HTTP."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from factories import accounts, companies, customers, orders
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(client):
    company = companies.company()
    orders.policy(company)
    for code, billed in (("C001", "100.00"), ("C002", "200.00")):
        accounts.account(company, customers.customer(company, code), billed=billed)
    found = {}
    for role in (Role.CREDIT_MANAGER, Role.CFO, Role.SALES):
        actor = companies.person(company, role)
        found[role] = tokens.create(user=User.objects.get(pk=actor.user_id), moment=clock.now(), days=1)

    def send(method, path, body=None, role=Role.CREDIT_MANAGER):
        answer = getattr(client, method)(
            f"/api/v1{path}",
            **({} if body is None else {"data": json.dumps(body), "content_type": "application/json"}),
            headers={"Authorization": f"Bearer {found[role]}", "Idempotency-Key": str(uuid4())},
        )
        return answer.status_code, answer.json()

    return send


class TestLevels:
    def test_are_made_limited_by_two_people_and_shown_with_their_figures(self, call):
        call("put", "/levels/G1", {"name": "示例集团"})
        for code in ("C001", "C002"):
            call("post", "/levels/G1/members", {"customer": code})
        status, asked = call("post", "/levels/G1/limits", {"limit": "1000.00", "reason": "合并授信"})
        own, _ = call("post", f"/levels/limits/{asked['id']}/approve", {"reason": "同意"})
        mute, _ = call("post", f"/levels/limits/{asked['id']}/approve", {}, role=Role.CFO)
        other, decided = call(
            "post", f"/levels/limits/{asked['id']}/approve", {"reason": "同意"}, role=Role.CFO
        )

        _, found = call("get", "/levels")
        _, exposure = call("get", "/exposures/C001")

        assert (status, own, mute, other, decided["status"]) == (201, 403, 409, 200, "approved")
        level = found["levels"][0]
        assert (level["limit"], level["exposure"], level["headroom"]) == ("1000.00", "300.00", "700.00")
        assert [member["customer"] for member in level["members"]] == ["C001", "C002"]
        assert [one["code"] for one in exposure["levels"]] == ["G1"]

    def test_sales_do_not_keep_them(self, call):
        status, _ = call("put", "/levels/G1", {"name": "示例集团"}, role=Role.SALES)

        assert status == 403
        assert call("get", "/levels")[1]["levels"] == []

    def test_an_unknown_one_is_not_found(self, call):
        assert call("post", "/levels/NONE/members", {"customer": "C001"})[0] == 404

    def test_a_customer_leaves(self, call):
        call("put", "/levels/G1", {})
        call("post", "/levels/G1/members", {"customer": "C001"})

        _, left = call("post", "/levels/G1/members", {"customer": "C001", "joins": False})

        assert left["members"] == []


class TestExchangeRates:
    def test_are_recorded_once_and_hold_from_their_day(self, call):
        rate = {
            "from_currency": "USD",
            "to_currency": "CNY",
            "rate": "7.1234",
            "valid_from": "2026-03-01",
            "source": "央行中间价",
        }

        status, first = call("post", "/exchange-rates", {"rates": [rate]})
        _, again = call("post", "/exchange-rates", {"rates": [rate]})
        _, before = call("get", "/exchange-rates?as_of=2026-02-28")
        _, since = call("get", "/exchange-rates?as_of=2026-03-01")

        assert (status, first["recorded"], again["recorded"]) == (201, 1, 0)
        assert before["rates"] == []
        assert since["rates"][0]["rate"] == "7.1234"
