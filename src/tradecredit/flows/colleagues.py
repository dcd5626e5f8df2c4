"""Who in the house hears about a customer: people by role, within what each of them may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradecredit.plumbing.access.actor import Role, RowKind
from tradecredit.plumbing.access.models import Membership, User

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

_CONTACT_ROLES = (Role.COLLECTOR, Role.CREDIT_SPECIALIST, Role.FINANCE_MANAGER, Role.ADMIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A user in one role, with how far the role sees."""

    user: User
    role: str
    row_kind: str
    row_value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """What decides whose customer it is."""

    salesperson: str
    region: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleagues:
    """Everybody with a role in one company."""

    people: Sequence[Person]
    # Whom customers may ask, by whose they are: the same few answers for thousands of letters.
    _contacts: dict[Whose, User | None] = field(default_factory=dict, compare=False, repr=False)

    def with_roles(self, roles: Iterable[str], *, whose: Whose) -> list[User]:
        """Return who hears about the customer, each once; of the sales people only the customer's own."""
        wanted = set(roles)
        found = {
            person.user.pk: person.user
            for person in self.people
            if person.role in wanted and _sees(person, whose)
        }
        return sorted(found.values(), key=lambda user: user.email)

    def contact_for(self, *, whose: Whose) -> User | None:
        """Return whom the customer may ask: its salesperson, else somebody from collections or credit."""
        if whose not in self._contacts:
            self._contacts[whose] = self._contact(whose)
        return self._contacts[whose]

    def _contact(self, whose: Whose) -> User | None:
        own = [
            person.user
            for person in self.people
            if person.role == Role.SALES and whose.salesperson and _sees(person, whose)
        ]
        for role in _CONTACT_ROLES:
            own += [person.user for person in self.people if person.role == role]
        return own[0] if own else None


def of_company(company_id: UUID) -> Colleagues:
    """Return the active people of a company, in a fixed order."""
    rows = (
        Membership.objects.filter(company_id=company_id, user__is_active=True)
        .select_related("user")
        .order_by("user__email", "role")
    )
    return Colleagues(
        people=[
            Person(user=row.user, role=row.role, row_kind=row.row_kind, row_value=row.row_value)
            for row in rows
        ]
    )


def _sees(person: Person, whose: Whose) -> bool:
    if person.role == Role.SALES:
        return whose.salesperson in {person.user.name, person.row_value} and bool(whose.salesperson)
    match person.row_kind:
        case RowKind.OWN:
            return person.row_value == whose.salesperson
        case RowKind.REGION:
            return person.row_value == whose.region
        case RowKind.TEAM:
            return person.row_value == whose.team
        case _:
            return True
