"""Publish a policy pack for a company from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.decisions import policies, simulations
from tradecredit.core.kernel import document_changes
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.policy import begin_policy, check_policy, simulate_policy
from tradecredit.flows.policy.simulate_policy import Slice
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.kernel.document_changes import Change


# How far back pages and reports look by themselves; who asks for a simulation names any period.
REPORTED_DAYS: Final = 90


# The name in a policy's section ``pack`` under which stands the company whose policy it follows.
FOLLOWS: Final = "follows"
_READER: Final = "policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The group's version that a company's follows, and who approved it there."""

    group: policies.Group
    approved_by_id: UUID


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
    check_policy.refuse_unsound(document)
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
    followed: Followed | None = None,
) -> policies.StoredPolicy:
    """Write the version and, in the log, what it changes; for flows that have made sure of the second person.

    ``followed`` is given where the version only follows what two people published in the group.
    """
    before = next(iter(policies.versions(company_id=company_id)), None)
    stored = policies.publish(
        company_id=company_id,
        document=document,
        valid_from=valid_from,
        reason=reason,
        published_by_id=published_by_id,
        approved_by_id=approved_by.user_id if followed is None else followed.approved_by_id,
        group=_group_of(before, document, valid_from) if followed is None else followed.group,
        is_by_group=followed is not None,
    )
    changed = () if before is None else document_changes.changes(before.written, stored.written)
    if before is not None and stored.number > before.number:
        for one in reversed(policies.versions(company_id=company_id)):
            if one.number >= stored.number:
                _ask_effect(one, actor=approved_by)
        if stored.valid_from <= clock.today(Company.objects.get(pk=company_id)):
            begin_policy.begin(before=before, now=stored)
        events.emit(name="policy.published", company_id=company_id, payload={"number": stored.number})
    log.append(company_id=company_id, actor=approved_by, entries=[_entry(stored, changed)])
    return stored


def _group_of(
    before: policies.StoredPolicy | None, document: Mapping[str, Any], valid_from: date
) -> policies.Group | None:
    """Return the group's policy that the document follows: as it was followed before, or as it is when that begins."""
    code = document["pack"].get(FOLLOWS)
    if code is None:
        return None
    is_followed = before is not None and before.written["pack"].get(FOLLOWS) == code
    if before is not None and is_followed and before.group_document is not None:
        return policies.Group(document=before.group_document, number=before.group_number or 0)
    # Whoever publishes here need not see the group's books: the rules that are followed are read for them.
    with scope.entered(Actor.system(_READER)):
        leader = Company.objects.get(code=code)
        found = policies.in_force(company_id=leader.pk, as_of=valid_from)
    return policies.Group(document=found.written, number=found.number)


def _ask_effect(stored: policies.StoredPolicy, *, actor: Actor) -> None:
    """Let the worker find out which customers the version concerns, for its report."""
    company = Company.objects.get(pk=stored.company_id)
    part = Slice(since=clock.today(company) - timedelta(days=REPORTED_DAYS))
    total = simulate_policy.count_of(company=company, part=part, actor=actor)
    simulations.ask(
        simulations.NewSimulation(
            company_id=stored.company_id,
            document=stored.document,
            part=part.as_dict(),
            total=total,
            version_id=stored.id,
        ),
        actor=actor,
    )


def _entry(stored: policies.StoredPolicy, changed: Sequence[Change]) -> log.NewEntry:
    words = Words(
        zh="政策包 {pack} 第 {number} 版自 {day} 起生效，改动 {count} 处：{reason}",
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
