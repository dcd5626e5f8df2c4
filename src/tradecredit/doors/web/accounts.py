"""Sign-in rules: accounts are made by an administrator, never by a visitor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter

if TYPE_CHECKING:
    from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """No sign-up from the outside."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Tell allauth that strangers cannot make accounts."""
        return False
