"""The Null twin: remembers what it was given and sends nothing."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Carried:
    """A message as it was handed over."""

    recipient: str
    subject: str
    body: str
    message_id: str


@dataclass(slots=True)
class NullMailer:
    """Keeps messages in memory, each identifier once."""

    carried: dict[str, Carried] = field(default_factory=dict)

    def send(self, *, recipient: str, subject: str, body: str, message_id: str) -> None:
        """Remember the message."""
        self.carried.setdefault(
            message_id, Carried(recipient=recipient, subject=subject, body=body, message_id=message_id)
        )
