"""Set up a company: its books, its administrator, its first policy."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pypinyin import Style, lazy_pinyin

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.policy import publish_policy
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, Role, people, tokens
from tradecredit.plumbing.access.models import Company, Membership, User

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

# The reason that the record of policies gives for the first one, which nobody has to give.
FIRST_POLICY: Final = "first policy of the company"
_CODE_LENGTH = 8


class UnableToSetUpCompanyError(UnableToError):
    """The code or the name is taken."""

    code = "company_exists"
    status = 409


class UnableToCreateTokenError(UnableToError):
    """There is no such user, or the user does not hold the role."""

    code = "token_refused"


@dataclass(frozen=True, slots=True)
class NewCompany:
    """The company made, and its administrator's first password (None for an existing user)."""

    company: Company
    admin: User
    password: str | None


def set_up_company(
    *,
    name: str,
    admin_email: str,
    document: Mapping[str, Any],
    valid_from: date,
    code: str | None = None,
    is_sandbox: bool = False,
    sandbox_day: date | None = None,
    name_en: str = "",
    base_currency: str = "CNY",
) -> NewCompany:
    """Create the company with its administrator and publish the pack; raises UnableToSetUpCompanyError."""
    actor = Actor.system("set-up")
    with db.unit_of_work(actor):
        chosen = (code or _code_from(name)).upper()
        _refuse_taken_code(chosen)
        company = Company.objects.create(
            code=chosen,
            name=name,
            name_en=name_en,
            base_currency=base_currency,
            is_sandbox=is_sandbox,
            sandbox_day=sandbox_day,
            created_at=clock.now(),
        )
        admin, password = ensure_user(email=admin_email, name=admin_email.split("@", maxsplit=1)[0])
        grant_roles(user=admin, company=company, roles=[Role.ADMIN])
        publish_policy.publish_policy(
            company=company,
            document=document,
            valid_from=valid_from,
            reason=FIRST_POLICY,
            actor=actor,
        )
    return NewCompany(company, admin, password)


def _refuse_taken_code(code: str) -> None:
    if Company.objects.filter(code=code).exists():
        raise UnableToSetUpCompanyError(
            Words(
                zh=f"代码 {code} 已被使用；请用 --code 另选一个。",
                en=f"The code {code} is taken; choose another one with --code.",
            ),
            code=code,
        )


def ensure_user(*, email: str, name: str, is_demo: bool = False) -> tuple[User, str | None]:
    """Return the user with the mail address, made with a random password if there was none."""
    found = User.objects.filter(email=email.lower()).first()
    if found is not None:
        return found, None
    password = secrets.token_urlsafe(12)
    return User.objects.create_user(email=email, name=name, password=password, is_demo=is_demo), password


def grant_roles(
    *, user: User, company: Company, roles: Iterable[Role], row_kind: str = "all", row_value: str = ""
) -> None:
    """Give the user roles in the company; a role already held stays as it is."""
    for role in roles:
        Membership.objects.get_or_create(
            user=user,
            company=company,
            role=role.value,
            defaults={"row_kind": row_kind, "row_value": row_value},
        )


def create_token(*, email: str, role: str | None, days: int | None, name: str = "") -> str:
    """Create a bearer token of a user, limited to one role if given; raises UnableToCreateTokenError."""
    actor = Actor.system("token")
    with db.unit_of_work(actor):
        user = User.objects.filter(email=email.lower(), is_active=True).first()
        if user is None:
            raise UnableToCreateTokenError(
                Words(
                    zh=f"没有邮箱为 {email} 的有效用户。",
                    en=f"There is no active user with the address {email}.",
                ),
                email=email,
            )
        if role and role not in {held.value for _, held in people.actor_of(user).roles}:
            _grant_integration_role(user=user, role=role, email=email)
        return tokens.create(user=user, moment=clock.real_now(), days=days, role=role or "", name=name)


def _grant_integration_role(*, user: User, role: str, email: str) -> None:
    """Let an administrator's token act as an integration; every other role must be held already."""
    held = people.actor_of(user)
    if role == Role.INTEGRATION and any(one is Role.ADMIN for _, one in held.roles):
        for company_id in held.companies:
            Membership.objects.get_or_create(user=user, company_id=company_id, role=role)
        return
    raise UnableToCreateTokenError(
        Words(
            zh=f"{email} 没有角色 {role}；请先由管理员授予该角色。",
            en=f"{email} does not hold the role {role}; have an administrator grant it first.",
        ),
        email=email,
        role=role,
    )


def _code_from(name: str) -> str:
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    letters = re.sub(r"[^A-Za-z0-9]", "", initials).upper()
    return letters[:_CODE_LENGTH] or "COMPANY"
