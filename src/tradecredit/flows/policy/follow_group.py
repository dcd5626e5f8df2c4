"""Let a company's policy follow the group's: what it says of its own stays its own, the rest is renewed with the group's.

Note [Two that are dated differently]
A company may have published its own next version of a later day when the group publishes one of an earlier day. Both
hold: the group's change is joined to what holds on its day, and once more to what the company has for its later day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.decisions import drafts, policies
from tradecredit.apps.decisions.draft_models import DraftOrigin
from tradecredit.apps.decisions.policies import UnableToFindPolicyError
from tradecredit.apps.worklist import operations as worklist
from tradecredit.apps.worklist.operations import NewTask
from tradecredit.core.kernel import inheritance
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.policy import check_policy, draft_policy, publish_policy
from tradecredit.flows.policy.draft_policy import UnableToDraftPolicyError
from tradecredit.flows.policy.publish_policy import FOLLOWS, Followed
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Role, people
from tradecredit.plumbing.access.models import Company

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.apps.decisions.policies import StoredPolicy
    from tradecredit.core.kernel.refusal import PolicyError
    from tradecredit.plumbing.access import Actor

EVENT: Final = "policy.published"
_LINK: Final = "/policies"


def draft_following(
    *, company: Company, group_code: str, keeps_own: bool, reason: str, valid_from: date, actor: Actor
) -> Draft:
    """Begin a draft with which the company follows the policy of another of the actor's companies.

    With ``keeps_own`` everything stays as it is here, and counts as the company's own where the group says otherwise;
    without it the group's values hold. Raises UnableToDraftPolicyError.
    """
    draft_policy.require_writer(company.pk, actor)
    with db.unit_of_work(actor):
        base = draft_policy.latest(company.pk, on=clock.today(company))
        leader = people.company_of(actor, code=group_code)
        group = None if leader is None else next(iter(policies.versions(company_id=leader.pk)), None)
        if leader is None or group is None or leader.pk == company.pk or _follows(group, company.code):
            raise UnableToDraftPolicyError(
                Words(
                    zh="不能沿用 {code} 的政策：没有这家公司的政策、您无权查看，或它正沿用本公司的政策。",
                    en="The policy of {code} cannot be followed: there is none in your sight, or it follows this one.",
                ).filled(code=group_code)
            )
        kept = base.written if keeps_own else group.written
        return drafts.start(
            company_id=company.pk,
            title=f"沿用 {group_code} 的政策 Follow {group_code}",
            base_id=base.id,
            document={**kept, "pack": {**kept["pack"], FOLLOWS: leader.code}},
            valid_from=valid_from,
            reason=reason.strip() or f"{group_code} {group.number}",
            actor=actor,
            origin=DraftOrigin.COMPANY,
            origin_id=group.id,
        )


def stop_following(*, draft_id: UUID, version: int, actor: Actor) -> Draft:
    """Change a draft so that the company follows nobody: every value stays and is its own; raises UnableToDraftPolicyError."""
    with db.unit_of_work(actor):
        draft = draft_policy.draft_at(draft_id, version, actor)
        pack = {name: value for name, value in draft.document["pack"].items() if name != FOLLOWS}
        return draft_policy.rewrite(
            draft,
            document={**draft.document, "pack": pack},
            valid_from=draft.valid_from,
            reason=draft.reason,
            actor=actor,
        )


def follow_published(*, leader: Company, actor: Actor) -> int:
    """Publish for every company that follows the leader what its latest version changes; returns how many versions.

    Where the two together are no sound policy nothing is published, and a task says so. Called in a transaction.
    """
    db.transaction_required()
    said = next((one for one in policies.versions(company_id=leader.pk) if not one.is_overlay), None)
    if said is None:
        return 0
    count = 0
    for company in Company.objects.exclude(pk=leader.pk).order_by("code"):
        # All are found before the first is followed: what is written then would hold on the later days, too.
        for step in tuple(_steps(company, said, leader.code)):
            count += _follow(company, step, said, leader=leader, actor=actor)
    return count


def _steps(company: Company, said: StoredPolicy, code: str) -> Iterator[StoredPolicy]:
    """Yield what the company has from the leader's day on; see Note [Two that are dated differently]."""
    own = [one for one in policies.versions(company_id=company.pk) if not one.is_overlay]
    if not own or not _follows(own[0], code) or own[0].group_number == said.number:
        return
    try:
        now = policies.in_force(company_id=company.pk, as_of=said.valid_from)
    except UnableToFindPolicyError:
        now = None
    if now is not None and _follows(now, code):
        yield now
    for one in reversed(own):
        is_held = policies.in_force(company_id=company.pk, as_of=one.valid_from).id == one.id
        if one.valid_from > said.valid_from and is_held and (now is None or one.id != now.id):
            yield one


def _follow(
    company: Company, step: StoredPolicy, said: StoredPolicy, *, leader: Company, actor: Actor
) -> int:
    document = joined(step, said)
    mistakes = check_policy.check_policy(document=document)
    if mistakes:
        _tell(company, said, mistakes[0], leader=leader)
        return 0
    publish_policy.record(
        company_id=company.pk,
        document=document,
        valid_from=max(said.valid_from, step.valid_from),
        reason=f"{leader.code} {said.number}: {said.reason}",
        published_by_id=said.published_by_id,
        approved_by=actor,
        followed=Followed(
            group=policies.Group(document=said.written, number=said.number),
            approved_by_id=said.approved_by_id,
        ),
    )
    return 1


def joined(step: StoredPolicy, said: StoredPolicy) -> Mapping[str, Any]:
    """Return the group's version with what the company's version says of its own."""
    found: Mapping[str, Any] = inheritance.merged(said.written, own_of(step))
    return found


def own_of(version: StoredPolicy) -> Mapping[str, Any]:
    """Return what a company's version says of its own beside the group's; everything where it follows nobody."""
    if version.group_document is None:
        return version.written
    return inheritance.own_of(version.group_document, version.written)


def _follows(version: StoredPolicy, code: str) -> bool:
    return version.group_document is not None and version.written["pack"].get(FOLLOWS) == code


def _tell(company: Company, said: StoredPolicy, mistake: PolicyError, *, leader: Company) -> None:
    words = Words(
        zh="{code} 发布了第 {number} 版政策，与本公司自己的部分合不上，未跟随：{place}",
        en="{code} published version {number}; with what is this company's own it is no sound policy, so it was not"
        " followed: {place}",
    )
    task = NewTask(
        kind="policy_follow",
        words=words.filled(code=leader.code, number=said.number, place=str(mistake)),
        dedupe_key=f"policy_follow:{company.pk}:{said.id}",
        role=Role.CREDIT_MANAGER,
        priority="high",
        link=_LINK,
    )
    worklist.make(company_id=company.pk, tasks=[task])
