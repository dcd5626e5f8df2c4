"""Who acts: a user with roles in companies, an integration, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

SYSTEM_USER_ID = UUID(int=0)


class Role(StrEnum):
    """The roles that ship (S-246); a person may have several, each within one company."""

    SALES = "sales"
    SALES_MANAGER = "sales_manager"
    SALES_DIRECTOR = "sales_director"
    CREDIT_SPECIALIST = "credit_specialist"
    CREDIT_MANAGER = "credit_manager"
    RISK_DIRECTOR = "risk_director"
    FINANCE_MANAGER = "finance_manager"
    CFO = "cfo"
    COLLECTOR = "collector"
    LEGAL = "legal"
    MANAGEMENT = "management"
    ADMIN = "admin"
    AUDITOR = "auditor"
    INTEGRATION = "integration"


class RowKind(StrEnum):
    """How far a person sees within a company."""

    ALL = "all"
    REGION = "region"
    TEAM = "team"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class RowScope:
    """The rows of one company that a person sees: all, a region's, a team's, or their own customers'."""

    kind: RowKind = RowKind.ALL
    value: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who calls a flow; every flow and every query runs in somebody's scope."""

    user_id: UUID
    name: str
    email: str = ""
    language: str = "zh-hans"
    roles: frozenset[tuple[UUID, Role]] = field(default_factory=frozenset)
    row_scopes: tuple[tuple[UUID, RowScope], ...] = ()
    is_system: bool = False

    @classmethod
    def system(cls, name: str = "system") -> Actor:
        """Return the system acting by itself (night run, reactions, simulator): it sees every company."""
        return cls(user_id=SYSTEM_USER_ID, name=name, is_system=True)

    @property
    def companies(self) -> frozenset[UUID]:
        """Return the companies in which the actor has any role."""
        return frozenset(company for company, _ in self.roles)

    def roles_in(self, company_id: UUID) -> frozenset[Role]:
        """Return the actor's roles in a company."""
        return frozenset(role for company, role in self.roles if company == company_id)

    def has_role(self, company_id: UUID, *roles: Role) -> bool:
        """Tell whether the actor has any of the roles in the company; the system has all of them."""
        return self.is_system or bool(self.roles_in(company_id) & set(roles))

    def row_scope_in(self, company_id: UUID) -> RowScope:
        """Return how far the actor sees in a company; the widest of several."""
        kinds = list(RowKind)
        found = [row_scope for company, row_scope in self.row_scopes if company == company_id]
        return min(found, key=lambda row_scope: kinds.index(row_scope.kind), default=RowScope())
