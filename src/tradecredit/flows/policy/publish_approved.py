"""Carry out what people decided about a draft: publish it, or leave it to its author."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.policy import draft_policy
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.flows.orders.record_release import Terms
    from tradecredit.plumbing.access import Actor


def release_approved(
    *, request: RequestRecord, terms: Terms, actor: Actor, as_of: date | None
) -> UUID | None:
    """Publish the draft that was asked about; raises UnableToPublishDraftError. No decision comes of it."""
    del terms, as_of
    company = Company.objects.get(pk=request.company_id)
    draft_policy.publish_draft(draft_id=request.subject_id, company=company, actor=actor)
    return None


def reject_approved(*, request: RequestRecord, reason: str, actor: Actor) -> None:
    """Leave the draft open for its author, with the refusal on record."""
    words = Words(
        zh="{name} 不同意发布草稿“{title}”：{reason}", en="{name} rejected the draft “{title}”: {reason}"
    )
    entry = log.NewEntry(
        stream=f"policy:{request.company_id}",
        kind="policy.rejected",
        words=words.filled(name=actor.name, title=request.reference, reason=reason),
        payload={"draft": str(request.subject_id)},
    )
    log.append(company_id=request.company_id, actor=actor, entries=[entry])
