"""Six people who read their tasks over HTTP and decide them, whatever happens to the server meanwhile."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tradecredit.doors.cli.proving import ground, serving_child

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tradecredit.doors.cli.proving.ground import Ground

_PAUSE_SECONDS: Final = 0.2
_PATIENCE_SECONDS: Final = 20
_MOST_TOGETHER: Final = 4
_SHARE_SINGLE: Final = 0.5
_SHARE_AGAIN: Final = 0.1
_SERVER_ERROR: Final = 500
_CREATED: Final = 201


@dataclass(slots=True)
class Voters:
    """The people with their tokens; ``again_counted`` are votes that counted a second time under another key."""

    base: str
    tokens: Mapping[str, str]
    draw: random.Random
    answered: int = 0
    broken: int = 0
    server_errors: int = 0
    again: int = 0
    again_counted: int = 0
    unexpected: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def voting(self) -> Iterator[None]:
        """Let them decide behind what the caller does."""
        thread = threading.Thread(target=self._go_on, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join(timeout=_PATIENCE_SECONDS * 2)

    def _go_on(self) -> None:
        try:
            while not self._over.is_set():
                if not sum(self._turn_of(role) for role in self.tokens):
                    time.sleep(_PAUSE_SECONDS)
        except Exception as error:  # noqa: BLE001 - a thread's end is a finding, whatever ended it
            self.unexpected.append(f"{type(error).__name__}: {error}"[:300])

    def _turn_of(self, role: str) -> int:
        """Let one person decide what waits for them, some alone and some together; returns how many it was."""
        found = self._ask(role, "GET", f"/api/v1/approvals/tasks?company={ground.COMPANY_CODE}")
        tasks = [] if found is None else [str(one["id"]) for one in found[1].get("tasks", ())]
        left = list(tasks)
        while left and not self._over.is_set():
            if self.draw.random() < _SHARE_SINGLE:
                self._decide(role, left.pop())
            else:
                chunk = [left.pop() for _ in range(min(self.draw.randint(1, _MOST_TOGETHER), len(left)))]
                self._decide_together(role, chunk)
        return len(tasks)

    def _decide(self, role: str, request: str) -> None:
        """Decide one; when the server dies before it answers, ask again under the same key until it does."""
        path, body = f"/api/v1/approvals/tasks/{request}/decide", {"approves": True, "reason": "proof"}
        found = None
        while found is None and not self._over.is_set():
            found = self._ask(role, "POST", path, body, key=f"{request}-{role}")
        if found is not None and found[0] == _CREATED and self.draw.random() < _SHARE_AGAIN:
            again = self._ask(role, "POST", path, body, key=f"{request}-{role}-again")
            self.again += again is not None
            self.again_counted += again is not None and again[0] == _CREATED

    def _decide_together(self, role: str, requests: list[str]) -> None:
        body = {
            "company": ground.COMPANY_CODE,
            "requests": requests,
            "approves": True,
            "reason": "proof",
        }
        self._ask(role, "POST", "/api/v1/approvals/tasks/decide-together", body, key="-".join(requests)[:100])

    def _ask(
        self, role: str, method: str, path: str, body: Mapping[str, Any] | None = None, *, key: str = ""
    ) -> tuple[int, dict[str, Any]] | None:
        """Ask the server; None when it did not answer, or with a fault of its own."""
        request = urllib.request.Request(  # noqa: S310 - our own server
            self.base + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.tokens[role]}",
                "Content-Type": "application/json",
                "Accept-Language": "en",
                **({"Idempotency-Key": key} if key else {}),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310 - as above
                self.answered += method == "POST"
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            return self._refused(refusal)
        except (OSError, ValueError, http.client.HTTPException):
            # No answer, or half of one: the server was killed.
            self.broken += 1
        time.sleep(_PAUSE_SECONDS)
        return None

    def _refused(self, refusal: urllib.error.HTTPError) -> tuple[int, dict[str, Any]] | None:
        if refusal.code >= _SERVER_ERROR:
            self.server_errors += 1
            time.sleep(_PAUSE_SECONDS)
            return None
        return refusal.code, {}


def engaged(place: Ground, *, port: int, seed: int) -> Voters:
    """Return the six people whom the proof's flow asks, each with a token limited to their role."""
    from tradecredit.flows import set_up_company
    from tradecredit.flows.rehearsal import run_flows

    run_flows.engage(place.company)
    tokens = {
        role: set_up_company.create_token(email=run_flows.address(role), role=role, days=1)
        for role in run_flows.ROLES
    }
    draw = random.Random(seed)  # noqa: S311 - a seeded proof, no secret
    return Voters(base=f"http://{serving_child.HOST}:{port}", tokens=tokens, draw=draw)
