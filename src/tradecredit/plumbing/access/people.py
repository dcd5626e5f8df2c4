"""From a stored user to the actor that flows and queries know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.plumbing.access.actor import Actor, Role, RowKind, RowScope
from tradecredit.plumbing.access.models import Company, Membership, User

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID


def actor_of(user: User, *, only_role: str = "") -> Actor:
    """Return the user as an actor, with all its roles or only one of them."""
    memberships = Membership.objects.filter(user=user)
    if only_role:
        memberships = memberships.filter(role=only_role)
    rows = list(memberships)
    return Actor(
        user_id=user.pk,
        name=user.name or user.email,
        email=user.email,
        language=user.language,
        roles=frozenset((row.company_id, Role(row.role)) for row in rows),
        row_scopes=tuple((row.company_id, RowScope(RowKind(row.row_kind), row.row_value)) for row in rows),
    )


def companies_of(actor: Actor) -> Sequence[Company]:
    """Return the actor's companies by code; every company for the system."""
    companies = Company.objects.order_by("code")
    return list(companies if actor.is_system else companies.filter(pk__in=actor.companies))


def company_of(actor: Actor, *, code: str) -> Company | None:
    """Return the company with the code if the actor belongs to it."""
    company = Company.objects.filter(code=code).first()
    if company is None or not (actor.is_system or company.pk in actor.companies):
        return None
    return company


def people_with_role(*, company_id: UUID, roles: Sequence[str]) -> Sequence[User]:
    """Return the active users who hold any of the roles in the company."""
    return list(
        User.objects.filter(is_active=True, memberships__company_id=company_id, memberships__role__in=roles)
        .distinct()
        .order_by("name")
    )


def names_of(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of users by identifier; the system is none of them."""
    rows = User.objects.filter(pk__in=set(user_ids))
    return {row.pk: row.name or row.email for row in rows}
