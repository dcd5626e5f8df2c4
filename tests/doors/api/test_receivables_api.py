"""Invoices and payments in, aging out, through HTTP."""

import json
from itertools import count

import pytest

from factories import companies, customers
from factories.receivables import SYSTEM
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, scope, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db
_keys = count(1)
INVOICE = {
    "number": "INV-1",
    "customer": "C001",
    "invoice_date": "2026-01-01",
    "due_date": "2026-01-31",
    "amount": "100.00",
}
PAYMENT = {"number": "PAY-1", "customer": "C001", "payment_date": "2026-02-01", "amount": "60.00"}


@pytest.fixture
def token(company):
    customers.customer(company)
    return token_of(companies.person(company, Role.FINANCE_MANAGER))


def token_of(actor) -> str:
    with scope.entered(SYSTEM):
        return tokens.create(user=User.objects.get(pk=actor.user_id), moment=clock.now(), days=1)


@pytest.fixture
def call(client, token):
    """Send JSON with a token and a fresh key; return the response."""

    def send(method: str, path: str, body=None, *, key: str = "", bearer: str = "", language: str = "en"):
        headers = {
            "Authorization": f"Bearer {bearer or token}",
            "Accept-Language": language,
            "Idempotency-Key": key or f"key-{next(_keys)}",
        }
        return client.generic(
            method,
            f"/api/v1{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers=headers,
        )

    return send


class TestInvoices:
    def test_records_one(self, call) -> None:
        response = call("POST", "/invoices", INVOICE)

        assert response.status_code == 200
        answer = response.json()
        assert (answer["created"], answer["refused"]) == (1, 0)
        assert answer["results"][0]["number"] == "INV-1"

    def test_answers_each_of_many(self, call) -> None:
        rows = [INVOICE, {**INVOICE, "number": "INV-2", "customer": "NOBODY"}, INVOICE]

        answer = call("POST", "/invoices", rows, language="zh-hans").json()

        assert [row["status"] for row in answer["results"]] == ["created", "refused", "unchanged"]
        assert answer["results"][1]["field"] == "customer_code"
        assert "没有代码为 NOBODY 的客户" in answer["results"][1]["message"]
        assert answer["results"][2]["is_duplicate"]

    def test_gives_the_stored_answer_to_the_same_key(self, call) -> None:
        first = call("POST", "/invoices", INVOICE, key="same")
        again = call("POST", "/invoices", INVOICE, key="same")

        assert again.json() == first.json()
        assert again["Idempotent-Replayed"] == "true"
        assert call("POST", "/invoices", {**INVOICE, "amount": "1.00"}, key="same").status_code == 422

    @pytest.mark.parametrize(
        "change",
        [
            {"amount": 100.0},
            {"amount": "-1.00"},
            {"amount": "1e3"},
            {"status": "paid"},
            {"invoice_date": "x"},
        ],
    )
    def test_refuses_a_body_that_is_not_as_it_should_be(self, call, change) -> None:
        response = call("POST", "/invoices", {**INVOICE, **change})

        assert response.status_code == 422
        assert response.json()["code"] == "invalid_request"

    def test_needs_a_role_that_keeps_the_books(self, call, company) -> None:
        seller = token_of(companies.person(company, Role.SALES))

        response = call("POST", "/invoices", INVOICE, bearer=seller)

        assert (response.status_code, response.json()["code"]) == (403, "forbidden")

    def test_hides_a_foreign_company(self, call) -> None:
        companies.company("OTHER", "示例商贸有限公司")

        assert call("POST", "/invoices", {**INVOICE, "company": "OTHER"}).status_code == 404


