"""Master data as it was known at a moment: what it said until it was replaced."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tradecredit.apps.dossier.models import Customer, CustomerBefore

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradecredit.apps.dossier.queries import CustomerRecord

_AS_THEY_ARE = (
    *("name", "uscc", "customer_type", "industry", "region", "salesperson", "team", "currency", "language"),
    *("email", "lifecycle", "version"),
)


def as_known(
    customers: Mapping[UUID, CustomerRecord], *, known_at: datetime | None
) -> dict[UUID, CustomerRecord]:
    """Return the customers as they were known at the moment; who was recorded later is left out (None: as they are)."""
    if known_at is None:
        return dict(customers)
    rows = CustomerBefore.objects.filter(customer_id__in=list(customers), replaced_at__gt=known_at)
    before = {
        row.customer_id: row.before
        for row in rows.order_by("customer_id", "replaced_at", "id").distinct("customer_id")
    }
    there = set(
        Customer.objects.filter(pk__in=list(customers), created_at__lte=known_at).values_list("pk", flat=True)
    )
    codes = _codes(said["parent_id"] for said in before.values())
    return {
        customer_id: _then(customer, before[customer_id], codes) if customer_id in before else customer
        for customer_id, customer in customers.items()
        if customer_id in there
    }


def parents(*, known_at: datetime | None = None) -> dict[str, str]:
    """Return the code of every customer's parent, for those that have one, as known at the moment."""
    rows = Customer.objects.filter(parent__isnull=False).values_list("pk", "code", "parent__code")
    found = {customer_id: (code, parent) for customer_id, code, parent in rows}
    if known_at is not None:
        moved = CustomerBefore.objects.filter(replaced_at__gt=known_at).select_related("customer")
        earliest = moved.order_by("customer_id", "replaced_at", "id").distinct("customer_id")
        said = {row.customer_id: (row.customer.code, row.before["parent_id"]) for row in earliest}
        codes = _codes(parent for _, parent in said.values())
        for customer_id, (code, parent) in said.items():
            found.pop(customer_id, None)
            if parent:
                found[customer_id] = (code, codes[UUID(parent)])
    return dict(found.values())


def _codes(parent_ids: Iterable[str | None]) -> dict[UUID, str]:
    wanted = {UUID(parent_id) for parent_id in parent_ids if parent_id}
    return dict(Customer.objects.filter(pk__in=wanted).values_list("pk", "code")) if wanted else {}


def _then(customer: CustomerRecord, said: Mapping[str, Any], codes: Mapping[UUID, str]) -> CustomerRecord:
    parent_id = UUID(said["parent_id"]) if said["parent_id"] else None
    return dataclasses.replace(
        customer,
        **{name: said[name] for name in _AS_THEY_ARE},
        is_uscc_valid=said["uscc_valid"],
        customer_since=date.fromisoformat(said["customer_since"]) if said["customer_since"] else None,
        parent_id=parent_id,
        parent_code=codes[parent_id] if parent_id else "",
        updated_at=datetime.fromisoformat(said["updated_at"]),
    )
