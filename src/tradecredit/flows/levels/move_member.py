"""Move a customer between levels while orders run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics.exposure import node_standings
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.exposure import locks as account_locks
from tradecredit.apps.exposure import node_locks, node_operations, node_queries
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.levels import save_node
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToFindMemberError(UnableToError):
    """No such customer in the company, or the actor may not see it."""

    code = "customer_unknown"
    status = 404


def move_member(
    *,
    company: Company,
    customer_code: str,
    to: str | None,
    leaves: Sequence[str] = (),
    reason: str,
    actor: Actor,
    must_fit: bool = False,
) -> None:
    """Name a customer as a member of a level and take it out of others, in one step.

    With ``must_fit`` a level that would be above its limit refuses the customer. Raises UnableToFindNodeError,
    UnableToFindMemberError, UnableToKeepNodeError.
    """
    day = clock.today(company)
    with db.unit_of_work(actor):
        customer_id = _customer(company, customer_code)
        # Orders of the customer finish first, then every level concerned stands still.
        account_locks.lock_accounts(node_queries.account_ids_of([customer_id]))
        codes = sorted({*leaves, *([to] if to else [])})
        nodes = {code: save_node.named(code, as_of=day) for code in codes}
        concerned = save_node.with_those_above(nodes.values(), as_of=day)
        node_locks.lock_nodes(concerned)
        node_operations.end_membership(
            node_ids=[nodes[code].id for code in leaves], customer_id=customer_id, day=day
        )
        if to is not None:
            _refuse_unnamed(to, nodes[to].kind)
            node_operations.add_member(
                node_id=nodes[to].id, customer_id=customer_id, day=day, reason=reason, actor=actor
            )
        if must_fit:
            _refuse_excess(company, concerned, day=day)
        sentence = f"{customer_code}: {', '.join(leaves) or '—'} → {to or '—'} {reason}"
        words = Words(zh=sentence, en=sentence)
        for code in codes:
            save_node.log_about(company, code, kind="node.member.moved", words=words, actor=actor)
        payload = {"customer_id": customer_id}
        events.emit(name="limit.changed", company_id=company.pk, payload=payload, subject=customer_id)


def _customer(company: Company, code: str) -> UUID:
    customer = dossier.customer_by_code(code)
    if customer is None or company.pk not in customer.company_ids:
        raise UnableToFindMemberError(
            Words(zh="没有代码为 {code} 的客户。", en="There is no customer {code}.").filled(code=code)
        )
    return customer.id


def _refuse_unnamed(code: str, kind: str) -> None:
    if kind not in save_node.NAMED_KINDS:
        raise save_node.refused(
            zh=f"{code} 的成员由客户资料决定，不能指定；请修改客户资料。",
            en=f"Who counts in {code} follows from the customers' records: change the customer instead.",
        )


def _refuse_excess(company: Company, node_ids: Iterable[UUID], *, day: date) -> None:
    records = node_queries.nodes(as_of=day, ids=node_ids)
    for standing in node_standings.of_nodes(records, as_of=day, company_id=company.pk):
        room = standing.headroom
        if isinstance(room, Amount) and room.money.amount < 0:
            raise save_node.refused(
                zh=f"{standing.record.name} 将超出额度 {-room.money.amount:f} {standing.record.currency}，未移动。",
                en=f"{standing.record.code} would be {-room.money.amount:f} {standing.record.currency} above its"
                " limit: nothing was moved.",
            )
