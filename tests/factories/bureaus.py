"""A fake bureau behind a wire without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import httpx

from tradecredit.integrations.bureaus import descriptions
from tradecredit.integrations.bureaus.bureaus import DescribedBureaus
from tradecredit.integrations.bureaus.client import BureauClient
from tradecredit.integrations.bureaus.wire import Wire

if TYPE_CHECKING:
    from tradecredit.integrations.bureaus.fake.bureau import FakeBureau


def wire_to(fake: FakeBureau) -> Wire:
    def handle(request: httpx.Request) -> httpx.Response:
        query = dict(parse_qsl(request.url.query.decode(), keep_blank_values=True))
        reply = fake.answer(path=request.url.path, query=query, headers=dict(request.headers))
        if reply.is_silent:
            raise httpx.ReadTimeout("silent", request=request)
        return httpx.Response(reply.status, content=reply.body)

    return Wire(httpx.MockTransport(handle))


def client(name: str, fake: FakeBureau) -> BureauClient:
    return BureauClient(
        descriptions.load(name), wire_to(fake), base="http://fake.example.com", pause=lambda _: None
    )


def bureaus(fake: FakeBureau) -> DescribedBureaus:
    """All described bureaus, answered by the fake."""
    return DescribedBureaus(wire_to(fake), pause=lambda _: None)
