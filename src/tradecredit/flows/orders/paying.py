"""Whose account a document is checked against: the payer's where one is set, a parent's that a branch shares."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from tradecredit.apps.dossier import parties
from tradecredit.apps.orders import queries as orders
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.dossier.parties import PartyRecord
    from tradecredit.plumbing.access.models import Company

# The roles that move the check to another account, the strongest first.
ROLES: Final = ("payer", "account")


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldTo:
    """Who ordered, where somebody else's account is checked, and the role that makes it so."""

    code: str
    name: str
    role: str


class Asked(Protocol):
    """A request as `order_cases.CheckRequest` is one."""

    @property
    def company(self) -> Company: ...
    @property
    def customer_code(self) -> str: ...
    @property
    def reference(self) -> str: ...
    @property
    def requested_on(self) -> date | None: ...


R = TypeVar("R", bound=Asked)


def resolved(requests: Sequence[R], *, as_of: date | None) -> list[R]:
    """Return the requests with the customer whose account is checked; who ordered stands beside it.

    An order that is known stays with the account in which it counts, whoever pays today.
    """
    found: dict[tuple[UUID, str, date], PartyRecord] = {}
    for day, asked in _by_day(requests, as_of=as_of).items():
        every = parties.in_force(
            codes={one.customer_code for one in asked},
            as_of=day,
            company_ids={one.company.pk for one in asked},
        )
        for role in reversed(ROLES):
            found |= {(one.company_id, one.customer_code, day): one for one in every if one.role == role}
    if not found:
        return list(requests)
    homes = orders.orders_by_reference({(one.company.pk, one.reference) for one in requests})
    return [_resolved(one, found, homes, day=_day(one, as_of)) for one in requests]


def _resolved(
    request: R,
    found: Mapping[tuple[UUID, str, date], PartyRecord],
    homes: Mapping[tuple[UUID, str], orders.OrderRecord],
    *,
    day: date,
) -> R:
    home = homes.get((request.company.pk, request.reference))
    party = found.get((request.company.pk, request.customer_code, day))
    if home is not None and home.customer_code == request.customer_code:
        return request
    if party is None:
        return request
    sold_to = SoldTo(code=party.customer_code, name=party.customer_name, role=party.role)
    code = party.party_code if home is None else home.customer_code
    changed: dict[str, Any] = {"customer_code": code, "sold_to": sold_to}
    return dataclasses.replace(request, **changed)  # type: ignore[type-var] # requests are dataclasses


def _by_day(requests: Sequence[R], *, as_of: date | None) -> dict[date, list[R]]:
    found: dict[date, list[R]] = {}
    for one in requests:
        found.setdefault(_day(one, as_of), []).append(one)
    return found


def _day(request: Asked, as_of: date | None) -> date:
    return as_of or request.requested_on or clock.today(request.company)
