"""Let colleagues have their say about a draft before it is published: sales above all, who live with the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.decisions import drafts, policies, remarks
from tradecredit.apps.worklist import operations as worklist
from tradecredit.apps.worklist.operations import NewTask
from tradecredit.core.decisions import revision
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.apps.decisions.remarks import Remark
    from tradecredit.core.decisions.revision import Revision
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_REVISED_BY: Final = "credit_manager"
# Technical: when the task is due on the list; how soon a policy is renewed stands in the policy.
_REVISED_WITHIN_DAYS: Final = 30
_SAID: Final = {
    "agree": Words(zh="{name} 同意草稿“{title}”：{text}", en="{name} agrees to the draft “{title}”: {text}"),
    "object": Words(
        zh="{name} 反对草稿“{title}”：{text}", en="{name} objects to the draft “{title}”: {text}"
    ),
    "remark": Words(
        zh="{name} 对草稿“{title}”的意见：{text}", en="{name} remarks on the draft “{title}”: {text}"
    ),
}


class UnableToRemarkError(UnableToError):
    """There is no such open draft, or nothing was said."""

    code = "policy_remark_refused"
    status = 409


def of_version(version: policies.StoredPolicy) -> Revision:
    """Return whom a policy wants heard, and how soon it is looked at anew."""
    return revision.parse(Node(version.document.get("pack", {}), "pack"))


def remark(*, draft_id: UUID, stance: str, text: str, actor: Actor) -> Remark:
    """Record what the actor says about a draft; any colleague who sees it may. Raises UnableToRemarkError."""
    with db.unit_of_work(actor):
        draft = drafts.locked(draft_id)
        if draft is None or not draft.is_open or stance not in remarks.STANCES or not text.strip():
            raise UnableToRemarkError(
                Words(
                    zh="请选择同意、反对或意见并写明内容；草稿须仍在起草。",
                    en="Say whether you agree, object or remark, and what; the draft must still be open.",
                )
            )
        said = remarks.add(draft, stance=stance, text=text.strip(), actor=actor)
        words = _SAID[stance].filled(name=actor.name, title=draft.title, text=said.text)
        entry = log.NewEntry(
            stream=f"policy:{draft.company_id}",
            kind="policy.remarked",
            words=words,
            payload={"draft": str(draft.id), "stance": stance},
        )
        log.append(company_id=draft.company_id, actor=actor, entries=[entry])
        worklist.complete_keys(
            company_id=draft.company_id,
            keys=[_key(draft, role.value) for role in actor.roles_in(draft.company_id)],
            outcome=stance,
            done_by=actor.name,
        )
        return said


def ask_consulted(draft: Draft, *, in_force: policies.StoredPolicy) -> Sequence[str]:
    """Give every role that the policy wants heard its task, once a draft, in the caller's transaction; returns them."""
    roles = of_version(in_force).consulted
    words = Words(
        zh="政策草稿“{title}”将发布，请先说明贵部门的意见：{reason}",
        en="The policy draft “{title}” is to be published: say what your department thinks of it: {reason}",
    )
    tasks = [
        NewTask(
            kind="policy_consulted",
            words=words.filled(title=draft.title, reason=draft.reason),
            dedupe_key=_key(draft, role),
            role=role,
            link=f"/policies/drafts/{draft.id}",
        )
        for role in roles
    ]
    worklist.make(company_id=draft.company_id, tasks=tasks)
    return roles


def open_objections(draft: Draft) -> Sequence[Remark]:
    """Return the objections of those who have not agreed since."""
    latest = {one.author_id: one for one in remarks.of_draft(draft.id) if one.stance != "remark"}
    return [one for one in latest.values() if one.is_objection]


def ask_revision(*, company: Company, as_of: date) -> bool:
    """Make a task when the policy in force has not been renewed for as long as it says itself; tells whether it is due."""
    by_people = [one for one in policies.versions(company_id=company.pk) if one.is_by_people]
    try:
        now = policies.in_force(company_id=company.pk, as_of=as_of)
    except policies.UnableToFindPolicyError:
        return False
    since = max((one.valid_from for one in by_people if one.valid_from <= as_of), default=now.valid_from)
    due = of_version(now).due_on(since)
    if due is None or due > as_of:
        return False
    words = Words(
        zh="信用政策自 {day} 起未修订，已满期限：请复核并修订。",
        en="The credit policy has not been revised since {day}: look it over and renew it.",
    )
    task = NewTask(
        kind="policy_revision",
        words=words.filled(day=since),
        dedupe_key=f"policy_revision:{company.pk}:{due}",
        role=_REVISED_BY,
        link="/policies",
        due_in_days=_REVISED_WITHIN_DAYS,
    )
    worklist.make(company_id=company.pk, tasks=[task])
    return True


def _key(draft: Draft, role: str) -> str:
    return f"policy_consulted:{draft.id}:{role}"
