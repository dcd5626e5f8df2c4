"""Levels above accounts, with members, limits and rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.apps.exposure import node_operations
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.dossier.models import Customer
    from tradecredit.plumbing.access.models import Company

SYSTEM = Actor.system("test")
SINCE = date(2026, 1, 1)


def node(
    code: str,
    limit: str | None = "1000000.00",
    *,
    members: tuple[Customer, ...] = (),
    kind: str = "group",
    value: str = "",
    company: Company | None = None,
    parent: UUID | None = None,
    currency: str = "CNY",
    strength: str = "joint",
    name: str = "",
) -> UUID:
    """A level with a limit in force and customers named as its members."""
    company_id = None if company is None else company.pk
    with db.unit_of_work(SYSTEM):
        found, _ = node_operations.write_node(
            node_operations.NewNode(
                code=code,
                name=name or f"示例{code}",
                kind=kind,
                value=value,
                company_id=company_id,
                parent_id=parent,
                currency=currency,
                strength=strength,
            ),
            actor=SYSTEM,
        )
        if limit is not None:
            node_operations.open_limit(
                node_id=found,
                company_id=company_id,
                limit=Amount(Money.of(limit, currency)),
                currency=currency,
                validity=Validity(SINCE),
                reason="test",
                actor=SYSTEM,
                is_opening=True,
            )
        for member in members:
            node_operations.add_member(
                node_id=found, customer_id=member.pk, day=SINCE, reason="test", actor=SYSTEM
            )
    return found


def rate(source: str, target: str, value: str, *, day: date = SINCE) -> None:
    """One dated rate."""
    with db.unit_of_work(SYSTEM):
        node_operations.record_rates(
            [
                node_operations.NewRate(
                    source=source, target=target, rate=Decimal(value), valid_from=day, origin="test"
                )
            ],
            actor=SYSTEM,
        )
