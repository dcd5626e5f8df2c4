"""Published policies."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tradecredit.flows.policy import publish_policy
from tradecredit.plumbing.access import Actor

if TYPE_CHECKING:
    from tradecredit.apps.decisions.policies import StoredPolicy
    from tradecredit.plumbing.access.models import Company


def published(
    company: Company, *, pack: str = "five-pillars", valid_from: date = date(2024, 1, 1), document: Any = None
) -> StoredPolicy:
    """Publish a pack (or a given document) for the company."""
    if document is None:
        from tradecredit.integrations import policy_packs

        document = policy_packs.load_pack(pack)
    return publish_policy.publish_policy(
        company=company, document=document, valid_from=valid_from, reason="test", actor=Actor.system("test")
    )
