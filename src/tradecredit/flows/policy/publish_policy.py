"""Publish a policy pack for a company from a day on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.apps.decisions import policies
from tradecredit.core.kernel import document_changes
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.kernel.document_changes import Change
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToPublishPolicyError(UnableToError):
    """Publishing needs a second person."""

    code = "policy_needs_second_person"
    status = 403


def publish_policy(
    *,
    company: Company,
    document: Mapping[str, Any],
    valid_from: date,
    reason: str,
    actor: Actor,
    approved_by: Actor | None = None,
) -> policies.StoredPolicy:
    """Publish a checked document; people publish with a second person, the system (set-up) alone.

    Raises UnableToPublishPolicyError when the approver is missing or is the publisher.
    """
    if not actor.is_system and (approved_by is None or approved_by.user_id == actor.user_id):
        raise UnableToPublishPolicyError(
            Words(
                zh="发布政策需要第二个人批准；请由另一位有权限的同事批准。",
                en="Publishing a policy needs a second person: have another authorised colleague approve it.",
            )
        )
    with db.unit_of_work(actor):
        return record(
            company_id=company.pk,
            document=document,
            valid_from=valid_from,
            reason=reason,
            published_by_id=actor.user_id,
            approved_by=approved_by or actor,
        )


def record(
    *,
    company_id: UUID,
    document: Mapping[str, Any],
    valid_from: date,
    reason: str,
    published_by_id: UUID,
    approved_by: Actor,
) -> policies.StoredPolicy:
    """Write the version and, in the log, what it changes; for flows that have made sure of the second person."""
    before = next(iter(policies.versions(company_id=company_id)), None)
    stored = policies.publish(
        company_id=company_id,
        document=document,
        valid_from=valid_from,
        reason=reason,
        published_by_id=published_by_id,
        approved_by_id=approved_by.user_id,
    )
    changed = () if before is None else document_changes.changes(before.document, stored.document)
    log.append(company_id=company_id, actor=approved_by, entries=[_entry(stored, changed)])
    return stored


def _entry(stored: policies.StoredPolicy, changed: Sequence[Change]) -> log.NewEntry:
    words = Words(
        zh="政策包 {pack} 第 {number} 版自 {day} 起生效, 改动 {count} 处: {reason}",
        en="Policy pack {pack}, version {number}, in force from {day}, {count} changes: {reason}",
    )
    return log.NewEntry(
        stream=f"policy:{stored.company_id}",
        kind="policy.published",
        words=words.filled(
            pack=stored.pack,
            number=stored.number,
            day=stored.valid_from,
            count=len(changed),
            reason=stored.reason,
        ),
        payload={
            "sha256": stored.sha256,
            "number": stored.number,
            "changes": [change.as_dict() for change in changed],
        },
    )
