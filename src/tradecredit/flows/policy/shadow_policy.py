"""Ask a policy beside the live one: it says what it would have said of each new decision, and decides nothing.

The live check does not know of it. A shadow is asked when the decision's event is answered, with the facts recorded.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.decisions import drafts, policies, queries, shadows
from tradecredit.apps.decisions.shadows import SaidOf
from tradecredit.core.decisions import differing, recording
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.orders import order_policy
from tradecredit.flows.policy import change_overlays, draft_policy, simulate_policy
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.decisions.queries import StoredDecision
    from tradecredit.apps.decisions.shadows import StoredShadow
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.policy import OrderControl
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_PERCENT: Final = 100


class UnableToShadowPolicyError(UnableToError):
    """The policy cannot be asked beside the live one, or not by this person."""

    code = "policy_shadow_refused"
    status = 409


@dataclass(frozen=True, slots=True)
class _Asked:
    shadow: StoredShadow
    control: OrderControl


def start_shadow(
    *, company: Company, document: Mapping[str, Any], title: str, share: int, actor: Actor, draft_id: UUID | None = None
) -> StoredShadow:  # fmt: skip
    """Begin to ask a policy about the new decisions of a share of the customers, in percent.

    Raises UnableToShadowPolicyError, UnableToSimulateError for an unsound document.
    """
    simulate_policy.ensure_sound(document)
    with db.unit_of_work(actor):
        _require_writer(company.pk, actor)
        if not 1 <= share <= _PERCENT:
            raise UnableToShadowPolicyError(
                Words(
                    zh="客户比例为 1 到 100 之间的百分数。", en="The share of customers is 1 to 100 percent."
                )
            )
        found = shadows.start(
            company_id=company.pk,
            title=title.strip()[:120] or "–",
            document=document,
            share=share,
            draft_id=draft_id,
            actor=actor,
        )
        _log(found, actor, Words(zh="开始影子运行：{title}, {share}% 的客户", en="Shadow started: {title}, {share}% of the customers"))  # fmt: skip
        return found


def shadow_draft(*, draft_id: UUID, company: Company, share: int, actor: Actor) -> StoredShadow:
    """Begin to ask a draft's document as it stands now beside the live policy; later changes are not asked."""
    with db.unit_of_work(actor):
        draft = drafts.by_id(draft_id)
        if draft is None or draft.company_id != company.pk:
            raise UnableToShadowPolicyError(Words(zh="没有这份草稿。", en="There is no such draft."))
        return start_shadow(
            company=company,
            document=change_overlays.tried_of(draft),
            title=draft.title,
            share=share,
            actor=actor,
            draft_id=draft.id,
        )


def end_shadow(*, shadow_id: UUID, actor: Actor) -> StoredShadow:
    """Ask a shadow no more; what it said stays. Raises UnableToShadowPolicyError."""
    with db.unit_of_work(actor):
        found = shadows.by_id(shadow_id)
        if found is None or not found.is_running:
            raise UnableToShadowPolicyError(
                Words(zh="没有正在运行的这个影子政策。", en="There is no such shadow running.")
            )
        _require_writer(found.company_id, actor)
        shadows.end(shadow_id, actor=actor)
        _log(found, actor, Words(zh="结束影子运行：{title}", en="Shadow ended: {title}"))
        ended = shadows.by_id(shadow_id)
    assert ended is not None  # noqa: S101 - it was ended a moment ago in this transaction
    return ended


def ask_shadows(*, company_id: UUID, decision_ids: Sequence[UUID]) -> int:
    """Record what the company's running shadows would have said of decisions; returns how many answers there were.

    A decision that reserved nothing, or that was made before a shadow began, is not its business.
    """
    db.transaction_required()
    if not decision_ids:
        return 0
    running = [_asked(one) for one in shadows.listed(company_id=company_id, is_running=True)]
    if not running:
        return 0
    said: list[SaidOf] = []
    for stored in queries.by_ids(decision_ids).values():
        ours = [one for one in running if _concerns(one.shadow, stored)]
        if stored.is_committed and ours:
            facts = recording.from_dict(stored.facts)
            said += [_said(one, stored, facts) for one in ours]
    shadows.record(company_id, said)
    return len(said)


def is_in_share(*, shadow_id: UUID, customer_id: UUID, share: int) -> bool:
    """Tell whether a customer is among the share of a shadow's: the same customer always gets the same answer."""
    digest = hashlib.sha256(f"{shadow_id}{customer_id}".encode()).digest()
    return int.from_bytes(digest[:8]) % _PERCENT < share


def _asked(shadow: StoredShadow) -> _Asked:
    return _Asked(shadow, simulate_policy.ensure_sound(shadow.document))


def _concerns(shadow: StoredShadow, stored: StoredDecision) -> bool:
    if stored.decided_at < shadow.started_at:
        return False
    return is_in_share(shadow_id=shadow.id, customer_id=stored.customer_id, share=shadow.share)


def _said(one: _Asked, stored: StoredDecision, facts: CreditFacts) -> SaidOf:
    live = order_policy.parsed(policies.by_id(stored.policy_version_id)).control
    compared = differing.compare(facts, differing.difference(live, one.control))
    return SaidOf(
        shadow_id=one.shadow.id,
        customer_id=stored.customer_id,
        decision_id=stored.id,
        reference=stored.reference,
        live=stored.outcome,
        said=stored.outcome if compared is None else compared.after.text,
        is_flipped=compared is not None and compared.is_flipped,
        newly_against=() if compared is None else compared.newly_against,
        no_longer_against=() if compared is None else compared.no_longer_against,
    )


def _require_writer(company_id: UUID, actor: Actor) -> None:
    if not actor.has_role(company_id, *draft_policy.WRITERS):
        raise UnableToShadowPolicyError(
            Words(zh="您的角色不能运行影子政策。", en="Your role may not run a policy as a shadow.")
        )


def _log(shadow: StoredShadow, actor: Actor, words: Words) -> None:
    entry = log.NewEntry(
        stream=f"policy:{shadow.company_id}",
        kind="policy.shadow",
        words=words.filled(title=shadow.title, share=shadow.share),
        payload={"shadow": str(shadow.id)},
    )
    log.append(company_id=shadow.company_id, actor=actor, entries=[entry])
