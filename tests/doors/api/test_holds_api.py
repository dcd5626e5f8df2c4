from __future__ import annotations

import json
from uuid import uuid4

import pytest

from factories import companies, customers, orders
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, tokens
from tradecredit.plumbing.access.models import Membership, User

pytestmark = pytest.mark.django_db


class Caller:
    def __init__(self, client, company, role):
        self.user_id = companies.person(company, role).user_id
        self.token = tokens.create(user=User.objects.get(pk=self.user_id), moment=clock.now(), days=1)
        self.client = client

    def post(self, path, body):
        return self.client.post(
            f"/api/v1{path}",
            data=json.dumps(body),
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {self.token}",
                "Accept-Language": "en",
                "Idempotency-Key": str(uuid4()),
            },
        )

    def get(self, path):
        return self.client.get(
            f"/api/v1{path}", headers={"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}
        ).json()


def order(amount="120000.00", **fields):
    return {
        "company": "DEMO", "customer": "C001", "reference": "SO-2001", "amount": amount, "currency": "CNY", **fields,
    }  # fmt: skip


@pytest.fixture
def customer(company):
    orders.policy(company)
    return orders.creditworthy(company)


@pytest.fixture
def seller(client, company, customer):
    return Caller(client, company, Role.SALES)


@pytest.fixture
def manager(client, company, customer):
    return Caller(client, company, Role.CREDIT_MANAGER)


class TestGetHolds:
    def test_tells_reasons_amount_over_and_whom_it_waits_for(self, seller, manager):
        seller.post("/credit-checks", order(terms_days=120))

        (hold,) = manager.get("/holds")["holds"]

        assert [reason["code"] for reason in hold["reasons"]] == ["headroom", "terms_days"]
        assert (hold["over"], hold["amount"], hold["days"]) == ("36000.0000", "120000.0000", 0)
        assert ([role["role"] for role in hold["waits_for"]], hold["is_mine"]) == (
            ["credit_manager", "risk_director"],
            True,
        )
        assert seller.get("/holds")["holds"][0]["is_mine"] is False

    def test_spans_every_company_of_the_caller_and_no_other(self, client, seller, manager):
        other = companies.company("OTHER", "示例仪表有限公司")
        orders.policy(other)
        customers_own = orders.creditworthy(other, "C900")
        assert customers_own.code == "C900"
        elsewhere = Caller(client, other, Role.SALES)
        elsewhere.post("/credit-checks", order(company="OTHER", customer="C900", reference="SO-9"))
        seller.post("/credit-checks", order())
        alone = [one["company"] for one in manager.get("/holds")["holds"]]
        Membership.objects.create(user_id=manager.user_id, company=other, role="credit_manager")

        found = manager.get("/holds?sort=customer")["holds"]

        assert (alone, sorted(one["company"] for one in found)) == (["DEMO"], ["DEMO", "OTHER"])
        assert [one["company"] for one in manager.get("/holds?company=OTHER")["holds"]] == ["OTHER"]

    @pytest.mark.parametrize(
        ("query", "count"),
        [("reason=headroom", 1), ("reason=freeze", 0), ("role=credit_manager", 1), ("role=cfo", 0),
         ("least_days=1", 0), ("mine=true", 1), ("customer=SO-20", 1), ("kind=delivery", 0), ("currency=USD", 0)],
    )  # fmt: skip
    def test_filters(self, seller, manager, query, count):
        seller.post("/credit-checks", order())

        assert len(manager.get(f"/holds?{query}")["holds"]) == count


class TestPostActions:
    def test_one_refusal_does_not_stop_the_others(self, company, seller, manager):
        customers.customer(company, "C777")
        seller.post("/credit-checks", order())
        manager.post("/credit-checks", order(reference="SO-2002"))
        ids = {one["reference"]: one["id"] for one in manager.get("/holds")["holds"]}

        answer = manager.post(
            "/holds/actions",
            {"action": "release", "holds": [ids["SO-2001"], ids["SO-2002"]], "reason": "货款在途",
             "reason_code": "paid_on_the_way"},
        ).json()  # fmt: skip

        standings = {
            one["id"]: (one["standing"], (one["error"] or {}).get("code")) for one in answer["results"]
        }
        assert standings == {
            ids["SO-2001"]: ("approved", None),
            ids["SO-2002"]: ("refused", "approval_refused"),
        }
        assert [one["reference"] for one in manager.get("/holds")["holds"]] == ["SO-2002"]


class TestPostSplit:
    def test_what_fits_goes(self, seller, manager):
        seller.post("/credit-checks", order())

        done = seller.post("/orders/SO-2001/split", {"company": "DEMO"}).json()

        assert (done["part"]["outcome"], done["part"]["amount"], done["rest"]["amount"], done["remainder"]) == (
            "warn", "84000.00", "36000.00", "SO-2001~2",
        )  # fmt: skip
        found = seller.get("/orders/SO-2001?company=DEMO")
        assert (found["amount"], found["whole"], found["remainders"]) == (
            "84000.00",
            "120000.00",
            [{"reference": "SO-2001~2", "amount": "36000.00", "status": "held"}],
        )

    def test_lines_go_by_quantity(self, seller):
        lines = [
            {"item": "示例电机", "quantity": "10", "amount": "60000.00"},
            {"item": "示例电缆", "amount": "60000.00"},
        ]
        seller.post("/credit-checks", order(lines=lines))

        done = seller.post("/orders/SO-2001/split", {"lines": [{"line": 1, "quantity": "4"}]}).json()

        assert (done["part"]["amount"], done["rest"]["amount"]) == ("24000.00", "96000.00")
        assert seller.get("/orders/SO-2001")["lines"] == [
            {"line": 1, "item": "示例电机", "quantity": "4.000000", "amount": "24000.0000"}
        ]


class TestDeliveries:
    def test_a_held_delivery_is_released_by_authority(self, company, customer, seller, manager):
        seller.post("/credit-checks", order("80000.00"))
        from tradecredit.apps.monitoring.models import Freeze
        from tradecredit.plumbing import db
        from tradecredit.plumbing.access import Actor

        with db.unit_of_work(Actor.system("test")):
            Freeze.objects.create(
                company=company, customer=customer, scope="shipments", cause="person", text_zh="停", text_en="stop",
                frozen_on=orders.DAY, created_at=companies.MOMENT, created_by="test",
            )  # fmt: skip
        stopped = seller.post(
            "/orders/SO-2001/deliver", {"delivery_number": "DN-1", "amount": "30000.00"}
        ).json()

        own = seller.post("/deliveries/DN-1/release", {"reason": "x"})
        done = manager.post("/deliveries/DN-1/release", {"reason": "客户已付款", "days": 3})

        assert (stopped["outcome"], own.status_code, done.status_code) == ("hold", 403, 201)
        found = seller.get("/orders/SO-2001")
        assert (found["delivered"], found["releases"][0]["delivery"], found["releases"][0]["expires_on"]) == (
            "30000.00", "DN-1", "2026-03-05",
        )  # fmt: skip


class TestGetMine:
    def test_the_requester_sees_whom_it_waits_for(self, company, customer, seller, client):
        orders.rating(company, customer, "C", as_of=orders.DAY)
        seller.post("/credit-checks", order())
        director = Caller(client, company, Role.RISK_DIRECTOR)
        (task,) = director.get("/approvals/tasks")["tasks"]
        director.post(f"/approvals/tasks/{task['id']}/decide", {"approves": True, "reason": "ok"})

        (asked,) = seller.get("/approvals/mine")["requests"]

        assert (asked["waits_for"], asked["status"]) == (["cfo"], "open")
