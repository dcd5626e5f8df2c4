"""Companies and people."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tradecredit.plumbing.access import Actor, Role
from tradecredit.plumbing.access import people as access_people
from tradecredit.plumbing.access.models import Company, Membership, User

MOMENT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def company(code: str = "DEMO", name: str = "示例机电有限公司", *, day: date = date(2026, 3, 2)) -> Company:
    return Company.objects.create(
        code=code,
        name=name,
        name_en="Demo Electromechanical",
        is_sandbox=True,
        sandbox_day=day,
        created_at=MOMENT,
    )


def user(email: str, *, name: str = "", password: str | None = None) -> User:
    return User.objects.create_user(
        email=email, name=name or email.split("@", maxsplit=1)[0], password=password
    )


def person(
    company_: Company, role: Role, *, email: str = "", row_kind: str = "all", row_value: str = ""
) -> Actor:
    """A user with one role in the company, as an actor."""
    member = user(email or f"{role.value}@{company_.code.lower()}.example.com")
    Membership.objects.create(
        user=member, company=company_, role=role.value, row_kind=row_kind, row_value=row_value
    )
    return access_people.actor_of(member)
