"""Serve the fake ERP for the command line."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from tradecredit.integrations import local_server
from tradecredit.integrations.erps import descriptions
from tradecredit.integrations.erps.fake import world
from tradecredit.integrations.erps.fake.erp import FAULTS, FakeErp
from tradecredit.integrations.erps.fake.wire import SECRET, USER, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_SILENT_SECONDS: Final = 60


class ServedFakeErp:
    """The fake ERP behind its port."""

    def systems(self) -> Sequence[str]:
        """Return the systems that it can play."""
        return descriptions.NAMES

    def faults(self) -> Sequence[str]:
        """Return the ways in which it can go wrong."""
        return FAULTS

    def credentials(self) -> tuple[str, str]:
        """Return the user (or key) and the secret that it takes."""
        return USER, SECRET

    def serve(
        self,
        *,
        system: str,
        host: str,
        port: int,
        customers: int,
        invoices: int,
        faulty: Sequence[str],
        rate: float,
    ) -> None:
        """Answer until interrupted, from invented books of this size."""
        books = world.invented(customers=customers, invoices=invoices)
        fake = FakeErp(system, books, faulty=faulty, rate=rate)
        with local_server.serve(application(fake), host=host, port=port) as server:
            server.serve_forever()


def application(fake: FakeErp) -> Callable[..., Iterable[bytes]]:
    """Return the fake as a WSGI application."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        headers = {
            key[5:].replace("_", "-").lower(): value
            for key, value in environ.items()
            if key.startswith("HTTP_")
        }
        answered = fake.answer(
            Request(
                method=environ["REQUEST_METHOD"],
                path=environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
                query=dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
                headers=headers,
                body=environ["wsgi.input"].read(length) if length else b"",
            )
        )
        if answered.is_silent:
            time.sleep(_SILENT_SECONDS)
        status = f"{answered.status} {HTTPStatus(answered.status).phrase}"
        sent = {"Content-Type": "application/json; charset=utf-8", **answered.headers}
        start_response(status, list(sent.items()))
        return [answered.body]

    return answer
