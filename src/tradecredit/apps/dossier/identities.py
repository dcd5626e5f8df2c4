"""What customers are called in other systems: read and recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.dossier.models import Customer, CustomerIdentity
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from uuid import UUID

    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRecord:
    """A customer's code in one system."""

    system: str
    code: str
    customer_id: UUID


def of_customer(customer_id: UUID) -> tuple[IdentityRecord, ...]:
    """Return the codes of a customer, with our own codes of the records that were merged into it."""
    rows = CustomerIdentity.objects.filter(customer_id=customer_id).order_by("system", "code")
    found = [IdentityRecord(system=row.system, code=row.code, customer_id=row.customer_id) for row in rows]
    own = Customer.objects.filter(merged_into_id=customer_id).order_by("code").values_list("code", flat=True)
    return (*found, *(IdentityRecord(system="merged", code=code, customer_id=customer_id) for code in own))


def holder(*, system: str, code: str) -> UUID | None:
    """Return the customer whom a code of a system names."""
    row = CustomerIdentity.objects.filter(system=system, code=code).first()
    return row.customer_id if row else None


def codes_of(*, system: str, codes: AbstractSet[str]) -> dict[str, str]:
    """Return our codes of the customers whom a system calls by these, where they differ from its own."""
    rows = CustomerIdentity.objects.filter(system=system, code__in=codes)
    return dict(rows.values_list("code", "customer__code"))


def keep(*, customer_id: UUID, system: str, code: str, actor: Actor) -> None:
    """Record a code of a customer."""
    db.transaction_required()
    CustomerIdentity.objects.create(
        customer_id=customer_id,
        system=system,
        code=code,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )
