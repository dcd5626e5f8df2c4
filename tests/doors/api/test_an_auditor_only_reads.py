"""An auditor's token changes nothing, whatever the route: refused for the role before anything is looked up."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from factories import companies, policies
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db

ANY = str(UUID(int=7))
FORBIDDEN = {
    "/ratings/C1/grade-proposals": {"grade": "A", "reason": "long known", "until": "2027-01-01"},
    "/approvals/applications": {"kind": "admission", "customer": "C1", "reason": "new", "answers": {}},
    f"/approvals/tasks/{ANY}/form": {"answers": {}},
    f"/approvals/tasks/{ANY}/actions": {"do": "comment", "text": "hm"},
    "/holds/actions": {"holds": [ANY], "action": "recheck"},
    f"/credit-checks/{ANY}/review": {"right": True},
    f"/tasks/{ANY}/complete": {"outcome": "done"},
    "/orders/O1/cancel": {"reason": "x"},
    "/collections/opt-outs": {"customer": "C1", "reason": "x"},
    "/news": {"title": "x"},
}


@pytest.fixture
def post(client, company):
    policies.published(company)
    person = companies.person(company, Role.AUDITOR)
    token = tokens.create(user=User.objects.get(pk=person.user_id), moment=clock.now(), days=1)

    def call(path, body):
        return client.post(
            f"/api/v1{path}",
            data=json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": path, "Accept-Language": "en"},
        )

    return call


@pytest.mark.parametrize("path", FORBIDDEN)
def test_is_refused_for_the_role(post, path):
    answer = post(path, FORBIDDEN[path])

    assert answer.status_code == 403, answer.content
    assert answer.json()["code"] == "forbidden"
    assert "roles" in answer.json()["detail"]


def test_the_same_route_answers_somebody_who_may(client, company, post):
    person = companies.person(company, Role.CREDIT_MANAGER, email="boss@example.com")
    token = tokens.create(user=User.objects.get(pk=person.user_id), moment=clock.now(), days=1)

    answer = client.post(
        f"/api/v1/tasks/{ANY}/complete",
        data=json.dumps({"outcome": "done"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k"},
    )

    assert answer.status_code == 404
