"""Write levels, their limits and members, and exchange rates; every writer holds the locks that its flow took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from tradecredit.apps.exposure.models import ControlNode, ExchangeRate, NodeLimit, NodeMember
from tradecredit.apps.exposure.node_models import NodeLimitStatus
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.fields import limit_to_columns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.core.kernel.limit import Limit
    from tradecredit.core.kernel.periods import Validity
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNode:
    """A level to create or to change; the code tells which it is."""

    code: str
    name: str
    kind: str
    value: str
    company_id: UUID | None
    parent_id: UUID | None
    currency: str
    strength: str
    is_active: bool = True
    is_demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRate:
    """One unit of a currency in another from a day on."""

    source: str
    target: str
    rate: Decimal
    valid_from: date
    origin: str


def write_node(node: NewNode, *, actor: Actor) -> tuple[UUID, str]:
    """Create a level or change it; returns its identifier and ``created``, ``updated`` or ``unchanged``."""
    db.transaction_required()
    values = {
        "name": node.name,
        "kind": node.kind,
        "value": node.value,
        "company_id": node.company_id,
        "parent_id": node.parent_id,
        "currency": node.currency,
        "strength": node.strength,
        "is_active": node.is_active,
    }
    row = ControlNode.objects.filter(code=node.code).first()
    if row is None:
        created = ControlNode.objects.create(
            code=node.code, is_demo=node.is_demo, recorded_at=clock.now(), recorded_by=actor.name, **values
        )
        return created.pk, "created"
    if all(getattr(row, name) == value for name, value in values.items()):
        return row.pk, "unchanged"
    for name, value in values.items():
        setattr(row, name, value)
    row.recorded_by = actor.name
    row.save(update_fields=[*values, "recorded_by"])
    return row.pk, "updated"


def open_limit(
    *,
    node_id: UUID,
    company_id: UUID | None,
    limit: Limit,
    currency: str,
    validity: Validity,
    reason: str,
    actor: Actor,
    is_opening: bool = False,
) -> UUID:
    """Record a limit that waits for a second person, or one that stood before the house decided here (opening)."""
    db.transaction_required()
    kind, amount = limit_to_columns(limit)
    moment = clock.now()
    row = NodeLimit.objects.create(
        node_id=node_id,
        company_id=company_id,
        limit_kind=kind,
        limit_amount=amount,
        currency=currency,
        valid_from=validity.valid_from,
        valid_to=validity.valid_to,
        status=NodeLimitStatus.APPROVED if is_opening else NodeLimitStatus.OPEN,
        origin="opening" if is_opening else "approval",
        reason=reason,
        requested_by_id=actor.user_id,
        requested_by_name=actor.name,
        decided_by_id=actor.user_id if is_opening else None,
        decided_by_name=actor.name if is_opening else "",
        recorded_at=moment,
        decided_at=moment if is_opening else None,
    )
    return row.pk


def decide_limit(*, limit_id: UUID, approves: bool, actor: Actor) -> bool:
    """Write the decision on an open limit; the database refuses the person who asked for it."""
    db.transaction_required()
    changed = NodeLimit.objects.filter(pk=limit_id, status=NodeLimitStatus.OPEN).update(
        status=NodeLimitStatus.APPROVED if approves else NodeLimitStatus.REJECTED,
        decided_by_id=actor.user_id,
        decided_by_name=actor.name,
        decided_at=clock.now(),
    )
    return bool(changed)


def add_member(*, node_id: UUID, customer_id: UUID, day: date, reason: str, actor: Actor) -> bool:
    """Name a customer as a member from the day on; False when it is one already."""
    db.transaction_required()
    standing = NodeMember.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day), node_id=node_id, customer_id=customer_id
    )
    if standing.exists():
        return False
    NodeMember.objects.create(
        node_id=node_id,
        customer_id=customer_id,
        valid_from=day,
        reason=reason,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )
    return True


def end_membership(*, node_ids: Sequence[UUID], customer_id: UUID, day: date) -> tuple[UUID, ...]:
    """End the customer's membership with the day before; returns the levels that it left."""
    db.transaction_required()
    rows = NodeMember.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day), node_id__in=node_ids, customer_id=customer_id
    )
    left = tuple(rows.values_list("node_id", flat=True))
    rows.filter(valid_from__lt=day).update(valid_to=day)
    # Named and taken out on one day: it was never a member, and the row says so.
    rows.filter(valid_from__gte=day).update(valid_to=day, valid_from=day)
    return left


def record_rates(rates: Sequence[NewRate], *, actor: Actor) -> None:
    """Append rates; the latest recorded of a day holds."""
    db.transaction_required()
    moment = clock.now()
    ExchangeRate.objects.bulk_create(
        [
            ExchangeRate(
                from_currency=rate.source,
                to_currency=rate.target,
                rate=rate.rate,
                valid_from=rate.valid_from,
                source=rate.origin,
                recorded_at=moment,
                recorded_by=actor.name,
            )
            for rate in rates
        ]
    )
