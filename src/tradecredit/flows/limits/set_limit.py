"""Decide a proposed line: approve it (a second person), reject it, or take it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.exposure import locks as exposure_locks
from tradecredit.apps.exposure import operations as exposure
from tradecredit.apps.limits import locks, operations, queries
from tradecredit.apps.limits.operations import NewLine
from tradecredit.core.approvals.four_eyes import Standing
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.limits import cover_rule, limit_requests
from tradecredit.flows.limits.limit_requests import UnableToDecideLimitError
from tradecredit.flows.ratings import rating_policy
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.limits.queries import ProposalRecord
    from tradecredit.core.kernel.limit import Limit
    from tradecredit.flows.orders.record_release import Terms
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitDecision:
    """How a proposal stands after a vote; the line is there once it is approved."""

    proposal_id: UUID
    standing: Standing
    line_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Rising:
    """A proposal as the cover rule looks at it: a temporary line rests on its base line's cover."""

    proposal: ProposalRecord

    @property
    def customer_id(self) -> UUID:
        return self.proposal.customer_id

    @property
    def currency(self) -> str:
        return self.proposal.currency

    @property
    def after(self) -> Limit:
        return self.proposal.limit if self.proposal.line_kind == "base" else tagged.NotSet()


def approve_limit(
    *, company: Company, proposal_id: UUID, actor: Actor, reason: str = "", as_of: date | None = None
) -> LimitDecision:
    """Vote for the proposal; with the last vote needed the line comes into force.

    Raises UnableToApproveError for the person who asked, one without authority or one who voted; and
    UnableToDecideLimitError for a proposal that is not open or whose time is over, and UnableToActivateLineError
    while the cover that policy asks for is not there.
    """
    return _vote(company, proposal_id, approves=True, reason=reason, actor=actor, as_of=as_of)


def reject_limit(
    *, company: Company, proposal_id: UUID, actor: Actor, reason: str, as_of: date | None = None
) -> LimitDecision:
    """Vote against the proposal; a reason is required. It ends the proposal, unless its step is a vote of several.

    Raises UnableToApproveError and UnableToDecideLimitError as approving does.
    """
    if not reason.strip():
        raise UnableToDecideLimitError(
            Words(zh="驳回必须写明理由。", en="Rejecting needs a reason: say why.")
        )
    return _vote(company, proposal_id, approves=False, reason=reason, actor=actor, as_of=as_of)


def release_approved(
    *, request: RequestRecord, terms: Terms, actor: Actor, as_of: date | None
) -> UUID | None:
    """Open the line of a request whose flow has come to its end by itself; raises as approving does."""
    company = Company.objects.get(pk=request.company_id)
    proposal = _locked(request.subject_id)
    _lock_account(company, proposal)
    _grant(company, proposal, actor=actor, reason=terms.reason, day=as_of or clock.today(company))
    return None


def reject_approved(*, request: RequestRecord, reason: str, actor: Actor) -> None:
    """End the proposal of a request that its flow has rejected."""
    company = Company.objects.get(pk=request.company_id)
    _reject(company, _locked(request.subject_id), actor=actor, reason=reason)


def _vote(
    company: Company, proposal_id: UUID, *, approves: bool, reason: str, actor: Actor, as_of: date | None
) -> LimitDecision:
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        proposal = _locked(proposal_id)
        policy = rating_policy.in_force(company_id=company.pk, as_of=day)
        if approves:
            _still_ahead(proposal, day=day)
        _lock_account(company, proposal)

        standing = limit_requests.vote(
            proposal=proposal,
            authority=policy.authority,
            actor=actor,
            approves=approves,
            reason=reason,
        )

        line_id = None
        if standing is Standing.APPROVED:
            line_id = _grant(company, proposal, actor=actor, reason=reason, day=day)
        elif standing is Standing.REJECTED:
            _reject(company, proposal, actor=actor, reason=reason)
        return LimitDecision(proposal_id=proposal_id, standing=standing, line_id=line_id)


def _grant(company: Company, proposal: ProposalRecord, *, actor: Actor, reason: str, day: date) -> UUID:
    validity = _still_ahead(proposal, day=day)
    cover_rule.ensure(company=company, lines=[_Rising(proposal)], day=day)
    operations.decide_proposal(proposal_id=proposal.id, status="approved", actor=actor, reason=reason)
    return _open_line(company, proposal=proposal, validity=validity, actor=actor, day=day)


def _reject(company: Company, proposal: ProposalRecord, *, actor: Actor, reason: str) -> None:
    operations.decide_proposal(proposal_id=proposal.id, status="rejected", actor=actor, reason=reason)
    text = f"{tagged.text(proposal.limit)} {proposal.currency}"
    _log(
        company,
        proposal=proposal,
        actor=actor,
        kind="limit.rejected",
        words=Words(
            zh=f"{actor.name} 驳回额度申请 {text}：{reason}",
            en=f"{actor.name} rejected the line of {text}: {reason}",
        ),
    )


