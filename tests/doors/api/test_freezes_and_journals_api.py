from __future__ import annotations

import json
from uuid import uuid4

import pytest

from factories import companies, orders, policies
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db


class Caller:
    def __init__(self, client, company, role):
        user = User.objects.get(pk=companies.person(company, role).user_id)
        self.headers = {
            "Authorization": f"Bearer {tokens.create(user=user, moment=clock.now(), days=1)}",
            "Accept-Language": "en",
        }
        self.client = client

    def post(self, path, body):
        headers = {**self.headers, "Idempotency-Key": str(uuid4())}
        return self.client.post(
            f"/api/v1{path}", data=json.dumps(body), content_type="application/json", headers=headers
        )

    def get(self, path):
        return self.client.get(f"/api/v1{path}", headers=self.headers).json()


@pytest.fixture
def manager(client, company):
    policies.published(company)
    orders.creditworthy(company)
    return Caller(client, company, Role.CREDIT_MANAGER)


class TestFreezes:
    def test_are_set_seen_and_put_to_a_second_person(self, manager):
        done = manager.post("/freezes", {"customer": "C001", "scope": "limit", "reason": "等待担保"})

        lifted = manager.post(f"/freezes/{done.json()['id']}/lift", {"reason": "已付款"})

        assert (done.status_code, lifted.json()["lifted"]) == (201, False)
        assert [one["scope"] for one in manager.get("/freezes?customer=C001")["freezes"]] == ["limit"]

    def test_need_a_reason(self, manager):
        assert (
            manager.post("/freezes", {"customer": "C001", "scope": "limit", "reason": ""}).status_code == 422
        )


class TestLimitJournals:
    def test_are_previewed_and_put_to_a_second_person(self, manager):
        changes = [{"customer": "C001", "limit": "450000.00"}]

        preview = manager.post("/limits/journals/preview", {"changes": changes}).json()
        made = manager.post(
            "/limits/journals", {"changes": changes, "title": "三月", "reason": "复核"}
        ).json()

        assert preview["totals"] == [{"currency": "CNY", "before": "500000.00", "after": "450000.00"}]
        assert (made["status"], made["lines"][0]["before"]) == ("open", "500000.00")
        assert manager.get("/limits/journals")["journals"][0]["id"] == made["id"]

    def test_one_that_was_not_approved_is_not_undone(self, manager):
        changes = [{"customer": "C001", "limit": "450000.00"}]
        made = manager.post("/limits/journals", {"changes": changes, "title": "x", "reason": "y"}).json()

        assert manager.post(f"/limits/journals/{made['id']}/undo", {"reason": "z"}).status_code == 409
