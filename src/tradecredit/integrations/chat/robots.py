"""Robots that put messages into chat groups: their addresses and secrets stand in the environment of the server.

``TRADECREDIT_CHAT_WECOM_URL``, ``…_DINGTALK_URL`` and ``…_FEISHU_URL`` name them, ``…_SECRET`` signs where the robot
wants it.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from tradecredit.integrations import environment_secrets, guarded_http
from tradecredit.integrations.chat.dialects import DIALECTS, Dialect, Letter
from tradecredit.integrations.mail import folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tradecredit.integrations.environment_secrets import Secret
    from tradecredit.integrations.guarded_http import GuardedClient

_TAKEN: Final = 200
_PREFIX: Final = "TRADECREDIT_CHAT_"


class UnableToChatError(RuntimeError):
    """The chat did not take the message; the address stands in no message of ours, since it holds a key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """One robot of a chat."""

    dialect: Dialect
    address: Secret
    secret: Secret
    client: GuardedClient

    def send(self, *, recipient: str, subject: str, body: str, message_id: str) -> None:
        """Put a message into the group, for the mobile number; raises UnableToChatError."""
        del message_id
        letter = Letter(title=subject, text=body, mobile=recipient if recipient.isdecimal() else "")
        sending = self.dialect.compose(letter, self.secret.reveal(), time.time_ns() // 1_000_000)
        answer = self.client.send(
            "POST",
            _with_query(self.address.reveal(), sending.query),
            headers={"Content-Type": "application/json; charset=utf-8"},
            body=json.dumps(sending.body, ensure_ascii=False).encode(),
        )
        if answer.failure or answer.status != _TAKEN:
            raise UnableToChatError(answer.failure or f"status {answer.status}")
        said = guarded_http.document_of(answer.body)
        code = said.get(self.dialect.code) if isinstance(said, dict) else None
        if code != 0:
            raise UnableToChatError(f"the chat answered {code}")


class Robots:
    """The chats whose robots are named in the environment."""

    def __init__(self, *, client: GuardedClient | None = None) -> None:
        self._client = client or guarded_http.GuardedClient()

    def names(self) -> tuple[str, ...]:
        """Return the chats that are set up."""
        return tuple(name for name in DIALECTS if os.environ.get(f"{_PREFIX}{name.upper()}_URL", "").strip())

    def room(self, name: str) -> Robot:
        """Return a chat's robot."""
        variable = f"{_PREFIX}{name.upper()}"
        return Robot(
            dialect=DIALECTS[name],
            address=environment_secrets.from_environment(f"{variable}_URL"),
            secret=environment_secrets.from_environment(f"{variable}_SECRET"),
            client=self._client,
        )


@dataclass(frozen=True, slots=True)
class FolderRobots:
    """The chat of sandbox companies: its messages are written into a folder, nothing leaves."""

    base: Path

    def names(self) -> tuple[str, ...]:
        """Return the one chat that a sandbox has."""
        return ("wecom",)

    def room(self, name: str) -> folder.FolderMailer:
        """Return who keeps its messages."""
        return folder.FolderMailer(self.base / name)


def _with_query(address: str, query: Mapping[str, str]) -> str:
    if not query:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
