"""What another system is to know of the customers that it knows: who is held, and everybody's line, on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from tradecredit.apps.dossier.models import Customer, CustomerIdentity
from tradecredit.apps.limits import queries as limits
from tradecredit.apps.monitoring import queries as monitoring
from tradecredit.core.kernel.limit import NotSet
from tradecredit.core.sources.standings import HOLDING, Standing

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID


def wanted(*, company_id: UUID, system: str, as_of: date) -> tuple[Standing, ...]:
    """Return the standings of the customers that came from the system or have a code in it, in its codes."""
    codes = _codes(company_id=company_id, system=system)
    frozen = monitoring.active_freezes(company_id=company_id, customer_ids=list(codes), as_of=as_of)
    lines = limits.effective(company_id=company_id, customer_ids=list(codes), as_of=as_of)
    found = []
    for customer_id, (code, currency) in codes.items():
        line = lines.get((customer_id, currency))
        found.append(
            Standing(
                customer_code=code,
                is_held=any(freeze.scope in HOLDING for freeze in frozen.get(customer_id, ())),
                limit=line.limit if line else NotSet(),
                currency=currency,
            )
        )
    return tuple(sorted(found, key=lambda one: one.customer_code))


def _codes(*, company_id: UUID, system: str) -> dict[UUID, tuple[str, str]]:
    """Return the system's code and the currency of each customer that it knows."""
    named = CustomerIdentity.objects.filter(system=system)
    rows = Customer.objects.filter(
        Q(source=system) | Q(pk__in=named.values("customer_id")), company_ids__contains=[company_id]
    )
    foreign = dict(named.values_list("customer_id", "code"))
    return {
        identifier: (foreign.get(identifier, code), currency)
        for identifier, code, currency in rows.values_list("id", "code", "currency")
    }
