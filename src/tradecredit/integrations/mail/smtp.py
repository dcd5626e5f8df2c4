"""Mail of real companies: handed to the mail server that the environment names."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from tradecredit.integrations.mail import composing

_TIMEOUT_SECONDS = 20
_PORTS = {"smtp": 587, "smtps": 465}


class SmtpAddressError(ValueError):
    """The address of the mail server cannot be read."""


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Sends through one server; ``smtp`` asks for STARTTLS, ``smtps`` speaks TLS from the start."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    is_tls_from_start: bool = False

    @classmethod
    def from_url(cls, url: str) -> SmtpMailer:
        """Read ``smtp://user:password@host:587/?from=credit@example.com``; raises SmtpAddressError."""
        parts = urlsplit(url)
        sender = parse_qs(parts.query).get("from", [""])[0]
        if parts.scheme not in _PORTS or not parts.hostname or not sender:
            raise SmtpAddressError("name the mail server as smtp://user:password@host:587/?from=address")
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            sender=sender,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            is_tls_from_start=parts.scheme == "smtps",
        )

    def send(self, *, recipient: str, subject: str, body: str, message_id: str) -> None:
        """Hand one message to the server; raises what the server or the network raises."""
        message = composing.compose(
            sender=self.sender, recipient=recipient, subject=subject, body=body, message_id=message_id
        )
        with self._connected() as server:
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.is_tls_from_start:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT_SECONDS)
        server.starttls(context=context)
        return server
