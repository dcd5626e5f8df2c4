"""The fake bureau: one server that plays all described providers, checks their signatures and goes wrong on request."""

from __future__ import annotations

import json
import random
import threading
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from tradecredit.core.dossier.bureau.answers import Act
from tradecredit.integrations import environment_secrets, local_server
from tradecredit.integrations.bureaus import descriptions, signing
from tradecredit.integrations.bureaus.fake import faults, shapes, world
from tradecredit.integrations.bureaus.fake.faults import FakeReply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from wsgiref.simple_server import WSGIServer

    from tradecredit.integrations.bureaus.descriptions import Description, Report
    from tradecredit.integrations.bureaus.fake.world import Item

_SILENT_SECONDS: Final = 30


class FakeBureau:
    """Answers as the providers document it; ``rate`` of the answers carry one of the ``faults``, by the seed's dice."""

    def __init__(
        self,
        *,
        faulty: Sequence[str] = (),
        rate: float = 0.0,
        seed: int = 1,
        name_of: Callable[[str], str] | None = None,
        known: Callable[[str, str], Sequence[Item] | None] | None = None,
    ) -> None:
        self._faulty = tuple(faulty)
        self._rate = rate
        self._dice = random.Random(seed)
        self._lock = threading.Lock()
        self._name_of = name_of or (lambda subject: subject if len(subject) != _USCC_LENGTH else "")
        self._known = known
        self._places: dict[str, tuple[Description, list[Report]]] = {}
        for description in map(descriptions.load, descriptions.NAMES):
            for report in description.reports.values():
                self._places.setdefault(report.path, (description, []))[1].append(report)
        self.calls = 0

    def answer(self, *, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> FakeReply:
        """Return the answer to one request; header names are lower case."""
        with self._lock:
            self.calls += 1
            is_faulty = bool(self._faulty) and self._dice.random() < self._rate
            fault = self._dice.choice(self._faulty) if is_faulty else ""
        place = self._places.get(path.rstrip("/"))
        if place is None:
            return FakeReply(status=404, body=b'{"message": "no such address"}')
        description, reports = place
        refused = _refused(description, query, headers)
        if refused:
            document = shapes.envelope(description, reports[0], code=refused)
        else:
            document = self._document(description, reports[0], query)
            # One address may answer several kinds at once, each in a list of its own.
            for report in reports[1:]:
                more = self._document(description, report, query)[description.result] or {}
                document[description.result] = {**(document[description.result] or {}), **more}
        if fault:
            with self._lock:
                return faults.spoil(fault, document=document, description=description, dice=self._dice)
        return FakeReply(body=json.dumps(document, ensure_ascii=False).encode())

    def _document(self, description: Description, report: Report, query: Mapping[str, str]) -> dict[str, Any]:
        subject = query.get(report.subject, "")
        if not subject:
            return shapes.envelope(description, report, code=_code_of(description, Act.REFUSED))
        found = self._known(subject, report.kind) if self._known else None
        if found is None:
            found = world.about(subject, report.kind, name=self._name_of(subject))
        if not found:
            return shapes.envelope(description, report, code=_code_of(description, Act.EMPTY))
        page, start = _place(description, query)
        items = found[start : start + description.paging.size_max]
        code = _code_of(description, Act.DONE)
        return shapes.envelope(description, report, code=code, items=items, total=len(found), page=page)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Serve as a WSGI application."""
        headers = {
            key[5:].replace("_", "-").lower(): value
            for key, value in environ.items()
            if key.startswith("HTTP_")
        }
        query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        reply = self.answer(path=path, query=query, headers=headers)
        if reply.is_silent:
            time.sleep(_SILENT_SECONDS)
        status = f"{reply.status} {HTTPStatus(reply.status).phrase}"
        start_response(status, [("Content-Type", "application/json; charset=utf-8")])
        return [reply.body]


_USCC_LENGTH: Final = 18


def serve(bureau: FakeBureau, *, host: str, port: int) -> WSGIServer:
    """Return a server of the fake bureau, bound and ready for ``serve_forever``."""
    return local_server.serve(bureau, host=host, port=port)


def _place(description: Description, query: Mapping[str, str]) -> tuple[int, int]:
    """Return the page asked for and where it begins."""
    paging = description.paging
    if paging.skip:
        text = query.get(paging.skip, "0")
        start = int(text) if text.isdecimal() else 0
        return start // paging.size_max + 1, start
    text = query.get(paging.page, "1")
    page = max(int(text), 1) if text.isdecimal() else 1
    return page, (page - 1) * paging.size_max


def _refused(description: Description, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """Return the code for a call whose token or signature is wrong, else nothing."""
    auth = description.auth
    secret = environment_secrets.from_environment(auth.secret)
    if auth.kind == "token":
        sent = headers.get(auth.header.lower(), "")
        is_right = sent == auth.prefix + secret.reveal() if secret else len(sent) > len(auth.prefix)
        return "" if is_right else _code_of(description, Act.STOPPED)
    source = query if auth.key_place == "query" else headers
    key = source.get(auth.key_name if auth.key_place == "query" else auth.key_name.lower(), "")
    moment = headers.get(auth.time_header.lower(), "")
    sign = headers.get(auth.sign_header.lower(), "")
    wanted = signing.signature(key=key, time=moment, secret=secret, is_upper=auth.is_upper)
    is_right = bool(key and moment and sign) and (not secret or sign == wanted)
    return "" if is_right else _code_of(description, Act.STOPPED)


def _code_of(description: Description, act: Act) -> str:
    return next(code for code, known in description.codes.items() if known.act is act)
