"""The limit of a level: asked for by one person, decided by those whom the authority table names."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.apps.approvals import operations as approvals
from tradecredit.apps.approvals import queries as questions
from tradecredit.apps.exposure import node_locks, node_operations, node_queries
from tradecredit.apps.exposure.node_models import NodeLimitStatus
from tradecredit.apps.orders import queries as orders
from tradecredit.core.approvals import routing
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.levels import save_node
from tradecredit.flows.orders import order_policy
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.exposure.node_queries import NodeLimitRecord, NodeRecord
    from tradecredit.core.kernel.limit import Limit
    from tradecredit.core.kernel.periods import Validity
    from tradecredit.flows.orders.record_release import Terms
    from tradecredit.plumbing.access import Actor

# What an unlimited level asks of authority: whoever decides the highest amounts.
_ANY_AMOUNT: Final = Decimal("9999999999999.99")


class UnableToDecideNodeLimitError(UnableToError):
    """The limit is decided already."""

    code = "node_limit_refused"
    status = 409


def propose_limit(
    *, company: Company, code: str, limit: Limit, validity: Validity, reason: str, actor: Actor
) -> UUID:
    """Ask for a limit of a level; those whom the authority table names decide it. Raises UnableToFindNodeError."""
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
            zh=f"{actor.name} 为 {node.name} 申请额度 {text}：{reason}",
            en=f"{actor.name} asked for a limit of {text}: {reason}",
        )
        save_node.log_about(company, code, kind="node.limit.proposed", words=words, actor=actor)
        _ask(company, _open_limit(limit_id), code=code, actor=actor)
        return limit_id


def open_request(*, company: Company, limit_id: UUID, actor: Actor) -> RequestRecord:
    """Return the question that people are asked about a limit; a vote on it decides (`decide_approval`).

    Raises UnableToFindNodeError, UnableToDecideNodeLimitError for one that is decided already.
    """
    with db.unit_of_work(actor):
        limit = _open_limit(limit_id)
        node = _node(limit, day=clock.today(company))
        # A limit that was asked for before such questions went to Tasks is put there now, in its asker's name.
        if not approvals.is_asked(kind=routing.LEVEL_LIMIT, subject_id=limit_id):
            _ask(company, limit, code=node.code, actor=actor)
        return questions.open_of_subjects(kind=routing.LEVEL_LIMIT, subject_ids=[limit_id])[limit_id]


def release_approved(
    *, request: RequestRecord, terms: Terms, actor: Actor, as_of: date | None = None
) -> UUID:
    """Let the limit hold as people decided; held orders are looked at again where it helps."""
    del as_of
    return _decide(request, approves=True, reason=terms.reason, actor=actor)


def reject_approved(*, request: RequestRecord, reason: str, actor: Actor) -> None:
    """Reject the limit as people decided; what held before goes on."""
    _decide(request, approves=False, reason=reason, actor=actor)


def _decide(request: RequestRecord, *, approves: bool, reason: str, actor: Actor) -> UUID:
    db.transaction_required()
    company = Company.objects.get(pk=request.company_id)
    asked = _open_limit(request.subject_id)
    node_locks.lock_nodes([asked.node_id])
    if not node_operations.decide_limit(limit_id=asked.id, approves=approves, actor=actor):
        raise _decided_already()
    node = _node(asked, day=clock.today(company))
    text = f"{tagged.text(asked.limit)} {asked.currency}"
    words = Words(
        zh=f"{actor.name} {'批准' if approves else '驳回'} {node.name} 额度 {text}：{reason}",
        en=f"{actor.name} {'approved' if approves else 'rejected'} the limit of {text}: {reason}",
    )
    kind = "node.limit.approved" if approves else "node.limit.rejected"
    save_node.log_about(company, node.code, kind=kind, words=words, actor=actor)
    if approves:
        _tell_held(company)
    return asked.id


def _ask(company: Company, limit: NodeLimitRecord, *, code: str, actor: Actor) -> None:
    key = (company.pk, clock.today(company))
    route = routing.route(
        kind=routing.LEVEL_LIMIT,
        grade=None,
        amount=_asked_amount(limit),
        authority=order_policy.in_force({key})[key].authority,
    )
    new = approvals.NewRequest(
        company_id=company.pk,
        customer_id=None,
        subject_id=limit.id,
        reference=code,
        route=route,
        reason=limit.reason,
        asked_by=(limit.requested_by_id, limit.requested_by_name),
    )
    approvals.ask([new], actor=actor)


def _asked_amount(limit: NodeLimitRecord) -> Money:
    match limit.limit:
        case tagged.Amount(money):
            return money
        case tagged.Unlimited():
            return Money(_ANY_AMOUNT, limit.currency)
        case _:
            return Money.zero(limit.currency)


def _open_limit(limit_id: UUID) -> NodeLimitRecord:
    found = node_queries.limit_by_id(limit_id)
    if found is None:
        raise save_node.UnableToFindNodeError(Words(zh="没有这项额度申请。", en="There is no such limit."))
    if found.status != NodeLimitStatus.OPEN:
        raise _decided_already()
    return found


def _node(limit: NodeLimitRecord, *, day: date) -> NodeRecord:
    return node_queries.nodes(as_of=day, ids=[limit.node_id], only_active=False)[0]


def _decided_already() -> UnableToDecideNodeLimitError:
    return UnableToDecideNodeLimitError(
        Words(
            zh="这项额度申请已经决定。请刷新后查看。", en="The limit is decided already. Reload to see how."
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
