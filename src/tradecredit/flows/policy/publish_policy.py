"""Publish a policy pack for a company from a day on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.apps.decisions import policies
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

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
        stored = policies.publish(
            company_id=company.pk,
            document=document,
            valid_from=valid_from,
            reason=reason,
            published_by_id=actor.user_id,
            approved_by_id=(approved_by or actor).user_id,
        )
        log.append(company_id=company.pk, actor=actor, entries=[_entry(stored, reason=reason)])
    return stored


def _entry(stored: policies.StoredPolicy, *, reason: str) -> log.NewEntry:
    words = Words(
        zh=f"政策包 {stored.pack} 第 {stored.number} 版自 {stored.valid_from} 起生效：{reason}",
        en=f"Policy pack {stored.pack}, version {stored.number}, in force from {stored.valid_from}: {reason}",
    )
    return log.NewEntry(
        stream=f"policy:{stored.company_id}",
        kind="policy.published",
        words=words,
        payload={"sha256": stored.sha256, "number": stored.number},
    )