def withdraw_limit(*, company: Company, proposal_id: UUID, actor: Actor, reason: str = "") -> None:
    """Take one's own proposal back; raises UnableToDecideLimitError for another's or one that is not open."""
    with db.unit_of_work(actor):
        proposal = _locked(proposal_id)
        if proposal.requested_by_id != actor.user_id:
            raise UnableToDecideLimitError(
                Words(
                    zh="只有申请人可以撤回；您可以驳回。",
                    en="Only the person who asked can take it back; you may reject it.",
                )
            )
        limit_requests.withdraw(proposal=proposal)
        operations.decide_proposal(proposal_id=proposal_id, status="withdrawn", actor=actor, reason=reason)
        _log(
            company,
            proposal=proposal,
            actor=actor,
            kind="limit.withdrawn",
            words=Words(zh="额度申请已撤回", en="The proposed line was withdrawn"),
        )


def _locked(proposal_id: UUID) -> ProposalRecord:
    locks.lock_proposal(proposal_id)
    proposal = queries.proposal(proposal_id=proposal_id)
    if proposal is None or proposal.status != "open":
        raise limit_requests.already_decided()
    return proposal


def _still_ahead(proposal: ProposalRecord, *, day: date) -> Validity:
    """Return the line's time from today on: nothing is granted for days that are over."""
    asked = proposal.validity
    if asked.valid_to is not None and asked.valid_to <= day:
        raise UnableToDecideLimitError(
            Words(
                zh="申请的有效期已过，请驳回后重新申请。",
                en="The time that was asked for is over: reject it and ask anew.",
            )
        )
    return Validity(max(asked.valid_from, day), asked.valid_to)


def _lock_account(company: Company, proposal: ProposalRecord) -> None:
    """Let order checks of the account finish first: none of them reads half of a change."""
    key = (company.pk, proposal.customer_id, proposal.currency)
    exposure_locks.lock_accounts(exposure.open_accounts(wanted=[key]).values())


def _open_line(
    company: Company, *, proposal: ProposalRecord, validity: Validity, actor: Actor, day: date
) -> UUID:
    key = (proposal.customer_id, proposal.currency)
    before = queries.effective(company_id=company.pk, customer_ids=[proposal.customer_id], as_of=day).get(key)
    (line_id,) = operations.open_lines(
        company_id=company.pk, new=[_line_of(proposal, validity=validity, actor=actor)]
    )
    old = tagged.text(before.limit if before else tagged.NotSet())
    new = tagged.text(proposal.limit)
    ends = validity.valid_to
    events.emit(
        name="limit.changed",
        company_id=company.pk,
        subject=proposal.customer_id,
        payload=_payload(proposal.customer_id, proposal.currency, old=old, new=new, kind=proposal.line_kind),
    )
    _log(
        company,
        proposal=proposal,
        actor=actor,
        kind="limit.changed",
        words=_granted(proposal, actor=actor, old=old, new=new, until=None if ends is None else str(ends)),
    )
    return line_id


def _line_of(proposal: ProposalRecord, *, validity: Validity, actor: Actor) -> NewLine:
    return NewLine(
        customer_id=proposal.customer_id,
        line_kind=proposal.line_kind,
        limit=proposal.limit,
        currency=proposal.currency,
        days=proposal.days,
        validity=validity,
        conditions=proposal.conditions,
        reference=str(proposal.conditions.get("reference", "")),
        proposal_id=proposal.id,
        origin="approval",
        requested_by_id=proposal.requested_by_id,
        approved_by_id=actor.user_id,
        reason=proposal.reason,
    )


def _granted(proposal: ProposalRecord, *, actor: Actor, old: str, new: str, until: str | None) -> Words:
    ends_zh, ends_en = ("", "") if until is None else (f",{until} 到期", f", until {until}")
    if proposal.line_kind == "temporary":
        return Words(
            zh=f"{actor.name} 批准临时额度 {new} {proposal.currency}{ends_zh}（自动恢复）",
            en=f"{actor.name} approved a temporary line of {new} {proposal.currency}{ends_en} (it ends by itself)",
        )
    return Words(
        zh=f"{actor.name} 批准授信额度 {old} → {new} {proposal.currency}{ends_zh}",
        en=f"{actor.name} approved the credit line {old} → {new} {proposal.currency}{ends_en}",
    )


def _payload(customer_id: UUID, currency: str, *, old: str, new: str, kind: str) -> dict[str, str]:
    return {"customer_id": str(customer_id), "currency": currency, "old": old, "new": new, "kind": kind}


def _log(company: Company, *, proposal: ProposalRecord, actor: Actor, kind: str, words: Words) -> None:
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{proposal.customer_id}",
                kind=kind,
                words=words,
                payload={"proposal_id": proposal.id},
            )
        ],
    )
