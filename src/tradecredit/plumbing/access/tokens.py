"""Bearer tokens: shown once, kept as a hash, acting in the name of their user."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tradecredit.plumbing.access.models import ApiToken

if TYPE_CHECKING:
    from tradecredit.plumbing.access.models import User

_PREFIX = "tc_"
_USE_NOTED_EVERY = timedelta(minutes=5)


def create(*, user: User, moment: datetime, days: int | None, role: str = "", name: str = "") -> str:
    """Create a token of the user, limited to one of its roles when ``role`` is given; returns it, once."""
    token = _PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=user,
        name=name,
        role=role,
        token_hash=_hash(token),
        created_at=moment,
        expires_at=moment + timedelta(days=days) if days else None,
    )
    return token


def find(*, token: str, moment: datetime) -> ApiToken | None:
    """Return the live token, or None when it is unknown, expired, revoked, or its user was switched off."""
    found = ApiToken.objects.select_related("user").filter(token_hash=_hash(token)).first()
    if found is None or found.revoked_at is not None or not found.user.is_active:
        return None
    if found.expires_at is not None and found.expires_at <= moment:
        return None
    if found.latest_use_at is None or moment - found.latest_use_at > _USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=found.pk).update(latest_use_at=moment)
    return found


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
