from __future__ import annotations

import json
from uuid import uuid4

import pytest

from factories import companies, orders
from tradecredit.apps.decisions.models import Decision
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


class Caller:
    """Somebody with a token."""

    def __init__(self, client, company, role, **fields):
        actor = companies.person(company, role, **fields)
        self.token = tokens.create(user=User.objects.get(pk=actor.user_id), moment=clock.now(), days=1)
        self.client = client

    def post(self, path, body, key=None, **headers):
        return self.client.post(
            f"/api/v1{path}",
            data=json.dumps(body),
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {self.token}",
                "Accept-Language": "en",
                "Idempotency-Key": key or str(uuid4()),
                **headers,
            },
        )

    def get(self, path):
        return self.client.get(
            f"/api/v1{path}", headers={"Authorization": f"Bearer {self.token}", "Accept-Language": "zh-hans"}
        )


def body(amount="120000.00", **fields):
    return {
        "company": "DEMO",
        "customer": "C001",
        "control_point": "order",
        "reference": "SO-2001",
        "amount": amount,
        "currency": "CNY",
        **fields,
    }


@pytest.fixture
def customer(company):
    orders.policy(company)
    return orders.creditworthy(company)


@pytest.fixture
def integration(client, company, customer):
    return Caller(client, company, Role.INTEGRATION)


def decisions():
    with db.unit_of_work(SYSTEM):
        return Decision.objects.count()


class TestPostCheck:
    def test_answers_as_the_contract_says(self, integration):
        answer = integration.post("/credit-checks", body())

        found = answer.json()
        assert answer.status_code == 201
        assert (found["outcome"], found["headroom_before"], found["headroom_after"]) == (
            "hold",
            "84000.00",
            "-36000.00",
        )
        assert found["reasons"][0] == {
            "code": "headroom",
            "rule": "headroom",
            "text": "¥120,000.00 does not fit into the headroom of ¥84,000.00; ¥36,000.00 are missing.",
            "facts": {"ours": "120000.00", "limit": "84000.00", "gap": "36000.00", "unit": "money"},
            "passed": False,
        }
        assert found["exposure"]["billed"] == "416000.00"
        assert next(one["text"] for one in found["remedies"]) == "Ship ¥84,000.00 now: that releases it"
        assert [one["role"] for one in found["deciders"]] == ["credit_manager", "risk_director"]
        assert found["policy"] == {"name": "five-pillars", "version": 1}
        assert found["reservation"] is None

    def test_keeps_room_for_what_passes(self, integration):
        found = integration.post("/credit-checks", body("50000.00")).json()

        assert found["outcome"] == "warn"
        assert found["reservation"]["amount"] == "50000.00"
        assert found["reservation"]["expires_at"].startswith("2026-04-01T00:00:00")

    def test_the_same_key_gives_the_same_decision(self, integration):
        first, again = (integration.post("/credit-checks", body("50000.00"), "key-1") for _ in range(2))

        assert first.json() == again.json()
        assert again["Idempotent-Replayed"] == "true"
        assert decisions() == 1

    def test_another_body_under_the_key_is_refused(self, integration):
        integration.post("/credit-checks", body("50000.00"), "key-1")

        other = integration.post("/credit-checks", body("60000.00"), "key-1")

        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
        assert decisions() == 1

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"amount": "1.001"}, 422),
            ({"amount": "-1"}, 422),
            ({"currency": "¥¥¥"}, 422),
            ({"surprise": 1}, 422),
            ({"control_point": "quotation"}, 422),
            ({"customer": "NOBODY"}, 404),
            ({"company": "OTHER"}, 404),
            ({"lines": [{"amount": "1.00"}]}, 422),
        ],
    )
    def test_refuses_what_it_cannot_read_and_writes_nothing(self, integration, fields, status):
        answer = integration.post("/credit-checks", body(**fields))

        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"
        assert decisions() == 0

    def test_needs_a_role(self, client, company, customer):
        auditor = Caller(client, company, Role.AUDITOR)

        assert auditor.post("/credit-checks", body()).status_code == 403
        assert decisions() == 0


class TestPostBatch:
    def test_answers_in_order_and_counts_what_went_before(self, integration):
        answer = integration.post(
            "/credit-checks/batch",
            {"checks": [body("50000.00", reference=f"SO-{number}") for number in range(3)]},
        )

        assert [one["outcome"] for one in answer.json()["results"]] == ["warn", "hold", "hold"]
        assert [one["reference"] for one in answer.json()["results"]] == ["SO-0", "SO-1", "SO-2"]

    def test_takes_a_bare_list(self, integration):
        answer = integration.post("/credit-checks/batch", [body("1.00")])

        assert len(answer.json()["results"]) == 1


