"""What stands in a draft, changed over HTTP; values with their origin; whom a change concerns."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from factories import companies, policies
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db
KEPT = "order_control.reservation_days"


class Caller:
    """Somebody with a token."""

    def __init__(self, client, company, role):
        actor = companies.person(company, role)
        self.token = tokens.create(user=User.objects.get(pk=actor.user_id), moment=clock.now(), days=1)
        self.client = client

    def send(self, method, path, body=None, **headers):
        sent = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(uuid4())}
        return getattr(self.client, method)(
            f"/api/v1/policies{path}",
            data=None if body is None else json.dumps(body),
            content_type="application/json",
            headers=sent | {"Accept-Language": "en"} | headers,
        )


@pytest.fixture
def writer(client, company):
    policies.published(company, pack="authority-matrix")
    return Caller(client, company, Role.CREDIT_MANAGER)


@pytest.fixture
def draft(writer):
    body = {"title": "Patience", "reason": "season", "valid_from": "2026-03-03"}
    return writer.send("post", "/drafts", body).json()


def put(writer, draft, path, body, method="put"):
    return writer.send(method, f"/drafts/{draft['id']}{path}", body, **{"If-Match": str(draft["version"])})


def shown(writer, draft):
    return writer.send("get", f"/drafts/{draft['id']}").json()


class TestContents:
    def test_a_section_is_written_and_its_mistakes_are_findings(self, writer, draft):
        section = shown(writer, draft)["document"]["dunning"]
        answer = put(writer, draft, "/sections/dunning", {"content": {**section, "quiet_days": "many"}})
        assert (answer.status_code, answer.json()["version"]) == (200, 2)
        assert {one["path"] for one in shown(writer, draft)["findings"]} == {"dunning.quiet_days"}

    @pytest.mark.parametrize(
        ("section", "content"), [("weather", {}), ("dunning", None), ("pack", {"follows": "HQ"})]
    )
    def test_a_section_that_is_none_or_must_stay_is_refused(self, writer, draft, section, content):
        answer = put(writer, draft, f"/sections/{section}", {"content": content})
        assert (answer.status_code, answer.json()["code"]) == (409, "policy_draft_refused")

    def test_a_file_of_the_standard_is_put_in(self, writer, draft):
        text = shown(writer, draft)["document"]["tables"]["order_checks"]
        answer = put(writer, draft, "/models/order_checks", {"text": text.replace('"D"', '"E"')})
        assert answer.status_code == 200
        assert [one["path"] for one in shown(writer, draft)["changes"]] == ["tables.order_checks"]

    def test_without_the_version_it_is_not_changed(self, writer, draft):
        answer = writer.send("put", f"/drafts/{draft['id']}/sections/dunning", {"content": {}})
        assert answer.status_code == 428

    def test_values_for_a_time_are_set_and_dropped(self, writer, draft):
        body = {
            "code": "winter",
            "label": {"zh": "淡季", "en": "Off season"},
            "reason": "season",
            "begins": "2026-03-03",
            "ends": "2026-06-01",
            "values": {KEPT: "3"},
        }
        changed = put(writer, draft, "/overlays", body).json()
        (item,) = shown(writer, draft)["document"]["overlays"]["items"]
        assert item["set"] == [{"path": KEPT, "value": 3}]

        dropped = put(writer, changed, "/overlays/winter", None, method="delete")
        assert dropped.status_code == 200
        assert "overlays" not in shown(writer, draft)["document"]

    def test_colleagues_say_what_they_think(self, writer, draft):
        path = f"/drafts/{draft['id']}/remarks"
        assert writer.send("post", path, {"stance": "object", "text": "Too strict"}).status_code == 201
        (said,) = writer.send("get", path).json()["remarks"]
        assert (said["stance"], said["text"], said["roles"]) == ("object", "Too strict", ["credit_manager"])

    def test_a_company_out_of_sight_cannot_be_followed(self, writer):
        body = {"group": "HQ", "reason": "one policy", "valid_from": "2026-03-03"}
        assert writer.send("post", "/drafts/follow", body).status_code == 409


class TestTables:
    def test_rows_are_written_by_the_facts_that_they_test(self, client, company):
        policies.published(company)
        writer = Caller(client, company, Role.CREDIT_MANAGER)
        draft = writer.send(
            "post", "/drafts", {"title": "x", "reason": "y", "valid_from": "2026-03-03"}
        ).json()
        rows = [{"code": "big", "cells": {"amount": "> 5"}, "outcome": "warn", "zh": "大", "en": "Big"}]
        assert put(writer, draft, "/tables/order_warning_line", {"rows": rows}).status_code == 200
        checks = {one["code"]: one for one in shown(writer, draft)["document"]["order_control"]["checks"]}
        (row,) = checks["order_warning_line"]["table"]["rows"]
        assert (row["when"], row["outcome"]) == ({"amount": "> 5"}, "warn")


class TestValues:
    def test_a_value_is_told_with_its_origin(self, writer):
        (found,) = writer.send("get", f"/values?search={KEPT}").json()["values"]
        assert (found["origin"], found["since_number"]) == ("pack", 1)
        assert found["place"]["zh"].startswith("订单控制")

    def test_only_one_origin_is_asked_for(self, writer):
        assert writer.send("get", "/values?origin=own").json()["count"] == 0


class TestAffected:
    def test_a_first_version_and_an_unchanged_draft_concern_nobody(self, writer, draft):
        assert writer.send("get", "/versions/1/affected").json() == {"parts": []}
        assert writer.send("get", f"/drafts/{draft['id']}/affected").json() == {"parts": []}
