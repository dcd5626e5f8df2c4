"""Drafts of policies over HTTP."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from factories import companies, policies
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db
OVERDUE = "order_control.checks.overdue_days.days"


@pytest.fixture
def as_role(client, company):
    policies.published(company)

    def calls(role, company_=company):
        actor = companies.person(company_, role)
        token = tokens.create(user=User.objects.get(pk=actor.user_id), moment=clock.now(), days=1)

        def send(method, path, body=None, **headers):
            sent = {
                "Authorization": f"Bearer {token}",
                "Accept-Language": "en",
                "Idempotency-Key": str(uuid4()),
            }
            return getattr(client, method)(
                f"/api/v1/policies{path}",
                data=None if body is None else json.dumps(body),
                content_type="application/json",
                headers={**sent, **headers},
            )

        return send

    return calls


def started(send):
    body = {"title": "Patience", "reason": "season", "valid_from": "2026-03-03"}
    answer = send("post", "/drafts", body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def changed(send, draft, value="14", version=None):
    headers = {"If-Match": str(version or draft["version"])}
    return send("patch", f"/drafts/{draft['id']}", {"figures": {OVERDUE: value}}, **headers)


class TestDrafts:
    def test_goes_from_draft_to_version(self, as_role):
        writer, director = as_role(Role.CREDIT_MANAGER), as_role(Role.RISK_DIRECTOR)
        draft = started(writer)

        assert changed(writer, draft).json()["version"] == 2
        shown = writer("get", f"/drafts/{draft['id']}").json()
        assert shown["changes"] == [{"path": OVERDUE, "before": 7, "after": 14}]
        assert shown["findings"] == []
        assert writer("post", f"/drafts/{draft['id']}/simulate").json()["flipped"] == 0

        refused = writer("post", f"/drafts/{draft['id']}/publish")
        assert (refused.status_code, refused.json()["code"]) == (409, "policy_publish_refused")
        done = director("post", f"/drafts/{draft['id']}/publish")
        assert (done.status_code, done.json()["number"]) == (201, 2)
        assert writer("get", "/drafts").json()["drafts"][0]["status"] == "published"

    def test_publishing_twice_with_one_key_publishes_once(self, as_role):
        writer, director = as_role(Role.CREDIT_MANAGER), as_role(Role.RISK_DIRECTOR)
        draft = started(writer)
        changed(writer, draft)
        key = {"Idempotency-Key": str(uuid4())}
        first = director("post", f"/drafts/{draft['id']}/publish", **key)
        again = director("post", f"/drafts/{draft['id']}/publish", **key)
        assert first.json() == again.json()
        assert again.headers["Idempotent-Replayed"] == "true"

    def test_a_change_wants_the_version_it_was_made_on(self, as_role):
        writer = as_role(Role.CREDIT_MANAGER)
        draft = started(writer)
        changed(writer, draft)
        assert changed(writer, draft, value="21").status_code == 409
        assert writer("patch", f"/drafts/{draft['id']}", {"figures": {}}).status_code == 428

    def test_can_be_withdrawn(self, as_role):
        writer = as_role(Role.CREDIT_MANAGER)
        draft = started(writer)
        assert writer("post", f"/drafts/{draft['id']}/withdraw").json()["status"] == "withdrawn"
        assert changed(writer, draft).status_code == 409

    def test_another_companys_draft_is_not_there(self, as_role):
        draft = started(as_role(Role.CREDIT_MANAGER))
        stranger = as_role(Role.CFO, companies.company("OTHER", "示例贸易有限公司"))
        for method, path in (("get", ""), ("post", "/publish"), ("post", "/withdraw"), ("post", "/simulate")):
            assert stranger(method, f"/drafts/{draft['id']}{path}").status_code == 404

    def test_sales_may_not_try_policies(self, as_role):
        answer = as_role(Role.SALES)("post", "/simulations", {"document": {}})
        assert answer.status_code == 403

    def test_an_unsound_document_is_refused_with_its_place(self, as_role):
        answer = as_role(Role.CREDIT_MANAGER)("post", "/simulations", {"document": {"order_control": {}}})
        assert (answer.status_code, answer.json()["code"]) == (422, "policy_unsound")
