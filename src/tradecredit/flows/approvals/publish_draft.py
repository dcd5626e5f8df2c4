"""A draft's way to publication: its author asks, another person agrees in the draft's page or among the tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.decisions import drafts, policies, simulations
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.orders import order_policy
from tradecredit.flows.policy import draft_policy, draft_requests, hear_colleagues, run_simulation
from tradecredit.flows.policy.draft_policy import UnableToPublishDraftError
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.apps.decisions.policies import StoredPolicy
    from tradecredit.core.approvals.authority import Authority
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


def submit_draft(*, draft_id: UUID, company: Company, actor: Actor) -> RequestRecord:
    """Ask the people whom the authority table names to publish a draft; asking again returns the open question.

    Raises UnableToPublishDraftError: not the author, mistakes in it, a day that has begun, nothing changed.
    """
    with db.unit_of_work(actor):
        draft = _open(draft_id, company)
        if draft.author_id != actor.user_id:
            raise UnableToPublishDraftError(
                Words(zh="由起草人提交审批。", en="Its author submits a draft for approval.")
            )
        refusal = draft_policy.why_not_fit(draft, on=clock.today(company))
        if refusal is not None:
            raise UnableToPublishDraftError(refusal)
        asked = draft_requests.open_of(draft_id)
        if asked is None:
            draft_requests.put(draft, authority=_authority(company), actor=actor)
            asked = draft_requests.open_of(draft_id)
            in_force = policies.in_force(company_id=company.pk, as_of=clock.today(company))
            hear_colleagues.ask_consulted(draft, in_force=in_force)
    assert asked is not None  # noqa: S101 - it was asked a moment ago in this transaction
    return asked


def publish(*, draft_id: UUID, company: Company, actor: Actor, reason: str = "") -> StoredPolicy | None:
    """Agree to a draft as another person than its author; None while more people have to agree.

    Raises UnableToPublishDraftError and what deciding a request raises.
    """
    with db.unit_of_work(actor):
        draft = _open(draft_id, company)
        refusal = draft_policy.why_not(draft, company=company, actor=actor)
        if refusal is not None:
            raise UnableToPublishDraftError(refusal)
        _refuse_unanswered(draft, reason)
        asked = draft_requests.open_of(draft_id)
        request_id = (
            asked.id if asked else draft_requests.put(draft, authority=_authority(company), actor=actor)
        )
        decide_approval.decide_approval(
            request_id=request_id, approves=True, reason=reason.strip() or draft.reason, actor=actor
        )
        after = drafts.by_id(draft_id)
    if after is None or after.published_id is None:
        return None
    with db.unit_of_work(actor):
        return policies.by_id(after.published_id)


def _refuse_unanswered(draft: Draft, reason: str) -> None:
    """Refuse to pass over an objection in silence: whoever publishes all the same says why."""
    objections = hear_colleagues.open_objections(draft)
    if objections and not reason.strip():
        raise UnableToPublishDraftError(
            Words(
                zh="{name} 反对：{text}。仍要发布，请写明理由。",
                en="{name} objects: {text}. To publish all the same, say why.",
            ).filled(name=objections[0].author_name, text=objections[0].text)
        )


def report_effect(*, version_id: UUID, actor: Actor) -> None:
    """Bring the report on a version about, where few enough decisions are concerned to do it at once."""
    with db.unit_of_work(actor):
        waiting = simulations.latest(version_id=version_id)
    if waiting is not None and not waiting.is_over:
        run_simulation.run_if_small(waiting, actor=actor)


def _open(draft_id: UUID, company: Company) -> Draft:
    draft = drafts.locked(draft_id)
    if draft is None or not draft.is_open or draft.company_id != company.pk:
        raise UnableToPublishDraftError(
            Words(
                zh="没有这份草稿，或它已发布或撤回。",
                en="There is no such draft, or it has been published or withdrawn.",
            )
        )
    return draft


def _authority(company: Company) -> Authority:
    return order_policy.parsed(policies.in_force(company_id=company.pk, as_of=clock.today(company))).authority
