"""Ratings and lines over HTTP."""

from __future__ import annotations

import json
from datetime import date

import pytest

from factories import companies, customers, limits, policies
from tradecredit.flows.ratings import rerate_customer
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")


class Caller:
    """Somebody with a token."""

    def __init__(self, client, company, role, email=""):
        self.actor = companies.person(company, role, email=email)
        user = User.objects.get(pk=self.actor.user_id)
        self.token = tokens.create(user=user, moment=clock.now(), days=1)
        self.client = client
        self.calls = 0

    def get(self, path):
        return self.client.get(f"/api/v1{path}", headers=self._headers())

    def post(self, path, body, key=None):
        self.calls += 1
        headers = {**self._headers(), "Idempotency-Key": key or f"{self.actor.name}-{self.calls}"}
        return self.client.post(
            f"/api/v1{path}", data=json.dumps(body), content_type="application/json", headers=headers
        )

    def _headers(self):
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}


@pytest.fixture
def customer(company):
    policies.published(company)
    return customers.customer(company)


@pytest.fixture
def sales(client, company):
    return Caller(client, company, Role.SALES)


@pytest.fixture
def risk(client, company):
    return Caller(client, company, Role.RISK_DIRECTOR)


@pytest.fixture
def cfo(client, company):
    return Caller(client, company, Role.CFO)


class TestRating:
    def test_tells_the_rating_with_its_parts(self, company, customer, sales):
        rerate_customer.rerate_customers(
            company=company, customer_ids=[customer.pk], cause="customer.imported", actor=SYSTEM
        )

        answer = sales.get("/ratings/C001").json()

        assert (answer["customer"], answer["as_of"]) == ("C001", "2026-03-02")
        found = answer["rating"]
        assert (found["grade"], found["score"], found["completeness"]) == ("C", None, "0.00")
        assert found["cause_words"] == {"zh": "客户资料导入", "en": "customer imported"}
        assert len(found["parts"]) == 17
        assert (
            found["parts"][0]["sentence"]["en"]
            == "Debt ratio: no data; its weight goes to the other indicators"
        )
        assert len(answer["history"]) == 1

    def test_says_so_when_nothing_was_rated(self, customer, sales):
        assert sales.get("/ratings/C001").json()["rating"] is None
        assert sales.get("/ratings/C001?as_of=2026-01-01").json()["as_of"] == "2026-01-01"

    def test_hides_foreign_customers(self, client, company, customer):
        other = companies.company("OTHER", "示例贸易有限公司")
        stranger = Caller(client, other, Role.SALES)

        assert stranger.get("/ratings/C001").status_code == 404
        assert stranger.get("/limits/C001").status_code == 404
        assert stranger.get("/ratings/NOBODY").status_code == 404


class TestLines:
    def test_tells_the_limit_in_force_and_the_formula(self, company, customer, sales):
        limits.opening(company, limit="500000", valid_to=date(2026, 12, 31))

        answer = sales.get("/limits/C001").json()

        assert answer["limits"][0]["limit"] == "500000.00"
        assert answer["limits"][0]["ends_on"] == "2026-12-31"
        assert answer["limits"][0]["lines"][0]["origin"] == "opening"
        assert answer["proposal"]["is_trial"] is True
        assert answer["proposal"]["proposed"] == "50000.00"


class TestProposals:
    def test_go_from_question_to_line_by_three_people(self, customer, sales, risk, cfo):
        asked = sales.post(
            "/limits/proposals", {"customer": "C001", "limit": "300000.00", "reason": "growth"}
        )
        path = f"/limits/proposals/{asked.json()['id']}"

        first = risk.post(f"{path}/approve", {})
        second = cfo.post(f"{path}/approve", {"reason": "agreed"})

        assert (asked.status_code, asked.json()["status"]) == (201, "open")
        assert asked.json()["calculation"]["route"]["roles"] == ["risk_director", "cfo"]
        assert (first.status_code, first.json()["standing"], first.json()["line"]) == (200, "pending", None)
        assert second.json()["standing"] == "approved"
        assert sales.get("/limits/C001").json()["limits"][0]["limit"] == "300000.00"
        assert sales.get("/limits/proposals").json()["proposals"] == []
        (done,) = sales.get("/limits/proposals?status=all").json()["proposals"]
        assert (done["status"], done["decided_by"]) == ("approved", "cfo")

    def test_the_same_key_asks_once(self, customer, sales):
        body = {"customer": "C001", "limit": "300000.00"}

        first = sales.post("/limits/proposals", body, key="same")
        again = sales.post("/limits/proposals", body, key="same")

        assert first.json()["id"] == again.json()["id"]

    def test_refuse_the_person_who_asked(self, customer, risk):
        asked = risk.post("/limits/proposals", {"customer": "C001", "limit": "300000.00"}).json()

        answer = risk.post(f"/limits/proposals/{asked['id']}/approve", {})

        assert (answer.status_code, answer.json()["code"]) == (403, "approval_refused")

    def test_end_by_rejection_with_a_reason_or_by_withdrawal(self, customer, sales, risk):
        first = sales.post("/limits/proposals", {"customer": "C001", "limit": "300000.00"}).json()
        without = risk.post(f"/limits/proposals/{first['id']}/reject", {})
        rejected = risk.post(f"/limits/proposals/{first['id']}/reject", {"reason": "no statements"})
        second = sales.post("/limits/proposals", {"customer": "C001", "limit": "200000.00"}).json()
        withdrawn = sales.post(f"/limits/proposals/{second['id']}/withdraw", {})

        assert without.status_code == 409
        assert rejected.json()["standing"] == "rejected"
        assert withdrawn.json()["standing"] == "withdrawn"

    def test_ask_for_a_temporary_line(self, company, customer, sales):
        limits.opening(company, limit="500000")

        asked = sales.post(
            "/limits/proposals",
            {
                "customer": "C001",
                "kind": "temporary",
                "limit": "100000.00",
                "valid_to": "2026-03-16",
                "reference": "SO-7",
            },
        )

        assert asked.status_code == 201
        assert (asked.json()["kind"], asked.json()["valid_to"]) == ("temporary", "2026-03-17")

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"customer": "NOBODY", "limit": "1.00"}, 404),
            ({"customer": "C001", "limit": "-5"}, 422),
            ({"customer": "C001", "limit": "1e9"}, 422),
            ({"customer": "C001", "limit": "1.005"}, 422),
            ({"customer": "C001", "kind": "temporary", "limit": "unlimited"}, 422),
            ({"customer": "C001", "surprise": "1"}, 422),
        ],
    )
    def test_refuse_what_is_no_question(self, customer, sales, body, status):
        assert sales.post("/limits/proposals", body).status_code == status
        assert sales.get("/limits/proposals").json()["proposals"] == []

    def test_are_not_for_auditors(self, client, company, customer):
        auditor = Caller(client, company, Role.AUDITOR)

        assert auditor.post("/limits/proposals", {"customer": "C001"}).status_code == 403
