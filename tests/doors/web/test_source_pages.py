"""The page of other systems: describing one, its live status, comparing both sides; no secret is ever shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factories import erps as fakes
from tradecredit.flows import ports
from tradecredit.flows.sources import sync_source
from tradecredit.flows.sources.erps import Erps
from tradecredit.integrations.erps.fake import wire, world
from tradecredit.integrations.erps.fake.erp import FakeErp
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role

if TYPE_CHECKING:
    from tradecredit.plumbing.access.models import Company

pytestmark = pytest.mark.django_db
FORM = {
    "system": "rest",
    "code": "erp",
    "label": "示例ERP",
    "set_base_url": fakes.BASE,
    "kinds": ["customers", "invoices"],
    "every_minutes": "5",
    "writes_back": "1",
}


@pytest.fixture
def erps(monkeypatch):
    fakes.let_in(monkeypatch)
    found = fakes.erps(FakeErp("rest", world.invented(customers=3, invoices=4)))
    real = ports.find
    monkeypatch.setattr(ports, "find", lambda port: found if port is Erps else real(port))
    return found


def test_a_source_is_described_read_and_compared(house, erps, company: Company):
    keeper = house.client(Role.FINANCE_MANAGER)

    shown = keeper.get("/sources", {"system": "rest"}).content.decode()
    kept = keeper.post("/sources", FORM, follow=True)
    reports = sync_source.sync_source(company=company, code="erp", actor=Actor.system("test"), erps=erps)
    listed = keeper.get("/sources").content.decode()
    page = house.client(Role.FINANCE_MANAGER, language="en").get(
        "/sources/erp", {"from": "2026-01-01", "to": "2026-06-01"}
    )

    assert 'name="set_base_url"' in shown
    assert kept.redirect_chain == [("/sources/erp", 302)]
    assert [(one.kind, one.read) for one in reports] == [("customers", 3), ("invoices", 4)]
    assert "示例ERP" in listed
    text = page.content.decode()
    assert text.count("<td>equal</td>") == 4
    for secret in (wire.SECRET, wire.USER):
        assert secret not in text + listed + kept.content.decode()


def test_what_is_wrong_is_said_and_nothing_kept(house, erps):
    keeper = house.client(Role.FINANCE_MANAGER)

    refused = keeper.post("/sources", {**FORM, "set_base_url": "http://elsewhere.example.com"}, follow=True)

    assert "TRADECREDIT_SOURCE_HOSTS" in refused.content.decode()
    assert keeper.get("/sources/erp").status_code == 404


def test_only_some_may_keep_or_see_sources(house, erps):
    assert house.client(Role.SALES).get("/sources").status_code == 403
    seen = house.client(Role.AUDITOR).get("/sources")
    refused = house.client(Role.AUDITOR).post("/sources", FORM, follow=True)

    assert seen.status_code == 200
    assert 'data-test="systems"' not in seen.content.decode()
    assert house.client(Role.AUDITOR).get("/sources/erp").status_code == 404
    assert refused.status_code == 200


def test_reading_now_makes_it_due(house, erps, company: Company):
    keeper = house.client(Role.FINANCE_MANAGER)
    keeper.post("/sources", FORM)
    with clock.visits():
        sync_source.sync_source(company=company, code="erp", actor=Actor.system("test"), erps=erps)

    answered = keeper.post("/sources/erp/sync", {"again": "1"}, follow=True)

    assert answered.status_code == 200
    assert "已安排" in answered.content.decode()
