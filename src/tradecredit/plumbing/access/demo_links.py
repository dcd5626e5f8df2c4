"""Signed one-click entrances for the demo's users; they open nothing outside a sandbox installation."""

from __future__ import annotations

from django.core import signing

from tradecredit.plumbing.access.models import Company, User

_SALT = "tradecredit.demo"
_MAX_AGE_SECONDS = 30 * 24 * 3600


def token_for(user: User) -> str:
    """Return the signed token of a demo user's entrance ``/demo/enter/<token>``."""
    return signing.dumps({"user": str(user.pk)}, salt=_SALT)


def user_of(token: str) -> User | None:
    """Return the demo user of a token; None when it is forged, old, or the installation holds real companies only."""
    try:
        content = signing.loads(token, salt=_SALT, max_age=_MAX_AGE_SECONDS)
    except signing.BadSignature:
        return None
    if not Company.objects.filter(is_sandbox=True).exists():
        return None
    return User.objects.filter(pk=content["user"], is_demo=True, is_active=True).first()
