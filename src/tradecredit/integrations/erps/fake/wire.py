"""Requests to the fake and its answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradecredit.integrations.erps.fake import shapes

if TYPE_CHECKING:
    from collections.abc import Mapping

USER, SECRET = "fake-user", "fake-secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it came; header names are lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    def document(self) -> Any:
        """Return the JSON of the body."""
        return json.loads(self.body) if self.body else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back; a silent one goes never."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    is_silent: bool = False


def of(document: Any, *, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer with a JSON document."""
    return Answer(body=shapes.dumped(document).encode(), headers=headers or {})
