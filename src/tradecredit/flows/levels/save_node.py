"""Define a level above accounts: a group, a family, a salesperson, a region, a portfolio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.exposure import node_locks, node_operations, node_queries
from tradecredit.apps.exposure.node_models import NodeKind, Strength
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.exposure.node_queries import NodeRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

# A check of an order locks every level above it in one order; three levels bound that lock.
LEVELS_MAX: Final = 3
NAMED_KINDS: Final = frozenset({NodeKind.GROUP.value, NodeKind.PRODUCT_GROUP.value})


class UnableToKeepNodeError(UnableToError):
    """The level contradicts itself, its parent or what stands already."""

    code = "node_refused"
    status = 409


class UnableToFindNodeError(UnableToError):
    """No such level, or the actor may not see it."""

    code = "node_unknown"
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeDraft:
    """A level as somebody describes it; it counts all legal entities unless ``of_company``."""

    code: str
    name: str = ""
    kind: str = NodeKind.GROUP.value
    value: str = ""
    currency: str = ""
    strength: str = Strength.JOINT.value
    parent_code: str = ""
    of_company: bool = False
    is_active: bool = True
    is_demo: bool = False


def save_node(*, company: Company, draft: NodeDraft, actor: Actor) -> tuple[NodeRecord, str]:
    """Create a level or change it; returns it with ``created``, ``updated`` or ``unchanged``.

    Raises UnableToFindNodeError for an unknown parent, UnableToKeepNodeError.
    """
    day = clock.today(company)
    with db.unit_of_work(actor):
        every = {node.code: node for node in node_queries.nodes(as_of=day, only_active=False)}
        known = every.get(draft.code)
        parent = _named(every, draft.parent_code) if draft.parent_code else None
        company_id = company.pk if draft.of_company else None
        _refuse_nonsense(draft, known, company)
        _refuse_place(draft, parent, every, company_id=company_id)
        if known is not None:
            node_locks.lock_nodes([known.id])
        _, status = node_operations.write_node(
            node_operations.NewNode(
                code=draft.code,
                name=draft.name or draft.code,
                kind=draft.kind,
                value=draft.value,
                company_id=company_id,
                parent_id=None if parent is None else parent.id,
                currency=draft.currency or (known.currency if known else company.base_currency),
                strength=draft.strength,
                is_active=draft.is_active,
                is_demo=draft.is_demo,
            ),
            actor=actor,
        )
        if status != "unchanged":
            words = Words(zh=f"受控层级 {draft.code} 已保存", en=f"Level {draft.code} saved ({status})")
            log_about(company, draft.code, kind=f"node.{status}", words=words, actor=actor)
        return named(draft.code, as_of=day), status


def named(code: str, *, as_of: date) -> NodeRecord:
    """Return the level with the code; raises UnableToFindNodeError."""
    node = node_queries.node_by_code(code, as_of=as_of)
    if node is None:
        raise _unknown(code)
    return node


def with_those_above(nodes: Iterable[NodeRecord], *, as_of: date) -> frozenset[UUID]:
    """Return the levels and all levels above them."""
    every = {node.id: node for node in node_queries.nodes(as_of=as_of, only_active=False)}
    found: set[UUID] = set()
    waiting = [node.id for node in nodes]
    while waiting:
        node = every.get(waiting.pop())
        if node is not None and node.id not in found:
            found.add(node.id)
            waiting += [] if node.parent_id is None else [node.parent_id]
    return frozenset(found)


def refused(*, zh: str, en: str) -> UnableToKeepNodeError:
    """Return the refusal of something that contradicts the levels as they stand."""
    return UnableToKeepNodeError(Words(zh=zh, en=en))


def log_about(company: Company, code: str, *, kind: str, words: Words, actor: Actor) -> None:
    """Write down what happened to a level."""
    entry = log.NewEntry(stream=f"node:{code}", kind=kind, words=words)
    log.append(company_id=company.pk, actor=actor, entries=[entry])


def _named(every: Mapping[str, NodeRecord], code: str) -> NodeRecord:
    if code not in every:
        raise _unknown(code)
    return every[code]


def _unknown(code: str) -> UnableToFindNodeError:
    return UnableToFindNodeError(
        Words(zh="没有编码为 {code} 的受控层级。", en="There is no level with the code {code}.").filled(
            code=code
        )
    )


def _refuse_nonsense(draft: NodeDraft, known: NodeRecord | None, company: Company) -> None:
    if draft.kind not in NodeKind.values or draft.strength not in Strength.values:
        raise refused(
            zh=f"类型只能是 {'、'.join(NodeKind.values)}；强度只能是 joint 或 single。",
            en=f"The kind is one of {', '.join(NodeKind.values)}; the strength is joint or single.",
        )
    if draft.kind not in {*NAMED_KINDS, NodeKind.PORTFOLIO.value} and not draft.value:
        raise refused(
            zh="请写明统计谁（例如业务员姓名或集团上级客户编码）。",
            en="Say whom it counts, such as the salesperson or the family's top customer.",
        )
    if known is None:
        return
    if known.company_id not in {None, company.pk}:
        raise refused(zh=f"编码 {draft.code} 已被占用。", en=f"The code {draft.code} is taken.")
    if draft.currency and draft.currency != known.currency:
        raise refused(
            zh="币种不能更改，请另建层级。", en="The currency of a level cannot change: make another level."
        )


def _refuse_place(
    draft: NodeDraft, parent: NodeRecord | None, every: Mapping[str, NodeRecord], *, company_id: UUID | None
) -> None:
    _refuse_items(draft, parent, every)
    if parent is None:
        return
    if parent.company_id is not None and parent.company_id != company_id:
        raise refused(
            zh=f"上级 {parent.code} 只统计一家公司，下级也须只统计这家公司。",
            en=f"{parent.code} counts one company only, so a level below it counts that company only as well.",
        )
    above = _upwards(parent.code, every)
    if draft.code in above or len(above) + _depth(draft.code, every) > LEVELS_MAX:
        raise refused(
            zh=f"层级不能成环，最多 {LEVELS_MAX} 级。",
            en=f"Levels close no circle; at most {LEVELS_MAX} are kept.",
        )


def _refuse_items(draft: NodeDraft, parent: NodeRecord | None, every: Mapping[str, NodeRecord]) -> None:
    is_between = parent is not None or any(node.parent_code == draft.code for node in every.values())
    is_of_items = _names_items(draft.kind, draft.value) and is_between
    if is_of_items or (parent is not None and _names_items(parent.kind, parent.value)):
        raise refused(
            zh="写明产品的产品组按订单行统计，不能有上级或下级。",
            en="A product group that names items counts order lines: it stands neither above nor below a level.",
        )


def _names_items(kind: str, value: str) -> bool:
    return kind == NodeKind.PRODUCT_GROUP.value and bool(value.strip())


def _upwards(code: str, every: Mapping[str, NodeRecord]) -> list[str]:
    links: list[str] = []
    while code and code not in links:
        links.append(code)
        code = every[code].parent_code if code in every else ""
    return links


def _depth(code: str, every: Mapping[str, NodeRecord]) -> int:
    below = [node.code for node in every.values() if node.parent_code == code and node.code != code]
    return 1 + max((_depth(one, every) for one in below), default=0)