class TestGetCheck:
    def test_shows_the_record_its_explanation_and_its_replay(self, integration):
        made = integration.post("/credit-checks", body()).json()

        record = integration.get(f"/credit-checks/{made['id']}").json()
        explained = integration.get(f"/credit-checks/{made['id']}/explanation").json()
        replayed = integration.post(f"/credit-checks/{made['id']}/replay", {}).json()

        assert {**record, "reasons": [], "remedies": [], "deciders": []} == {
            **made,
            "reasons": [],
            "remedies": [],
            "deciders": [],
            "approval_request": None,
        }
        assert record["reasons"][0]["text"] == "本单 ¥120,000.00 超出可用额度 ¥84,000.00，差 ¥36,000.00。"
        assert explained["equation"]["adds_up"] is True
        assert replayed == {"id": made["id"], "identical": True, "differences": []}

    def test_a_stranger_finds_nothing(self, client, integration):
        made = integration.post("/credit-checks", body()).json()
        stranger = Caller(client, companies.company("OTHER"), Role.CFO)

        for path in ("", "/explanation"):
            assert stranger.get(f"/credit-checks/{made['id']}{path}").status_code == 404
        assert stranger.post(f"/credit-checks/{made['id']}/replay", {}).status_code == 404


class TestOrders:
    def test_goes_from_hold_to_release_by_two_people(self, client, company, integration):
        manager = Caller(client, company, Role.CREDIT_MANAGER)
        made = integration.post("/credit-checks", body()).json()

        tasks = manager.get("/approvals/tasks").json()["tasks"]
        released = manager.post("/orders/SO-2001/release", {"reason": "客户承诺付款"})

        assert [task["id"] for task in tasks] == [made["approval_request"]]
        assert released.status_code == 201
        assert released.json()["standing"] == "approved"
        assert released.json()["order"]["status"] == "released"

    def test_the_asker_may_not_release(self, client, company, customer):
        manager = Caller(client, company, Role.CREDIT_MANAGER)
        manager.post("/credit-checks", body())

        answer = manager.post("/orders/SO-2001/release", {"reason": "ok"})

        assert (answer.status_code, answer.json()["facts"]["reason"]) == (403, "own_request")
        assert manager.get("/orders/SO-2001").json()["status"] == "held"

    def test_rejects(self, client, company, integration):
        manager = Caller(client, company, Role.CREDIT_MANAGER)
        integration.post("/credit-checks", body())

        answer = manager.post("/orders/SO-2001/reject", {"reason": "风险过高"})

        assert answer.json()["order"]["status"] == "rejected"

    def test_amends_delivers_closes_and_reopens(self, integration):
        integration.post("/credit-checks", body("50000.00"))

        amended = integration.post("/orders/SO-2001/amend", {"amount": "60000.00"}).json()
        delivered = integration.post(
            "/orders/SO-2001/deliver", {"delivery_number": "DN-1", "amount": "20000.00"}
        ).json()
        closed = integration.post("/orders/SO-2001/close", {"reason": "余量不发"}).json()
        reopened = integration.post("/orders/SO-2001/reopen", {}).json()

        assert amended["reservation"]["amount"] == "60000.00"
        assert delivered["outcome"] == "approve"
        assert (closed["status"], closed["delivered"]) == ("closed", "20000.00")
        assert (reopened["order_status"], reopened["reservation"]["amount"]) == ("released", "40000.00")

    def test_lists_the_held_ones(self, integration):
        integration.post("/credit-checks", body())
        integration.post("/credit-checks", body("10.00", reference="SO-2"))

        assert [one["reference"] for one in integration.get("/orders").json()["orders"]] == ["SO-2001"]

    def test_knows_no_other_orders(self, integration):
        for action in ("amend", "deliver", "cancel", "close", "reopen", "release", "reject"):
            fields = {
                "amend": {"amount": "1.00"},
                "deliver": {"amount": "1.00", "delivery_number": "DN-1"},
                "release": {"reason": "x"},
                "reject": {"reason": "x"},
            }.get(action, {})
            assert integration.post(f"/orders/SO-404/{action}", fields).status_code == 404, action


class TestExposures:
    def test_shows_line_exposure_and_headroom(self, integration):
        integration.post("/credit-checks", body("50000.00"))

        found = integration.get("/exposures/C001").json()

        assert {
            key: found[key]
            for key in ("customer", "company", "currency", "limit", "exposure", "reserved", "headroom")
        } == {
            "customer": "C001",
            "company": "DEMO",
            "currency": "CNY",
            "limit": "500000.00",
            "exposure": "466000.00",
            "reserved": "50000.00",
            "headroom": "34000.00",
        }
        assert found["stages"]["billed"] == "416000.00"
        assert len(found["accounts"]) == 1

    def test_shows_an_account_nothing_was_posted_to(self, integration):
        found = integration.get("/exposures/C001?currency=USD").json()

        assert (found["currency"], found["limit"], found["exposure"]) == ("USD", "not set", "0.00")
        assert [one["currency"] for one in found["accounts"]] == ["CNY", "USD"]

    def test_knows_no_other_customers(self, integration):
        assert integration.get("/exposures/NOBODY").status_code == 404
