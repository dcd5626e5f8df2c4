"""Policies over HTTP."""

from __future__ import annotations

import json

import pytest

from factories import companies, policies
from tradecredit.integrations import policy_packs
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(client, company):
    policies.published(company)
    actor = companies.person(company, Role.CREDIT_MANAGER)
    token = tokens.create(user=User.objects.get(pk=actor.user_id), moment=clock.now(), days=1)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}

    def send(path, body=None):
        if body is None:
            return client.get(f"/api/v1/policies{path}", headers=headers)
        return client.post(
            f"/api/v1/policies{path}", data=json.dumps(body), content_type="application/json", headers=headers
        )

    return send


class TestPolicies:
    def test_lists_packs_and_versions(self, call):
        answer = call("").json()

        assert {pack["name"] for pack in answer["packs"]} >= {"five-pillars", "payment-record"}
        assert [(each["pack"], each["number"]) for each in answer["published"]] == [("five-pillars", 1)]

    def test_shows_what_is_in_force(self, call):
        section = call("/in-force?section=grades").json()["document"]

        assert [grade["grade"] for grade in section["grades"]["grades"]] == ["A", "B", "C", "D"]
        assert call("/in-force?section=nothing").status_code == 404
        assert call("/in-force?as_of=2001-01-01").status_code == 409

    def test_checks_a_document(self, call):
        document = json.loads(json.dumps(policy_packs.load_pack("payment-record"), default=str))
        sound = call("/check", {"document": document}).json()
        document["scorecard"]["dimensions"][0]["weight"] = "31"

        broken = call("/check", {"document": document}).json()

        assert sound == {"findings": []}
        assert [each["path"] for each in broken["findings"]] == ["scorecard.dimensions"]
