"""Published policies."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from tradecredit.flows.policy import publish_policy
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.apps.decisions.policies import StoredPolicy
    from tradecredit.plumbing.access.models import Company


@cache
def shipped(pack: str = "five-pillars") -> Mapping[str, Any]:
    """Return a pack that ships, read once a process; nobody changes it."""
    from tradecredit.integrations import policy_packs

    return policy_packs.load_pack(pack)


def published(
    company: Company, *, pack: str = "five-pillars", valid_from: date = date(2024, 1, 1), document: Any = None
) -> StoredPolicy:
    """Publish a pack; or a given document as it is, with no more sections than a test needs."""
    actor = Actor.system("test")
    if document is None:
        return publish_policy.publish_policy(
            company=company,
            document=shipped(pack),
            valid_from=valid_from,
            reason="test",
            actor=actor,
        )
    with db.unit_of_work(actor):
        return publish_policy.record(
            company_id=company.pk,
            document=document,
            valid_from=valid_from,
            reason="test",
            published_by_id=actor.user_id,
            approved_by=actor,
        )
