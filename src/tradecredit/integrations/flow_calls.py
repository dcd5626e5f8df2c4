"""Interfaces that approval flows may ask: their addresses stand in the environment of the server, in no diagram.

``TRADECREDIT_FLOW_CALL_<NAME>_URL`` registers one, ``…_TOKEN`` is sent as its bearer token. It is sent the facts of the
flow as a JSON object by POST and answers with one, within eight seconds.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any, Final

from tradecredit.integrations import environment_secrets, guarded_http

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.integrations.guarded_http import GuardedClient

_VARIABLE: Final = re.compile(r"TRADECREDIT_FLOW_CALL_([A-Z0-9_]+)_URL")
_TAKEN: Final = 200


class RegisteredCalls:
    """The interfaces named in the environment."""

    def __init__(self, *, client: GuardedClient | None = None) -> None:
        self._client = client or guarded_http.GuardedClient()

    def names(self) -> tuple[str, ...]:
        """Return the names under which interfaces are registered, in lower case."""
        found = (_VARIABLE.fullmatch(variable) for variable in sorted(os.environ))
        return tuple(one[1].lower() for one in found if one is not None)

    def ask(self, name: str, facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what the interface answers; None where it is not registered, late, or answers no object."""
        if name not in self.names():
            return None
        prefix = f"TRADECREDIT_FLOW_CALL_{name.upper()}"
        token = environment_secrets.from_environment(f"{prefix}_TOKEN")
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token.reveal()}"
        answer = self._client.send(
            "POST",
            os.environ[f"{prefix}_URL"],
            headers=headers,
            body=json.dumps(dict(facts), ensure_ascii=False).encode(),
        )
        if answer.failure or answer.status != _TAKEN:
            return None
        try:
            document = guarded_http.document_of(answer.body)
        except ValueError:
            return None
        return document if isinstance(document, dict) else None
