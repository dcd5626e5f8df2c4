from __future__ import annotations

import json
from uuid import uuid4

import pytest

from factories import companies, customers, policies
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db
FULL = {"exception_kind": "overdue", "until_day": "2026-04-01", "makes_up": "每周回款"}


@pytest.fixture
def callers(client, company):
    policies.published(company)
    customers.customer(company, "C001", "示例五金甲有限公司")

    class Caller:
        def __init__(self, role):
            user = User.objects.get(pk=companies.person(company, role).user_id)
            self.headers = {
                "Authorization": f"Bearer {tokens.create(user=user, moment=clock.now(), days=1)}",
                "Accept-Language": "en",
            }

        def post(self, path, body):
            return client.post(
                f"/api/v1{path}",
                data=json.dumps(body),
                content_type="application/json",
                headers={**self.headers, "Idempotency-Key": str(uuid4())},
            )

        def get(self, path):
            return client.get(f"/api/v1{path}", headers=self.headers).json()

    return {role: Caller(role) for role in (Role.SALES, Role.SALES_DIRECTOR, Role.RISK_DIRECTOR, Role.CFO)}


def asked(callers, **answers):
    body = {"kind": "exception", "customer": "C001", "reason": "老客户", "answers": answers}
    return callers[Role.SALES].post("/approvals/applications", body)


class TestApplications:
    def test_a_form_is_told_filled_in_and_decided_by_many_votes_at_once(self, callers):
        fields = callers[Role.SALES].get("/approvals/forms/exception")["fields"]
        assert [one["name"] for one in fields if one["required"]] == list(FULL)
        made = asked(callers)
        assert made.status_code == 201
        ours = made.json()["id"]
        together = {"requests": [ours], "approves": True, "reason": "ok"}

        refused = callers[Role.SALES_DIRECTOR].post("/approvals/tasks/decide-together", together).json()
        assert list(refused["refused"]) == [ours]

        filled = callers[Role.SALES].post(f"/approvals/tasks/{ours}/form", {"answers": FULL})
        assert filled.json() == {"missing": []}
        callers[Role.SALES_DIRECTOR].post("/approvals/tasks/decide-together", together)
        first = callers[Role.CFO].post("/approvals/tasks/decide-together", together).json()
        last = callers[Role.RISK_DIRECTOR].post("/approvals/tasks/decide-together", together).json()
        assert (first["standings"], last["standings"]) == ({ours: "pending"}, {ours: "approved"})

    def test_what_is_wrong_in_a_field_is_named(self, callers):
        answer = asked(callers, **{**FULL, "until_day": "soon"})
        assert answer.status_code == 422
        assert "a day is written 2026-03-02" in answer.content.decode()

    def test_insight_tells_what_is_asked(self, callers):
        asked(callers, **FULL)
        found = callers[Role.CFO].get("/approvals/insight?days=3650")
        assert found["kinds"][0]["asked"] == 1