class TestPayments:
    def test_applies_undoes_and_applies_by_hand(self, call) -> None:
        call("POST", "/invoices", INVOICE)
        recorded = call("POST", "/payments", {**PAYMENT, "invoice_number": "INV-1"})
        undone = call("POST", "/payments/PAY-1/unapply", {"reason": "wrong invoice"})
        applied = call(
            "POST",
            "/payments/PAY-1/apply",
            {"allocations": [{"invoice_number": "INV-1", "amount": "10.00"}]},
        )

        assert recorded.json()["created"] == 1
        assert len(undone.json()["reversals"]) == 1
        assert applied.json()["unapplied"] == "50.00"

    def test_refuses_too_much_with_words_and_figures(self, call) -> None:
        call("POST", "/invoices", INVOICE)
        call("POST", "/payments", PAYMENT)

        response = call(
            "POST",
            "/payments/PAY-1/apply",
            {"allocations": [{"invoice_number": "INV-1", "amount": "60.01"}]},
        )

        assert (response.status_code, response.json()["code"]) == (422, "unable_to_allocate")
        assert response.json()["facts"] == {"asked": "60.01", "open": "100.00", "unapplied": "60.00"}


class TestDisputes:
    def test_opens_and_closes(self, call) -> None:
        call("POST", "/invoices", INVOICE)

        opened = call("POST", "/invoices/INV-1/disputes", {"reason_code": "quality", "amount": "30.00"})
        closed = call("POST", "/invoices/INV-1/disputes/close", {"resolution": "settled"})

        assert opened.status_code == 201
        assert closed.json()["id"] == opened.json()["id"]


class TestCreditNotes:
    def test_sets_off_the_named_invoice(self, call) -> None:
        call("POST", "/invoices", INVOICE)
        note = {
            "number": "CN-1",
            "customer": "C001",
            "date": "2026-02-01",
            "amount": "10.00",
            "invoice_number": "INV-1",
        }

        answer = call("POST", "/credit-notes", [note])

        assert answer.json()["created"] == 1
        assert call("GET", "/receivables/aging").json()["totals"][0]["open"] == "90.00"


class TestAging:
    def test_sums_to_what_is_open(self, call) -> None:
        call("POST", "/invoices", [INVOICE, {**INVOICE, "number": "INV-2", "due_date": "2026-03-02"}])
        call("POST", "/payments", {**PAYMENT, "invoice_number": "INV-1"})

        answer = call("GET", "/receivables/aging?as_of=2026-03-02&by=customer").json()

        (row,) = answer["rows"]
        assert row["customer"] == "C001"
        assert row["buckets"]["not_due"] == "100.00"
        assert row["buckets"]["1-30"] == "40.00"
        assert (row["open"], row["currency"]) == ("140.00", "CNY")
        assert answer["totals"][0]["open"] == "140.00"

    def test_answers_as_known_at_a_moment(self, call) -> None:
        call("POST", "/invoices", INVOICE)

        before = call("GET", "/receivables/aging?known_at=2020-01-01T00:00:00%2B08:00").json()

        assert before["rows"] == []

    def test_names_the_schemes_that_exist(self, call) -> None:
        response = call("GET", "/receivables/aging?scheme=lunar")

        assert (response.status_code, response.json()["code"]) == (422, "unable_to_age")
        assert "overdue_short" in response.json()["detail"]

    def test_reports_ratios_and_open_items(self, call) -> None:
        call("POST", "/invoices", INVOICE)

        ratios = call("GET", "/receivables/ratios").json()
        items = call("GET", "/receivables/open-items?only_overdue=true").json()

        assert ratios["rows"][0]["overdue_rate"] == "1.0000"
        assert items["rows"][0]["days_overdue"] == 30


class TestDocumentation:
    def test_describes_every_route_with_one_or_many_rows(self, call) -> None:
        paths = call("GET", "/openapi.json").json()["paths"]

        for path in ("/invoices", "/credit-notes", "/payments", "/receivables/aging"):
            assert f"/api/v1{path}" in paths
        body = paths["/api/v1/invoices"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert {"array"} <= {option.get("type", "object") for option in body["anyOf"]}
