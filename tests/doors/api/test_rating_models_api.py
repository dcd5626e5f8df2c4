"""The rating model over HTTP: out as a file, line by line into a draft, whole into a draft; a grade asked for."""

from __future__ import annotations

import json
from datetime import date

import pytest

from factories import companies, customers, policies
from tradecredit.flows.ratings import rerate_customer
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def send(client, company):
    """Send a request as a credit manager; returns the answer."""
    policies.published(company)
    person = companies.person(company, Role.CREDIT_MANAGER)
    token = tokens.create(user=User.objects.get(pk=person.user_id), moment=clock.now(), days=1)

    def sent(method, path, body=None, **headers):
        return client.generic(
            method,
            f"/api/v1{path}",
            json.dumps(body or {}),
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {token}",
                "Accept-Language": "en",
                "Idempotency-Key": path,
                **headers,
            },
        )

    return sent


@pytest.fixture
def draft(send):
    body = {"title": "x", "reason": "y", "valid_from": "2026-03-03"}
    return send("POST", "/policies/drafts", body).json()


class TestModel:
    def test_goes_out_and_comes_back_with_one_cut_off_changed(self, send, draft):
        text = send("GET", "/rating-model").content.decode()
        assert b"<Scorecard " in send("GET", "/rating-model?format=pmml").content
        path = f"/policies/drafts/{draft['id']}/model"

        done = send("PUT", path, {"text": text.replace("'85'", "'88'", 1)}, **{"If-Match": "1"})

        assert done.status_code == 200
        assert [one["en"] for one in done.json()["model_changes"]] == ["Grade A: least score 85 → 88"]

    def test_takes_lines_and_tells_who_would_move(self, send, draft):
        path = f"/policies/drafts/{draft['id']}/model"
        lines = {"weight:solvency": "20", "weight:qualities": "25"}

        done = send("PATCH", path, {"lines": lines}, **{"If-Match": "1"})

        assert done.json()["version"] == 2
        effect = send("GET", path).json()
        assert effect["changes"][0]["en"] == "Solvency: weight 25% → 20%"
        assert effect["simulation"]["moved"] == 0
        assert send("PATCH", path, {"lines": {"colour:x": "1"}}, **{"If-Match": "2"}).status_code == 422


class TestGradeProposals:
    def test_asks_the_people_whom_the_authority_table_names(self, send, company):
        found = customers.customer(company)
        rerate_customer.rerate_customers(company=company, customer_ids=[found.pk], cause="test", actor=SYSTEM)
        until = date(2026, 5, 31).isoformat()

        asked = send(
            "POST", "/ratings/C001/grade-proposals", {"grade": "B", "reason": "担保", "until": until}
        )

        assert asked.status_code == 201
        assert "risk_director" in asked.json()["roles"]
        assert send("GET", "/ratings/reviews").json()["reviews"] == []
