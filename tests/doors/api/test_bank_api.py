"""Bank statements in through HTTP."""

import base64
import json
from itertools import count

import pytest

from factories import bank_files, companies, customers, receivables
from factories.bank_files import csv_file, mt940
from factories.receivables import SYSTEM, invoice_row
from tradecredit.apps.cash_application.models import BankLine, BankStatement
from tradecredit.flows import ports
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, scope, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db
_keys = count(1)
ROW = "2026-03-02,,100.00,1100.00,示例五金甲有限公司,6200000000000101,货款 INV-1,EX0001"


@pytest.fixture(autouse=True)
def reader(monkeypatch):
    ports.find(ports.BankFiles)
    monkeypatch.setitem(ports._adapters, ports.BankFiles, bank_files.InThisProcess())


@pytest.fixture
def call(client, company):
    customers.customer(company)
    with scope.entered(SYSTEM):
        receivables.invoices(company, invoice_row("INV-1", "100.00"))

    def send(method: str, path: str, body=None, *, role: Role = Role.FINANCE_MANAGER, key: str = ""):
        email = f"{role.value}@demo.example.com"
        if not User.objects.filter(email=email).exists():
            companies.person(company, role)
        with scope.entered(SYSTEM):
            token = tokens.create(user=User.objects.get(email=email), moment=clock.now(), days=1)
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept-Language": "en",
            "Idempotency-Key": key or f"bank-{next(_keys)}",
        }
        return client.generic(
            method,
            f"/api/v1{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers=headers,
        )

    return send


def body_of(file, **more) -> dict:
    return {"name": file.name, "content_base64": base64.b64encode(file.data).decode(), **more}


class TestPostBankStatements:
    def test_answers_with_what_became_of_the_lines(self, call):
        answer = call("POST", "/bank-statements", body_of(csv_file(ROW))).json()

        assert {key: answer[key] for key in ("statements", "lines", "matched", "duplicates", "refused")} == {
            "statements": 1,
            "lines": 1,
            "matched": 1,
            "duplicates": 0,
            "refused": [],
        }
        assert answer["checks"][0]["is_balanced"] is True

    def test_takes_good_files_and_refuses_bad_ones_whole(self, call):
        bad = {"name": "bad.csv", "content": "day;x\n1;2"}

        answer = call("POST", "/bank-statements", [body_of(csv_file(ROW)), bad]).json()

        assert answer["statements"] == 1
        assert [one["file"] for one in answer["refused"]] == ["bad.csv"]
        assert "No head of a bank statement" in answer["refused"][0]["message"]

    def test_sending_the_key_again_answers_the_same(self, call):
        first = call("POST", "/bank-statements", body_of(csv_file(ROW)), key="once")
        again = call("POST", "/bank-statements", body_of(csv_file(ROW)), key="once")

        assert (first.json(), again.headers["Idempotent-Replayed"]) == (again.json(), "true")

    def test_is_not_for_sales(self, call):
        answer = call("POST", "/bank-statements", body_of(csv_file(ROW)), role=Role.SALES)

        assert answer.status_code == 403

    def test_broken_base64_is_an_empty_file(self, call):
        answer = call("POST", "/bank-statements", {"name": "x", "content_base64": "%%%"}).json()

        assert "is empty" in answer["refused"][0]["message"]


class TestSettle:
    def test_names_the_customer_of_a_line(self, call):
        row = "2026-03-02,,40.00,1040.00,示例无名有限公司,6200000000000199,款,EX0009"
        call("POST", "/bank-statements", body_of(csv_file(row)))
        with scope.entered(SYSTEM):
            line = BankLine.objects.get()

        answer = call("POST", f"/bank-lines/{line.pk}/settle", {"customer": "C001"})

        assert answer.json()["status"] == "suggested"
        assert call("POST", f"/bank-lines/{line.pk}/settle", {"dismiss": "x"}).status_code == 422

    def test_accepts_a_statement_that_does_not_add_up(self, call):
        file = mt940(":61:260302C100,00NTRFNONREF//REF00001", ":86:INV-1", closing="C260302CNY1150,00")
        answer = call("POST", "/bank-statements", body_of(file)).json()
        with scope.entered(SYSTEM):
            statement = BankStatement.objects.get()

        accepted = call("POST", f"/bank-statements/{statement.pk}/accept", {})

        assert (answer["held"], answer["checks"][0]["difference"]) == (1, "50.00")
        assert accepted.json() == {"lines": 1}


class TestBankAccounts:
    def test_tells_how_far_statements_reach(self, call):
        call("POST", "/bank-statements", body_of(csv_file(ROW)))

        assert call("GET", "/bank-accounts").json() == [
            {
                "account": "6200000000000001",
                "currency": "CNY",
                "first_booked": "2026-03-02",
                "booked_until": "2026-03-02",
            }
        ]
