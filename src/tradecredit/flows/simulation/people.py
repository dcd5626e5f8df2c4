"""The people of the demo: one for each role, and a salesperson who sees only their own customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import set_up_company
from tradecredit.flows.simulation import names
from tradecredit.plumbing.access import Role, people

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company, User

_DOMAIN = "demo.example.com"


@dataclass(frozen=True, slots=True)
class Part:
    """A role of the demo: who plays it and what it is called."""

    role: Role
    name: str
    title: Words


CAST = (
    Part(Role.FINANCE_MANAGER, "示例周敏", Words(zh="财务经理", en="Finance manager")),
    Part(Role.CFO, "示例郑国栋", Words(zh="财务总监", en="CFO")),
    Part(Role.RISK_DIRECTOR, "示例孙立", Words(zh="风控总监", en="Risk director")),
    Part(Role.CREDIT_MANAGER, "示例吴倩", Words(zh="信用经理", en="Credit manager")),
    Part(Role.CREDIT_SPECIALIST, "示例何洁", Words(zh="信用专员", en="Credit specialist")),
    Part(Role.SALES_DIRECTOR, "示例马超", Words(zh="销售总监", en="Sales director")),
    Part(Role.SALES_MANAGER, "示例朱琳", Words(zh="销售经理", en="Sales manager")),
    Part(Role.SALES, names.SALESPEOPLE[0], Words(zh="销售", en="Salesperson")),
    Part(Role.COLLECTOR, "示例高峰", Words(zh="催收专员", en="Collector")),
    Part(Role.LEGAL, "示例罗薇", Words(zh="法务", en="Legal")),
    Part(Role.MANAGEMENT, "示例谢总", Words(zh="管理层", en="Management")),
    Part(Role.AUDITOR, "示例唐审", Words(zh="审计", en="Auditor")),
    Part(Role.ADMIN, "示例管理员", Words(zh="系统管理员", en="Administrator")),
)


def introduce() -> None:
    """Make the users of the cast, before any company knows one of them."""
    for part in CAST:
        set_up_company.ensure_user(email=address(part.role), name=part.name, is_demo=True)


def engage(*, companies: Sequence[Company]) -> dict[Role, Actor]:
    """Make the cast (once) with their roles in every company; return them as actors."""
    return {part.role: people.actor_of(_member(part, companies)) for part in CAST}


def _member(part: Part, companies: Sequence[Company]) -> User:
    user, _ = set_up_company.ensure_user(email=address(part.role), name=part.name, is_demo=True)
    own = {"row_kind": "own", "row_value": part.name} if part.role is Role.SALES else {}
    for company in companies:
        set_up_company.grant_roles(user=user, company=company, roles=[part.role], **own)
    return user


def address(role: Role) -> str:
    """Return the mail address of a role's demo user."""
    return f"{role.value.replace('_', '-')}@{_DOMAIN}"
