"""Policies on trial over HTTP."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from factories import companies, orders, policies
from tradecredit.flows import reactions
from tradecredit.flows.orders import check_order_credit
from tradecredit.flows.policy import run_simulation
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
MAXIMUM = "order_control.checks.single_document_maximum.amounts.CNY"


@pytest.fixture
def as_role(client, company):
    policies.published(company)
    orders.creditworthy(company)

    def calls(role, company_=company):
        actor = companies.person(company_, role)
        token = tokens.create(user=User.objects.get(pk=actor.user_id), moment=clock.now(), days=1)

        def send(method, path, body=None, **headers):
            return getattr(client, method)(
                f"/api/v1/policies{path}",
                data=None if body is None else json.dumps(body),
                content_type="application/json",
                headers={
                    "Authorization": f"Bearer {token}",
                    "Idempotency-Key": str(uuid4()),
                    **headers,
                },
            )

        return send

    return calls


def check(company, reference="SO-1", amount="50000.00"):
    request = orders.request(company, amount, reference=reference)
    check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)


def drafted(send):
    body = {"title": "单笔上限", "reason": "单笔过大", "valid_from": "2026-03-03"}
    return send("post", "/drafts", body).json()


def stricter(send, draft):
    document = send("get", f"/drafts/{draft['id']}").json()["document"]
    for one in document["order_control"]["checks"]:
        if one["code"] == "single_document_maximum":
            one["amounts"]["CNY"] = "40000.00"
    return document


class TestSimulations:
    def test_a_few_decisions_are_tried_at_once(self, as_role, company):
        check(company)
        writer = as_role(Role.CREDIT_MANAGER)
        document = stricter(writer, drafted(writer))
        body = {"document": document, "since": "2026-03-01", "grade": "B"}
        answer = writer("post", "/simulations", body).json()
        assert (answer["status"], answer["done"], answer["total"]) == ("done", 1, 1)
        assert answer["newly_held"]["count"] == 1
        assert answer["affected"] == [{"customer": "C001", "newly_held": 1, "newly_released": 0}]
        again = writer("get", f"/simulations/{answer['id']}").json()
        assert again == answer

    def test_another_grade_or_region_is_left_out(self, as_role, company):
        check(company)
        writer = as_role(Role.CREDIT_MANAGER)
        document = stricter(writer, drafted(writer))
        for part in ({"grade": "A"}, {"region": "nowhere"}, {"salesperson": "nobody"}):
            answer = writer("post", "/simulations", {"document": document, **part}).json()
            assert (answer["looked_at"], answer["flipped"]) == (0, 0), part

    def test_many_decisions_wait_for_the_worker(self, as_role, company, monkeypatch):
        monkeypatch.setattr(run_simulation, "_AT_ONCE", 0)
        check(company)
        writer = as_role(Role.CREDIT_MANAGER)
        draft = drafted(writer)
        asked = writer("post", f"/drafts/{draft['id']}/simulate").json()
        assert (asked["status"], asked["done"], asked["total"]) == ("waiting", 0, 1)
        assert "flips" not in asked
        assert run_simulation.run_waiting(actor=SYSTEM) == 1
        done = writer("get", f"/simulations/{asked['id']}").json()
        assert (done["status"], done["flipped"]) == ("done", 0)

    def test_another_companys_simulation_is_not_there(self, as_role, company):
        writer = as_role(Role.CREDIT_MANAGER)
        asked = writer("post", f"/drafts/{drafted(writer)['id']}/simulate").json()
        stranger = as_role(Role.CFO, companies.company("OTHER", "示例贸易有限公司"))
        assert stranger("get", f"/simulations/{asked['id']}").status_code == 404


class TestShadows:
    def test_is_started_asked_and_ended(self, as_role, company):
        writer = as_role(Role.CREDIT_MANAGER)
        document = stricter(writer, drafted(writer))
        answer = writer("post", "/shadows", {"document": document, "title": "更严"})
        assert answer.status_code == 201, answer.content
        shadow = answer.json()
        check(company)
        reactions.drain(actor=SYSTEM, company=company)

        shown = writer("get", f"/shadows/{shadow['id']}").json()
        assert (shown["asked"], shown["newly_held"], shown["agreement_percent"]) == (1, 1, "0.0")
        assert shown["flips"][0]["newly_against"] == ["single_document_maximum"]
        assert writer("get", "/shadows").json()["shadows"][0]["id"] == shadow["id"]

        ended = writer("post", f"/shadows/{shadow['id']}/end").json()
        assert ended["ended_at"] is not None
        assert writer("post", f"/shadows/{shadow['id']}/end").status_code == 409

    def test_a_draft_is_asked_as_it_stands(self, as_role):
        writer = as_role(Role.CREDIT_MANAGER)
        answer = writer("post", "/shadows", {"draft": drafted(writer)["id"], "share": 20})
        assert (answer.status_code, answer.json()["share"], answer.json()["title"]) == (201, 20, "单笔上限")

    def test_sales_may_not_run_one(self, as_role):
        draft = drafted(as_role(Role.CREDIT_MANAGER))
        assert as_role(Role.SALES)("post", "/shadows", {"draft": draft["id"]}).status_code == 409


class TestVersions:
    def test_is_submitted_published_reported_and_taken_back(self, as_role, company):
        check(company)
        writer, director = as_role(Role.CREDIT_MANAGER), as_role(Role.RISK_DIRECTOR)
        draft = drafted(writer)
        patched = writer("get", f"/drafts/{draft['id']}").json()
        assert patched["changes"] == []
        assert writer("post", f"/drafts/{draft['id']}/submit").status_code == 409, "it changes nothing yet"
        change = {"figures": {MAXIMUM: "40000.00"}}
        assert writer("patch", f"/drafts/{draft['id']}", change, **{"If-Match": "1"}).status_code == 200

        asked = writer("post", f"/drafts/{draft['id']}/submit")
        assert (asked.status_code, asked.json()["roles"]) == (201, ["risk_director", "cfo"])
        assert director("post", f"/drafts/{draft['id']}/publish").json()["number"] == 2
        run_simulation.run_waiting(actor=SYSTEM)

        report = writer("get", "/versions/2/report").json()
        assert report["changes"] == [{"path": MAXIMUM, "before": "3000000.00", "after": "40000.00"}]
        assert report["affected"] == [
            {"customer": "C001", "name": report["affected"][0]["name"], "newly_held": 1, "newly_released": 0}
        ]
        assert writer("get", "/versions/9/report").status_code == 404

        body = {"reason": "误伤", "valid_from": "2026-03-03"}
        back = writer("post", "/versions/1/go-back", body)
        assert (back.status_code, back.json()["origin"]) == (201, "former")
        assert director("post", f"/drafts/{back.json()['id']}/publish").json()["number"] == 3
