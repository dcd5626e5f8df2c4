"""A caller that speaks to the whole front in this process: quick checks before, Django behind, no sockets."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from uuid import uuid4

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from factories import companies
from tradecredit.doors.api.fast_front import Front
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import tokens
from tradecredit.plumbing.access.models import User


@dataclass
class Reply:
    """What came back, and whether Django gave it."""

    status: int
    headers: dict
    body: bytes
    is_from_django: bool

    def json(self):
        return json.loads(self.body)


class Door:
    """The front of one process, with the requests that reached Django counted."""

    def __init__(self):
        behind = WSGIMiddleware(get_wsgi_application(), workers=4)
        self.handed_on = set()

        async def counted(scope, receive, send):
            self.handed_on.add(id(scope))
            await behind(scope, receive, send)

        self.front = Front(counted)

    async def post(self, path, body, *, token, key=None, language="en", **headers):
        content = json.dumps(body).encode() if not isinstance(body, bytes) else body
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": f"/api/v1{path}",
            "raw_path": f"/api/v1{path}".encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [
                (name.encode(), value.encode())
                for name, value in {
                    "host": "localhost",
                    "authorization": f"Bearer {token}",
                    "idempotency-key": key or str(uuid4()),
                    "accept-language": language,
                    "content-type": "application/json",
                    "content-length": str(len(content)),
                    **headers,
                }.items()
            ],
            "client": ("127.0.0.1", 50000),
            "server": ("localhost", 80),
        }
        given = [{"type": "http.request", "body": content, "more_body": False}]
        sent = []

        async def receive():
            if given:
                return given.pop()
            await asyncio.sleep(3600)
            raise AssertionError

        async def send(message):
            sent.append(message)

        await self.front(scope, receive, send)
        body = b"".join(message.get("body", b"") for message in sent[1:])
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Reply(sent[0]["status"], found, body, id(scope) in self.handed_on)


def visited(work):
    """Run what is to be done at a door, and close it."""

    async def run():
        door = Door()
        try:
            return await work(door)
        finally:
            await door.front.close()

    return asyncio.run(run())


def token_of(company, role, **fields):
    actor = companies.person(company, role, **fields)
    return tokens.create(user=User.objects.get(pk=actor.user_id), moment=clock.now(), days=1)
