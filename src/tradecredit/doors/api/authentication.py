"""Who calls the API: a bearer token, or the browser's session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja.security import HttpBearer, SessionAuth

from tradecredit.plumbing import clock
from tradecredit.plumbing.access import people, tokens

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tradecredit.plumbing.access import Actor


class BearerAuth(HttpBearer):
    """``Authorization: Bearer tc_…``; sets ``request.actor``."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the token's actor, or None (401)."""
        found = tokens.find(token=token, moment=clock.real_now())
        if found is None:
            return None
        actor = people.actor_of(found.user, only_role=found.role)
        request.actor = actor  # type: ignore[attr-defined] # read by the routes
        return actor


class _SessionActor(SessionAuth):
    """The signed-in browser; the pages' middleware has already set ``request.actor``."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any | None:  # noqa: ARG002 - ninja's signature
        """Return the session's actor, or None (401)."""
        return getattr(request, "actor", None)


session_auth = _SessionActor(csrf=True)
