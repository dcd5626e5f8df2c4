"""A fake ERP behind a client without a network, and connections to it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl
from uuid import UUID

import httpx

from tradecredit.apps.sources.queries import ConnectionRecord
from tradecredit.integrations.erps.fake import wire
from tradecredit.integrations.erps.systems import DescribedErps, variable_of
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    import pytest

    from tradecredit.integrations.erps.fake.erp import FakeErp

BASE = "http://erp.example.com"
SETTINGS = {
    "tryton": {"database": "books"},
    "odoo": {"database": "books"},
    "erpnext": {"company": "示例机电"},
    "kingdee": {"account_set": "20260101"},
    "yonbip": {"terms_days": "30"},
    "sap": {"credit_segment": "0001"},
    "rest": {},
}


def erps(fake: FakeErp) -> DescribedErps:
    """All described systems, answered by the fake."""

    def handle(request: httpx.Request) -> httpx.Response:
        answered = fake.answer(
            wire.Request(
                method=request.method,
                path=request.url.path,
                query=dict(parse_qsl(request.url.query.decode(), keep_blank_values=True)),
                headers=dict(request.headers),
                body=request.content,
            )
        )
        if answered.is_silent:
            raise httpx.ReadTimeout("silent", request=request)
        return httpx.Response(answered.status, content=answered.body, headers=dict(answered.headers))

    return DescribedErps(httpx.MockTransport(handle), pause=lambda _: None)


def settings_of(system: str) -> dict[str, str]:
    return {"base_url": BASE, **SETTINGS.get(system, {})}


def connection(system: str, **more: object) -> ConnectionRecord:
    values = {
        "id": UUID(int=1),
        "company_id": UUID(int=2),
        "code": "erp",
        "system": system,
        "label": system,
        "settings": settings_of(system),
        "described": "",
        "kinds": (),
        "every_minutes": 5,
        "writes_back": False,
        "is_active": True,
        "changed_at": clock.real_now(),
        "changed_by": "test",
        **more,
    }
    return ConnectionRecord(**values)  # type: ignore[arg-type]


def let_in(monkeypatch: pytest.MonkeyPatch, code: str = "erp") -> None:
    """Name the fake's host and set every secret of a connection."""
    monkeypatch.setenv("TRADECREDIT_SOURCE_HOSTS", "erp.example.com")
    for name in ("USER", "KEY"):
        monkeypatch.setenv(variable_of(code, name), wire.USER)
    for name in ("PASSWORD", "SECRET", "TOKEN"):
        monkeypatch.setenv(variable_of(code, name), wire.SECRET)
