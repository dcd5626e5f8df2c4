"""The limit of a level: asked for by one person, decided by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.exposure import node_locks, node_operations, node_queries
from tradecredit.apps.exposure.node_models import NodeLimitStatus
from tradecredit.apps.orders import queries as orders
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.levels import save_node
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Role
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.exposure.node_queries import NodeLimitRecord
    from tradecredit.core.kernel.limit import Limit
    from tradecredit.core.kernel.periods import Validity
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

DECIDERS: Final = (Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.CFO, Role.MANAGEMENT)


class UnableToDecideNodeLimitError(UnableToError):
    """The limit is decided already, is the person's own, or is beyond the person's roles."""

    code = "node_limit_refused"
    status = 409


def propose_limit(
    *, company: Company, code: str, limit: Limit, validity: Validity, reason: str, actor: Actor
) -> UUID:
    """Ask for a limit of a level; a second person decides it. Raises UnableToFindNodeError."""
    with db.unit_of_work(actor):
        node = save_node.named(code, as_of=validity.valid_from)
        limit_id = node_operations.open_limit(
            node_id=node.id,
            company_id=node.company_id,
            limit=limit,
            currency=node.currency,
            validity=validity,
            reason=reason,
            actor=actor,
        )
        text = f"{tagged.text(limit)} {node.currency}"
        words = Words(
            zh=f"{actor.name} 为 {node.name} 申请额度 {text}: {reason}",
            en=f"{actor.name} asked for a limit of {text}: {reason}",
        )
        save_node.log_about(company, code, kind="node.limit.proposed", words=words, actor=actor)
        return limit_id


def decide_limit(*, company: Company, limit_id: UUID, approves: bool, actor: Actor) -> NodeLimitRecord:
    """Approve or reject a limit that somebody else asked for; held orders are looked at again where it helps.

    Raises UnableToFindNodeError, UnableToDecideNodeLimitError.
    """
    day = clock.today(company)
    with db.unit_of_work(actor):
        asked = node_queries.limit_by_id(limit_id)
        if asked is None:
            raise save_node.UnableToFindNodeError(
                Words(zh="没有这项额度申请。", en="There is no such limit.")
            )
        node_locks.lock_nodes([asked.node_id])
        _refuse_decider(company, node_queries.limit_by_id(limit_id) or asked, actor=actor)
        node_operations.decide_limit(limit_id=limit_id, approves=approves, actor=actor)
        node = node_queries.nodes(as_of=day, ids=[asked.node_id], only_active=False)[0]
        text = f"{tagged.text(asked.limit)} {asked.currency}"
        words = Words(
            zh=f"{actor.name} {'批准' if approves else '驳回'} {node.name} 额度 {text}",
            en=f"{actor.name} {'approved' if approves else 'rejected'} the limit of {text}",
        )
        kind = "node.limit.approved" if approves else "node.limit.rejected"
        save_node.log_about(company, node.code, kind=kind, words=words, actor=actor)
        if approves:
            _tell_held(company)
        return node_queries.limit_by_id(limit_id) or asked


def _refuse_decider(company: Company, asked: NodeLimitRecord, *, actor: Actor) -> None:
    if asked.status != NodeLimitStatus.OPEN:
        raise UnableToDecideNodeLimitError(
            Words(
                zh="这项额度申请已经决定。请刷新后查看。",
                en="The limit is decided already. Reload to see how.",
            )
        )
    if asked.requested_by_id == actor.user_id:
        raise UnableToDecideNodeLimitError(
            Words(
                zh="不能决定自己的申请, 请由他人决定。",
                en="Nobody decides their own request: ask somebody else.",
            )
        )
    if not actor.has_role(company.pk, *DECIDERS):
        raise UnableToDecideNodeLimitError(
            Words(
                zh="集团与组合额度由信用经理、风控总监、财务总监或管理层决定。",
                en="Limits of groups and portfolios are decided by the credit manager, risk director, CFO or management.",
            )
        )


def _tell_held(company: Company) -> None:
    """Let the held orders be looked at again: which of them the limit concerns, the check itself finds out."""
    held = {order.customer_id for order in orders.held_orders(company_id=company.pk)}
    events.emit_many(
        name="limit.changed",
        company_id=company.pk,
        payloads=[(customer, {"customer_id": customer}) for customer in sorted(held)],
    )
