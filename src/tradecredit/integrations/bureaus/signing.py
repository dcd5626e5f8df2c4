"""Sign calls with secrets from the environment; a secret is never shown, logged or put into a message."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.integrations.environment_secrets import from_environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tradecredit.integrations.bureaus.descriptions import Auth
    from tradecredit.integrations.environment_secrets import Secret

_MILLISECONDS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What is added to a call: headers and query parameters."""

    headers: Mapping[str, str]
    query: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Signed(headers={sorted(self.headers)}, query={sorted(self.query)})"


def is_ready(auth: Auth) -> bool:
    """Tell whether every secret that the provider asks for is set."""
    wanted = [name for name in (auth.secret, auth.key_variable) if name]
    return all(from_environment(name) for name in wanted)


def signed(auth: Auth, *, moment: datetime) -> Signed:
    """Return what is added to a call at a moment."""
    secret = from_environment(auth.secret)
    if auth.kind == "token":
        return Signed(headers={auth.header: auth.prefix + secret.reveal()}, query={})
    key = from_environment(auth.key_variable).reveal()
    seconds = moment.timestamp()
    time = str(int(seconds * _MILLISECONDS) if auth.is_in_milliseconds else int(seconds))
    sign = signature(key=key, time=time, secret=secret, is_upper=auth.is_upper)
    headers = {**auth.fixed, auth.time_header: time, auth.sign_header: sign}
    query: dict[str, str] = {}
    (query if auth.key_place == "query" else headers)[auth.key_name] = key
    return Signed(headers=headers, query=query)


def signature(*, key: str, time: str, secret: Secret, is_upper: bool) -> str:
    """Return the hex MD5 of key, time and secret, which is what these providers ask for."""
    text = key + time + secret.reveal()
    # The providers demand MD5; it protects nothing of ours.
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return digest.upper() if is_upper else digest
