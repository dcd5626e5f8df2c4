"""Record groups with their opening limits and members from a file; the same file again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.exposure import node_operations, node_queries
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import InvalidMoneyError
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows import row_results
from tradecredit.flows.levels import move_member, save_node
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult, RowStatus
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.apps.exposure.node_queries import NodeRecord
    from tradecredit.core.kernel.limit import Limit
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_UNLIMITED: Final = frozenset({"unlimited", "不限", "无限", "不控制"})
_NOT_SET: Final = frozenset({"", "not set", "未授信", "未设置"})
_OF_COMPANY: Final = frozenset({"company", "本公司", "公司"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A group as it came, with one member; a group of several members has a row for each."""

    code: str
    name: str = ""
    kind: str = "group"
    value: str = ""
    customer_code: str = ""
    limit: str = ""
    currency: str = ""
    parent_code: str = ""
    strength: str = "joint"
    scope: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    row: int = 0


def import_groups(*, rows: Sequence[GroupRow], company: Company, actor: Actor) -> ImportResult:
    """Record groups, opening limits and members; a refused row does not stop the good ones.

    A limit that was approved here is not overwritten by a file.
    """
    results: list[RowResult] = []
    with db.unit_of_work(actor):
        for place, row in enumerate(rows, start=1):
            try:
                with db.savepoint():
                    status = _record(row, company=company, actor=actor)
            except (RefusedRowError, UnableToError) as refusal:
                field = refusal.field if isinstance(refusal, RefusedRowError) else "group_code"
                error = RefusedRowError(field=field, value=row.code, words=refusal.words)
                results.append(error.result(row=row.row or place, number=row.code))
                continue
            results.append(RowResult(row=row.row or place, number=row.code, status=status))
    return row_results.in_order(results)


def _record(row: GroupRow, *, company: Company, actor: Actor) -> RowStatus:
    day = clock.today(company)
    draft = save_node.NodeDraft(
        code=row.code,
        name=row.name,
        kind=row.kind,
        value=row.value,
        currency=row.currency.upper(),
        strength=row.strength,
        parent_code=row.parent_code,
        of_company=row.scope in _OF_COMPANY,
    )
    node, saved = save_node.save_node(company=company, draft=draft, actor=actor)
    has_limit = _limit(row, node, day=day, actor=actor)
    has_member = _member(row, node, company=company, day=day, actor=actor)
    if saved == "created":
        return RowStatus.CREATED
    return RowStatus.UPDATED if saved == "updated" or has_limit or has_member else RowStatus.UNCHANGED


def _limit(row: GroupRow, node: NodeRecord, *, day: date, actor: Actor) -> bool:
    limit = _parsed(row.limit, node.currency)
    if isinstance(limit, tagged.NotSet):
        return False
    history = [one for one in node_queries.limit_history(node_ids=[node.id]) if one.status == "approved"]
    validity = Validity(row.valid_from or day, row.valid_to)
    latest = history[0] if history else None
    if latest is not None and latest.origin != "opening":
        if latest.limit == limit:
            return False
        raise _refused(
            "limit",
            zh="该集团额度已在系统内批准，不能用文件覆盖；请提出申请",
            en="this limit was approved here and a file does not overwrite it; propose a limit instead",
        )
    if latest is not None and latest.limit == limit and latest.valid_to == validity.valid_to:
        return False
    node_operations.open_limit(
        node_id=node.id,
        company_id=node.company_id,
        limit=limit,
        currency=node.currency,
        validity=validity,
        reason="opening balance",
        actor=actor,
        is_opening=True,
    )
    return True


def _member(row: GroupRow, node: NodeRecord, *, company: Company, day: date, actor: Actor) -> bool:
    if not row.customer_code:
        return False
    known = {one.customer_code for one in node_queries.members(node_ids=[node.id], as_of=day)}
    if row.customer_code in known:
        return False
    move_member.move_member(
        company=company, customer_code=row.customer_code, to=node.code, reason="import", actor=actor
    )
    return True


def _parsed(text: str, currency: str) -> Limit:
    cleaned = text.strip().lower()
    if cleaned in _NOT_SET:
        return tagged.NotSet()
    if cleaned in _UNLIMITED:
        return tagged.Unlimited()
    try:
        amount = money.parse(cleaned.replace(",", ""), currency)
    except InvalidMoneyError as error:
        raise _refused(
            "limit", zh="额度应为金额、unlimited 或 not set", en="a limit is an amount, unlimited or not set"
        ) from error
    if amount.amount < 0:
        raise _refused("limit", zh="额度不能为负数", en="a limit is not below zero")
    return tagged.Amount(amount)


def _refused(field: str, *, zh: str, en: str) -> RefusedRowError:
    return RefusedRowError(field=field, value="", words=Words(zh=zh, en=en))
