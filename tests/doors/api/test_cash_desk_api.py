"""The cash desk through HTTP."""

import base64
import json
from itertools import count

import pytest

from factories import bank_files, companies, customers, receivables
from factories.bank_files import csv_file
from factories.receivables import SYSTEM, invoice_row, payment_row
from tradecredit.apps.cash_application.models import BankLine, Payment
from tradecredit.flows.cash import import_bank_statement
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, scope, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db
_keys = count(1)
ADVICE = base64.b64encode("发票号,本次付款\nINV-1002,60.00\n".encode()).decode()
ROW = "2026-03-02,,60.00,1060.00,示例五金甲有限公司,6200000000000101,部分货款,EX0001"


@pytest.fixture
def line(company) -> BankLine:
    """A part payment that names nothing, of a customer with two open invoices."""
    customers.customer(company)
    with scope.entered(SYSTEM):
        receivables.invoices(company, invoice_row("INV-1001", "100.00"), invoice_row("INV-1002", "250.00"))
        import_bank_statement.import_bank_statement(
            company=company, file=csv_file(ROW), files=bank_files.InThisProcess(), actor=SYSTEM
        )
        return BankLine.objects.get()


@pytest.fixture
def call(client, company, line):
    def send(method: str, path: str, body=None, *, role: Role = Role.FINANCE_MANAGER):
        email = f"{role.value}@demo.example.com"
        if not User.objects.filter(email=email).exists():
            companies.person(company, role)
        with scope.entered(SYSTEM):
            token = tokens.create(user=User.objects.get(email=email), moment=clock.now(), days=1)
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept-Language": "en",
            "Idempotency-Key": f"desk-{next(_keys)}",
        }
        text = json.dumps(body) if body is not None else ""
        return client.generic(
            method, f"/api/v1{path}", text, content_type="application/json", headers=headers
        )

    return send


def status_of(line: BankLine) -> str:
    with scope.entered(SYSTEM):
        line.refresh_from_db()
    return line.status


class TestGetBankLines:
    def test_lists_what_waits_with_evidence_and_probability(self, call, line):
        (found,) = call("GET", "/bank-lines").json()

        assert (found["id"], found["amount"], found["customer"]) == (str(line.pk), "60.00", "C001")
        way = found["suggestions"][0]
        assert way["allocations"] == [
            {"invoice_number": "INV-1001", "line": 1, "amount": "60.00", "open": "100.00"}
        ]
        assert way["evidence"].startswith("name/none/oldest_first")
        assert 0 < float(way["probability"]) < 0.5
        assert "the oldest due day first" in way["message"]


class TestGetSuggestions:
    def test_shows_what_the_rest_of_a_payment_may_settle(self, call, company):
        with scope.entered(SYSTEM):
            receivables.payments(company, payment_row("PAY-9", "40.00", text="货款 INV-1001"))

        found = call("GET", "/payments/PAY-9/suggestions").json()

        assert (found["customer"], found["unapplied"], found["currency"]) == ("C001", "40.00", "CNY")
        (way,) = found["suggestions"]
        assert way["evidence"] == "given/invoice/part/only"
        assert way["allocations"] == [
            {"invoice_number": "INV-1001", "line": 1, "amount": "40.00", "open": "100.00"}
        ]

    def test_a_payment_that_is_not_there_or_used_up_has_none(self, call, company):
        with scope.entered(SYSTEM):
            receivables.payments(company, payment_row("PAY-9", "40.00", invoice_number="INV-1001"))

        assert call("GET", "/payments/PAY-9/suggestions").status_code == 404
        assert call("GET", "/payments/PAY-8/suggestions").status_code == 404


class TestDecide:
    @pytest.mark.parametrize(
        ("step", "body", "status"),
        [
            ("accept", {"rank": 1}, "matched"),
            ("apply", {"customer": "C001", "allocations": [{"invoice_number": "INV-1002"}]}, "matched"),
            (
                "advice",
                {"customer": "C001", "lines": [{"invoice_number": "INV-1002", "amount": "60.00"}]},
                "matched",
            ),
            ("advice", {"customer": "C001", "file_base64": ADVICE}, "matched"),
            ("on-account", {}, "matched"),
            ("deny-payer", {"reason": "same name"}, "unidentified"),
        ],
    )
    def test_does_what_is_said(self, call, line, step, body, status):
        answer = call("POST", f"/bank-lines/{line.pk}/{step}", body)

        assert (answer.status_code, answer.json()["status"]) == (200, status)
        assert status_of(line) == status

    def test_undoes_and_matches_again(self, call, line):
        call("POST", f"/bank-lines/{line.pk}/accept", {})

        undone = call("POST", f"/bank-lines/{line.pk}/undo", {"reason": "wrong"})
        again = call("POST", "/bank-lines/match", {})

        assert undone.json()["status"] == "suggested"
        assert again.json() == {"matched": 0, "suggested": 1, "unidentified": 0}
        with scope.entered(SYSTEM):
            assert Payment.objects.get().allocated_amount == 0

    def test_refuses_a_suggestion_that_is_not_there(self, call, line):
        answer = call("POST", f"/bank-lines/{line.pk}/accept", {"rank": 9})

        assert (answer.status_code, answer.json()["code"]) == (422, "unable_to_decide_match")
        assert status_of(line) == "suggested"

    @pytest.mark.parametrize("content", ["", "not base64", "aGVsbG8="])
    def test_refuses_an_advice_that_lists_nothing(self, call, line, content):
        answer = call("POST", f"/bank-lines/{line.pk}/advice", {"customer": "C001", "file_base64": content})

        assert answer.status_code == 422
        assert status_of(line) == "suggested"

    def test_is_not_for_sales(self, call, line):
        assert call("POST", f"/bank-lines/{line.pk}/accept", {}, role=Role.SALES).status_code == 403
