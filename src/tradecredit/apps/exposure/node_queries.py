"""Read the levels above accounts: who counts where, what they count, their limits, and exchange rates."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q

from tradecredit.apps.exposure.models import ControlNode, CreditAccount, ExchangeRate, NodeLimit, NodeMember
from tradecredit.apps.exposure.node_models import NodeKind, NodeLimitStatus
from tradecredit.core.exposure import components, items
from tradecredit.core.exposure.components import ExposureParts
from tradecredit.core.exposure.rates import Rate
from tradecredit.core.kernel.limit import Amount, Limit, NotSet
from tradecredit.core.kernel.money import Money
from tradecredit.plumbing.fields import limit_from_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRecord:
    """A level as it stands, with the limit in force on the day that was asked for."""

    id: UUID
    code: str
    name: str
    kind: str
    value: str
    company_id: UUID | None
    parent_id: UUID | None
    parent_code: str
    currency: str
    strength: str
    is_active: bool
    limit: Limit
    valid_to: date | None

    @property
    def items(self) -> tuple[str, ...]:
        """Return the items whose order lines a product group counts; nothing where whole documents count."""
        return items.patterns(self.value) if self.kind == NodeKind.PRODUCT_GROUP.value else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLimitRecord:
    """A limit asked for or in force."""

    id: UUID
    node_id: UUID
    limit: Limit
    currency: str
    valid_from: date
    valid_to: date | None
    status: str
    origin: str
    reason: str
    requested_by_id: UUID
    requested_by_name: str
    decided_by_name: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRecord:
    """A customer named as a member."""

    id: UUID
    node_id: UUID
    customer_id: UUID
    customer_code: str
    customer_name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSum:
    """What a level counts in one currency, and over how many accounts."""

    parts: ExposureParts
    accounts: int


def nodes_of_accounts(account_ids: Iterable[UUID], *, as_of: date) -> dict[UUID, frozenset[UUID]]:
    """Return the levels in which each account counts on the day, the levels above those included."""
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, node_id FROM exposure_nodes_of(%s::uuid[], %s)",
            [sorted(set(account_ids)), as_of],
        )
        for account_id, node_id in cursor.fetchall():
            found[account_id].add(node_id)
    return {account: frozenset(nodes) for account, nodes in found.items()}


def accounts_of_nodes(node_ids: Iterable[UUID], *, as_of: date) -> dict[UUID, frozenset[UUID]]:
    """Return the accounts that count at each level on the day, also those out of the actor's sight."""
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT node_id, account_id FROM exposure_node_accounts(%s::uuid[], %s)",
            [sorted(set(node_ids)), as_of],
        )
        for node_id, account_id in cursor.fetchall():
            found[node_id].add(account_id)
    return {node: frozenset(accounts) for node, accounts in found.items()}


def sums(node_ids: Iterable[UUID], *, as_of: date) -> dict[UUID, tuple[NodeSum, ...]]:
    """Return what each level counts by currency; the caller holds the levels' locks where it matters."""
    found: defaultdict[UUID, list[NodeSum]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT node_id, currency, ordered, delivered, billed, bill, unapplied, reserved, accounts"
            " FROM exposure_node_sums(%s::uuid[], %s) ORDER BY node_id, currency",
            [sorted(set(node_ids)), as_of],
        )
        for node_id, currency, *amounts, accounts in cursor.fetchall():
            ordered, delivered, billed, bill, unapplied, reserved = (Money(one, currency) for one in amounts)
            parts = ExposureParts(
                ordered=ordered,
                delivered=delivered,
                billed=billed,
                bill=bill,
                unapplied=unapplied,
                reserved=reserved,
                disputed=Money.zero(currency),
            )
            found[node_id].append(NodeSum(parts=parts, accounts=accounts))
    return {node: tuple(each) for node, each in found.items()}


def item_sums(named: Mapping[UUID, Sequence[str]], *, as_of: date) -> dict[UUID, tuple[NodeSum, ...]]:
    """Return what product groups count of the items that they name, by currency."""
    pairs = [(node, item) for node, each in sorted(named.items()) for item in each]
    found: defaultdict[UUID, list[NodeSum]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT node_id, currency, reserved, delivered, billed, accounts"
            " FROM exposure_item_sums(%s::uuid[], %s::text[], %s) ORDER BY node_id, currency",
            [[node for node, _ in pairs], [item for _, item in pairs], as_of],
        )
        for node_id, currency, *amounts, accounts in cursor.fetchall():
            reserved, delivered, billed = (Money(one, currency) for one in amounts)
            parts = dataclasses.replace(
                components.none_in(currency), reserved=reserved, delivered=delivered, billed=billed
            )
            found[node_id].append(NodeSum(parts=parts, accounts=accounts))
    return {node: tuple(each) for node, each in found.items()}


