"""Contracts, adjustments, periods and statements of account through the interface."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from factories import companies, customers, orders
from factories.receivables import SYSTEM, invoice_row, invoices
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, scope, tokens
from tradecredit.plumbing.access.models import User

CONTRACT = {
    "number": "K-1", "customer": "C001", "amount": "90000.00", "valid_from": "2026-01-01",
    "parts": [{"kind": "prepayment", "percent": "40", "days": 7}, {"kind": "milestone", "percent": "60"}],
}  # fmt: skip


pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(company):
    with scope.entered(SYSTEM):
        orders.policy(company)
        customers.customer(company, "C001", "示例客户")
        invoices(company, invoice_row("INV-1", "1000.00"))
    return company


@pytest.fixture
def call(firm, client):
    given = {}

    def run(method: str, path: str, body=None, *, role: Role = Role.FINANCE_MANAGER, status: int = 200):
        if role not in given:
            user = User.objects.get(pk=companies.person(firm, role).user_id)
            given[role] = tokens.create(user=user, moment=clock.now(), days=1)
        number = len(given) * 1000 + run.count
        run.count += 1
        response = client.generic(
            method, f"/api/v1{path}", json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {given[role]}", "Idempotency-Key": f"k-{number}"},
        )  # fmt: skip
        assert response.status_code == status, response.content.decode()
        return json.loads(response.content)

    run.count = 0
    return run


class TestContracts:
    def test_are_written_read_and_followed(self, call):
        found = call("POST", "/contracts/read-terms", {"text": "预付30%，验收后付70%"})
        assert (found["is_whole"], [part["percent"] for part in found["parts"]]) == (True, ["30", "70"])

        assert call("POST", "/contracts", CONTRACT)["created"] == 1
        call("POST", "/contracts/K-1/sign", {"on": "2026-01-05"}, status=201)
        call("POST", "/contracts/K-1/parts/2/reach", {"on": "2026-02-01"}, status=201)
        billed = call("POST", "/contracts/K-1/parts/2/bill", {"on": "2026-02-01"}, status=201)

        contract = call("GET", "/contracts/K-1")
        assert [part["amount"] for part in contract["schedule"]] == ["36000.00", "54000.00"]
        assert contract["schedule"][1]["invoice_number"] == billed["invoice_number"] == "K-1-2"
        assert call("GET", "/contracts")["contracts"][0]["billed"] == "54000.00"
        call("POST", "/contracts/K-1/sign", {}, status=409)
        call("GET", "/contracts/K-9", status=404)
        call("POST", "/contracts", CONTRACT, role=Role.COLLECTOR, status=403)


class TestAdjustments:
    def test_are_asked_for_by_one_and_decided_by_another(self, call):
        body = {
            "kind": "write_off",
            "invoice_number": "INV-1",
            "amount": "400.00",
            "reason_code": "insolvency",
        }
        asked = call("POST", "/adjustments", body, status=201)
        path = f"/adjustments/{asked['number']}/decide"

        call("POST", path, {"approve": True}, status=403)
        done = call("POST", path, {"approve": True}, role=Role.CFO, status=201)

        assert done["status"] == "posted"
        assert call("GET", "/receivables/aging")["totals"][0]["open"] == "600.00"
        assert [one["number"] for one in call("GET", "/adjustments")["adjustments"]] == [asked["number"]]
        row = call("GET", "/receivables/ratios")["rows"][0]
        assert (row["written_off"], row["recovered"]) == ("400.00", "0.00")


class TestPeriods:
    def test_close_and_refuse_what_comes_late(self, call, firm):
        until = (clock.today(firm) - timedelta(days=1)).isoformat()
        call("POST", "/periods/close", {"until": until}, status=201)

        late = {
            "number": "INV-9",
            "customer": "C001",
            "invoice_date": until,
            "due_date": until,
            "amount": "5.00",
        }
        result = call("POST", "/invoices", late)

        assert (result["refused"], result["results"][0]["field"]) == (1, "invoice_date")
        assert call("GET", "/periods")["closed_until"] == until
        call("POST", "/periods/reopen", {"until": "2020-01-01", "reason": "x"}, status=403)
        call("POST", "/periods/reopen", {"until": "2020-01-01", "reason": "x"}, role=Role.CFO, status=201)


class TestInterest:
    def test_is_shown_before_it_is_charged(self, call):
        preview = call("GET", "/receivables/interest?until=2026-02-10")["charges"]
        charged = call("POST", "/receivables/interest", {"until": "2026-02-10"}, status=201)["charged"]

        assert preview == charged
        # Due on 31 January: ten days at 0.05 % of 1,000.00.
        assert [(one["amount"], one["daily_rate"]) for one in charged] == [("5.00", "0.0005")]


class TestStatements:
    def test_are_sent_with_a_link_that_only_its_senders_see(self, call):
        number = call("POST", "/account-statements", {"customer": "C001"}, status=201)["number"]

        sent = call("GET", f"/account-statements/{number}")
        seen = call("GET", f"/account-statements/{number}", role=Role.AUDITOR)

        assert "/s/" in sent["link"]
        assert seen["link"] is None
        assert sent["lines"][0]["open"] == "1000.00"
        call("POST", f"/account-statements/{number}/withdraw", {}, status=201)
        assert call("GET", "/account-statements")["statements"][0]["status"] == "withdrawn"


class TestReports:
    @pytest.mark.parametrize("name", ["aging", "dso", "days-to-pay", "bad-debts", "provision", "abc"])
    def test_give_rows_with_their_title(self, call, name):
        found = call("GET", f"/receivables/reports/{name}?as_of=2026-02-10")

        assert found["rows"]
        assert "2026-02-10" in found["title"]
