"""Other systems over the interface: described, asked to be read, compared; foreign roles refused."""

from __future__ import annotations

import json

import pytest

from factories import companies
from factories import erps as fakes
from tradecredit.flows import ports
from tradecredit.flows.sources import sync_source
from tradecredit.flows.sources.erps import Erps
from tradecredit.integrations.erps.fake import world
from tradecredit.integrations.erps.fake.erp import FakeErp
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db
BODY = {
    "system": "odoo",
    "label": "Odoo",
    "settings": {"base_url": fakes.BASE, "database": "books"},
    "kinds": ["customers", "invoices"],
}


@pytest.fixture
def erps(monkeypatch):
    fakes.let_in(monkeypatch)
    found = fakes.erps(FakeErp("odoo", world.invented(customers=2, invoices=3)))
    real = ports.find
    monkeypatch.setattr(ports, "find", lambda port: found if port is Erps else real(port))
    return found


@pytest.fixture
def caller(client, company):
    def caller(role):
        actor = companies.person(company, role)
        token = tokens.create(user=User.objects.get(pk=actor.user_id), moment=clock.now(), days=1)

        def send(method, path, body=None):
            options = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
            headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en", "Idempotency-Key": path}
            return getattr(client, method)(f"/api/v1{path}", headers=headers, **options)

        return send

    return caller


def test_a_source_is_described_read_and_compared(caller, erps, company):
    admin = caller(Role.ADMIN)

    kept = admin("put", "/sources/erp", BODY)
    due = admin("post", "/sources/erp/sync", {})
    sync_source.sync_source(company=company, code="erp", actor=Actor.system("test"), erps=erps)
    (listed,) = admin("get", "/sources").json()["sources"]
    compared = admin("get", "/sources/erp/reconciliation?from=2026-01-01&to=2026-06-01").json()

    assert (kept.status_code, due.status_code) == (200, 202)
    assert {one["kind"]: one["read"] for one in listed["progress"]} == {"customers": 2, "invoices": 3}
    assert listed["missing_secrets"] == []
    assert [(one["kind"], one["equal"], len(one["days"])) for one in compared["kinds"]] == [
        ("invoices", True, 3)
    ]
    assert compared["kinds"][0]["days"][0]["ours"] == {"count": 1, "sum": "101.5000"}


def test_foreign_roles_and_unknown_sources_are_refused(caller, erps):
    admin, sales = caller(Role.ADMIN), caller(Role.SALES)

    assert sales("get", "/sources").status_code == 403
    assert sales("put", "/sources/erp", BODY).status_code == 403
    assert admin("post", "/sources/none/sync", {}).status_code == 404
    assert admin("get", "/sources/none/reconciliation?from=2026-01-01&to=2026-02-01").status_code == 404
    wrong = admin("put", "/sources/erp", {**BODY, "kinds": ["parcels"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "source_badly_described")