def nodes(
    *,
    as_of: date,
    ids: Iterable[UUID] | None = None,
    company_id: UUID | None = None,
    only_active: bool = True,
) -> tuple[NodeRecord, ...]:
    """Return levels by code with the limit in force on the day: by identifier, or those that a company counts in."""
    rows = ControlNode.objects.select_related("parent")
    if ids is not None:
        rows = rows.filter(pk__in=set(ids))
    if company_id is not None:
        rows = rows.filter(Q(company_id__isnull=True) | Q(company_id=company_id))
    if only_active:
        rows = rows.filter(is_active=True)
    found = list(rows.order_by("code"))
    limits = _limits_in_force([row.pk for row in found], as_of=as_of)
    return tuple(_node(row, limits.get(row.pk), as_of=as_of) for row in found)


def node_by_code(code: str, *, as_of: date) -> NodeRecord | None:
    """Return one level in scope."""
    row = ControlNode.objects.filter(code=code).first()
    return None if row is None else nodes(as_of=as_of, ids=[row.pk], only_active=False)[0]


def limit_history(*, node_ids: Iterable[UUID], only_open: bool = False) -> tuple[NodeLimitRecord, ...]:
    """Return the limits of levels, latest first."""
    rows = NodeLimit.objects.filter(node_id__in=set(node_ids))
    if only_open:
        rows = rows.filter(status=NodeLimitStatus.OPEN)
    return tuple(limit_record(row) for row in rows.order_by("-recorded_at", "-pk"))


def limit_by_id(limit_id: UUID) -> NodeLimitRecord | None:
    """Return one limit in scope."""
    row = NodeLimit.objects.filter(pk=limit_id).first()
    return None if row is None else limit_record(row)


def members(*, node_ids: Iterable[UUID], as_of: date) -> tuple[MemberRecord, ...]:
    """Return the customers named as members on the day, by code."""
    rows = NodeMember.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=as_of), node_id__in=set(node_ids), valid_from__lte=as_of
    ).select_related("customer")
    return tuple(
        MemberRecord(
            id=row.pk,
            node_id=row.node_id,
            customer_id=row.customer_id,
            customer_code=row.customer.code,
            customer_name=row.customer.name,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rows.order_by("customer__code")
    )


def account_ids_of(customer_ids: Iterable[UUID]) -> tuple[UUID, ...]:
    """Return the accounts of customers in every company and currency in scope, in the order of locking."""
    rows = CreditAccount.objects.filter(customer_id__in=set(customer_ids)).order_by("pk")
    return tuple(rows.values_list("pk", flat=True))


def rate_book(*, as_of: date, known_at: datetime | None = None) -> tuple[Rate, ...]:
    """Return every rate in force by the day, the one recorded last standing last."""
    rows = ExchangeRate.objects.filter(valid_from__lte=as_of)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    latest = rows.order_by("from_currency", "to_currency", "-valid_from", "-recorded_at", "-pk").distinct(
        "from_currency", "to_currency"
    )
    return tuple(
        Rate(
            source=row.from_currency,
            target=row.to_currency,
            rate=row.rate,
            day=row.valid_from,
            origin=row.source,
        )
        for row in latest
    )


def limit_record(row: NodeLimit) -> NodeLimitRecord:
    """Return a limit's row as a value."""
    return NodeLimitRecord(
        id=row.pk,
        node_id=row.node_id,
        limit=limit_from_columns(kind=row.limit_kind, amount=row.limit_amount, currency=row.currency),
        currency=row.currency,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        status=row.status,
        origin=row.origin,
        reason=row.reason,
        requested_by_id=row.requested_by_id,
        requested_by_name=row.requested_by_name,
        decided_by_name=row.decided_by_name,
        recorded_at=row.recorded_at,
    )


def _limits_in_force(node_ids: Sequence[UUID], *, as_of: date) -> Mapping[UUID, NodeLimit]:
    rows = NodeLimit.objects.filter(
        node_id__in=node_ids, status=NodeLimitStatus.APPROVED, valid_from__lte=as_of
    )
    latest = rows.order_by("node_id", "-valid_from", "-decided_at", "-pk").distinct("node_id")
    return {row.node_id: row for row in latest}


def _node(row: ControlNode, limit: NodeLimit | None, *, as_of: date) -> NodeRecord:
    return NodeRecord(
        id=row.pk,
        code=row.code,
        name=row.name,
        kind=row.kind,
        value=row.value,
        company_id=row.company_id,
        parent_id=row.parent_id,
        parent_code="" if row.parent is None else row.parent.code,
        currency=row.currency,
        strength=row.strength,
        is_active=row.is_active,
        limit=_limit_on(limit, as_of=as_of, currency=row.currency),
        valid_to=None if limit is None else limit.valid_to,
    )


def _limit_on(limit: NodeLimit | None, *, as_of: date, currency: str) -> Limit:
    """Return the limit on the day; one whose time is over grants nothing, as with a customer's line."""
    if limit is None:
        return NotSet()
    if limit.valid_to is not None and limit.valid_to <= as_of:
        return Amount(Money.zero(currency))
    return limit_from_columns(kind=limit.limit_kind, amount=limit.limit_amount, currency=currency)
