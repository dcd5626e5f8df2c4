"""The demo's entrances by role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.plumbing.access import demo_links
from tradecredit.plumbing.access.models import User

if TYPE_CHECKING:
    from collections.abc import Mapping


def entrances() -> Mapping[str, str]:
    """Return mail address → path of the signed entrance, for every demo user."""
    users = User.objects.filter(is_demo=True, is_active=True).order_by("created_at")
    return {user.email: f"/demo/enter/{demo_links.token_for(user)}" for user in users}
