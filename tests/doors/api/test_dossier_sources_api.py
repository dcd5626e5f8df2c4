"""Reports, consents, duplicates, merges, identities and relations through the API."""

import json

import pytest

from factories import bureaus as fakes
from factories import companies, customers
from tradecredit.flows.bureaus import answer_wishes
from tradecredit.integrations.bureaus.fake.bureau import FakeBureau
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db


class Caller:
    """Somebody with a token, who uses a key once."""

    def __init__(self, client, company, role):
        actor = companies.person(company, role)
        self.actor = actor
        self.token = tokens.create(user=User.objects.get(pk=actor.user_id), moment=clock.now(), days=1)
        self.client, self.sent = client, 0

    def get(self, path):
        return self._send("get", path)

    def post(self, path, body):
        self.sent += 1
        return self._send("post", path, body, **{"Idempotency-Key": f"k{self.sent}"})

    def _send(self, method, path, body=None, **headers):
        options = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en", **headers}
        return getattr(self.client, method)(f"/api/v1{path}", headers=headers, **options)


@pytest.fixture
def specialist(client, company):
    customers.customer(company, "C1", "示例恒达机电有限公司")
    customers.customer(company, "C2", "示例恒达机电股份有限公司")
    return Caller(client, company, Role.CREDIT_SPECIALIST)


class TestReports:
    def test_are_asked_for_and_come_later(self, specialist, company, monkeypatch):
        monkeypatch.setenv("TRADECREDIT_TIANYANCHA_TOKEN", "hush")

        asked = specialist.post("/customers/C1/reports", {"provider": "tianyancha"})
        before = specialist.get("/customers/C1/reports").json()
        answer_wishes.answer_wishes(
            company=company, actor=specialist.actor, bureaus=fakes.bureaus(FakeBureau())
        )
        after = specialist.get("/customers/C1/reports").json()

        assert (asked.status_code, asked.json()["waiting"]) == (202, True)
        assert before["reports"] == []
        assert {row["kind"] for row in after["reports"]} >= {"registry", "dishonest"}
        assert {row["provider"] for row in after["findings"]} == {"tianyancha"}

    def test_without_credentials_are_refused(self, specialist):
        refused = specialist.post("/customers/C1/reports", {"provider": "qichacha"})

        assert (refused.status_code, refused.json()["code"]) == (409, "bureau_not_asked")


class TestConsents:
    def test_open_the_door_for_facts_of_banks(self, specialist):
        fact = {"customer": "C1", "fact": "bank_inflow", "value": "5000"}
        refused = specialist.post("/facts", fact)
        given = specialist.post("/customers/C1/consents", {"scope": "bank", "purpose": "credit line"})
        taken = specialist.post("/facts", fact)
        specialist.post("/customers/C1/consents", {"scope": "bank", "granted": False})
        again = specialist.post("/facts", fact | {"value": "6000"})

        statuses = [one.json()["results"][0]["status"] for one in (refused, taken, again)]
        assert statuses == ["refused", "created", "refused"]
        assert given.status_code == 201

    def test_say_what_for(self, specialist):
        assert specialist.post("/customers/C1/consents", {"scope": "bank"}).status_code == 422


class TestDuplicates:
    def test_are_found_merged_and_taken_apart(self, specialist):
        looked = specialist.post("/duplicates", {}).json()
        (pair,) = specialist.get("/duplicates").json()["pairs"]
        specialist.post("/customers/C2/identities", {"system": "erp", "code": "10077"})
        merged = specialist.post("/merges", {"keep": "C1", "absorbed": "C2"}).json()
        known = specialist.get("/customers/C1/identities").json()["identities"]
        undone = specialist.post(f"/merges/{merged['id']}/undo", {})

        assert (looked["customers"], looked["new"]) == (2, 1)
        assert {pair["customer"], pair["other"]} == {"C1", "C2"}
        assert {"system": "erp", "code": "10077"} in known
        assert {"system": "merged", "code": "C2"} in known
        assert undone.status_code == 200
        assert specialist.get("/customers/C1/identities").json()["identities"] == []

    def test_a_code_of_a_system_is_one_customer(self, specialist):
        specialist.post("/customers/C1/identities", {"system": "erp", "code": "7"})

        refused = specialist.post("/customers/C2/identities", {"system": "erp", "code": "7"})

        assert refused.status_code == 409

    def test_an_auditor_does_not_merge(self, specialist, client, company):
        auditor = Caller(client, company, Role.AUDITOR)

        assert auditor.post("/merges", {"keep": "C1", "absorbed": "C2"}).status_code == 403


class TestRelations:
    def test_are_told_with_what_is_at_risk(self, specialist):
        found = specialist.get("/customers/C1/relations").json()

        assert (found["ties"], found["rings"], found["at_risk"]) == ([], [], {})
