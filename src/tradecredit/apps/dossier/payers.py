"""The customers of a company as payers: all of them at once, with the names and the group by which they are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q

from tradecredit.apps.dossier.models import Customer, CustomerParty
from tradecredit.core.cash_application.matcher.values import Customer as Payer

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID


# Who pays for a customer, or lends it an account: both are known by either's name.
_ROLES: Final = ("payer", "account")


def of_company(*, company_id: UUID, as_of: date | None = None) -> tuple[Payer, ...]:
    """Return every customer of the company; a parent and those under it are one group.

    With a day, whoever pays for customers on it (or lends them an account) is of one group with them as well; an
    orderer that has a parent stays in the parent's group.
    """
    rows = Customer.objects.filter(company_ids__contains=[company_id]).order_by("code")
    listed = list(rows.values_list("pk", "code", "name", "parent_id"))
    homes = {key: parent for key, *_, parent in listed if parent is not None}
    for customer_id, party_id in _paid_for(company_id, as_of):
        homes.setdefault(customer_id, homes.get(party_id, party_id))
    heads = set(homes.values())
    return tuple(
        Payer(
            key=str(key),
            code=code,
            name=name,
            group=str(homes.get(key, key)) if key in homes or key in heads else "",
        )
        for key, code, name, _ in listed
    )


def _paid_for(company_id: UUID, as_of: date | None) -> list[tuple[UUID, UUID]]:
    if as_of is None:
        return []
    rows = CustomerParty.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=as_of),
        company_id=company_id,
        role__in=_ROLES,
        valid_from__lte=as_of,
    )
    return list(rows.order_by("-role", "valid_from").values_list("customer_id", "party_id"))
