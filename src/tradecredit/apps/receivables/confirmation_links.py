"""The links under which customers answer statements of account.

Note [Links of statements]
The link carries a token that is made from the statement, the end of its time and the installation's secret; of the
token itself only the digest is stored. So whoever reads the database (or a backup of it) cannot answer for a customer,
and a person who may send statements can look the link up again. Another link can be made: it ends the one before. A mail
with the link waits in the outbox with ``{token}`` in its place, is filled in as it leaves, and is kept without it.
"""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import TYPE_CHECKING, Final

from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

PLACE: Final = "{token}"
# What a mail that carries a link names as its cause.
CAUSE: Final = "statement"


def token_of(*, statement_id: UUID, expires_at: datetime) -> str:
    """Return the token of a statement's link; see Note [Links of statements]."""
    said = f"{statement_id}:{expires_at.astimezone(UTC).isoformat(timespec='microseconds')}"
    return salted_hmac("tradecredit.statement", said, algorithm="sha256").hexdigest()


def digest_of(token: str) -> str:
    """Return what is stored of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def filled(text: str, *, statement_id: UUID, expires_at: datetime) -> str:
    """Return the text with the token where its place is."""
    return text.replace(PLACE, token_of(statement_id=statement_id, expires_at=expires_at))
