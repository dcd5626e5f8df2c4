"""Who is what to a customer: payer, owner of a shared account, bill-to, guarantor; read and written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q

from tradecredit.apps.dossier.models import CustomerParty
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.postgres.among import among

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRecord:
    """Another customer in a role for a customer of a company, for a time."""

    id: UUID
    company_id: UUID
    customer_code: str
    customer_name: str
    party_code: str
    party_name: str
    role: str
    valid_from: date
    valid_to: date | None

    def is_in_force(self, day: date) -> bool:
        """Tell whether the role is held on the day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def in_force(*, codes: Iterable[str], as_of: date, company_ids: Iterable[UUID]) -> tuple[PartyRecord, ...]:
    """Return the parties of the customers on the day, with one statement."""
    rows = CustomerParty.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=as_of),
        customer__code__in=set(codes),
        company_id__in=set(company_ids),
        valid_from__lte=as_of,
    ).select_related("customer", "party")
    return tuple(map(_record, rows.order_by("customer__code", "role", "valid_from")))


def ever(*, codes: Iterable[str], company_id: UUID, roles: Iterable[str]) -> tuple[PartyRecord, ...]:
    """Return whoever held (or will hold) one of the roles for the customers, latest first, with one statement."""
    rows = CustomerParty.objects.filter(
        customer__code__in=set(codes), company_id=company_id, role__in=set(roles)
    ).select_related("customer", "party")
    return tuple(map(_record, rows.order_by("-valid_from", "role")))


def ever_of(
    *, customer_ids: Iterable[UUID], company_id: UUID, roles: Iterable[str]
) -> frozenset[tuple[UUID, UUID]]:
    """Return (customer, party) of whoever held (or will hold) one of the roles for the customers."""
    rows = CustomerParty.objects.filter(
        among("customer_id", set(customer_ids)), company_id=company_id, role__in=set(roles)
    )
    return frozenset(rows.values_list("customer_id", "party_id"))


def of_customer(*, customer_id: UUID, company_id: UUID) -> tuple[PartyRecord, ...]:
    """Return every party that the customer ever had, and for whom it is a party itself, latest first."""
    rows = CustomerParty.objects.filter(
        Q(customer_id=customer_id) | Q(party_id=customer_id), company_id=company_id
    ).select_related("customer", "party")
    return tuple(map(_record, rows.order_by("-valid_from", "role")))


def replace(
    *,
    company_id: UUID,
    customer_id: UUID,
    role: str,
    party_id: UUID | None,
    day: date,
    reason: str,
    actor: Actor,
) -> None:
    """Let another party (or nobody) hold the role from the day on; what stood before ends with it."""
    db.transaction_required()
    standing = CustomerParty.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day),
        company_id=company_id,
        customer_id=customer_id,
        role=role,
    )
    moment = clock.now()
    standing.filter(valid_from__gte=day).update(valid_to=F("valid_from"), ended_at=moment)
    standing.filter(valid_from__lt=day).update(valid_to=day, ended_at=moment)
    if party_id is not None:
        CustomerParty.objects.create(
            company_id=company_id,
            customer_id=customer_id,
            party_id=party_id,
            role=role,
            valid_from=day,
            reason=reason,
            recorded_at=moment,
            recorded_by=actor.name,
        )


def _record(row: CustomerParty) -> PartyRecord:
    return PartyRecord(
        id=row.pk,
        company_id=row.company_id,
        customer_code=row.customer.code,
        customer_name=row.customer.name,
        party_code=row.party.code,
        party_name=row.party.name,
        role=row.role,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
