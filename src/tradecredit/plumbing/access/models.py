"""Companies, users, memberships, tokens, days off."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models

from tradecredit.plumbing.access.actor import Role, RowKind
from tradecredit.plumbing.fields import CurrencyField
from tradecredit.plumbing.ids import new_id
from tradecredit.plumbing.rows import Row


class Company(Row):
    """A legal entity that sells on account; the unit of books, policy and access."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    base_currency = CurrencyField(default="CNY")
    time_zone = models.CharField(max_length=64, default="Asia/Shanghai")
    language = models.CharField(max_length=16, default="zh-hans")
    is_sandbox = models.BooleanField(default=False)
    sandbox_day = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_sandbox=True) | models.Q(sandbox_day__isnull=True),
                name="company_only_a_sandbox_has_its_own_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class UserManager(BaseUserManager["User"]):
    """Makes users by mail address."""

    def create_user(self, *, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user; without a password nobody can sign in with one."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person (or an integration) that signs in by mail address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    language = models.CharField(max_length=16, default="zh-hans")
    phone = models.CharField(max_length=32, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(Row):
    """A user's role in a company, and how far it sees there."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=32, choices=[(role.value, role.value) for role in Role])
    row_kind = models.CharField(
        max_length=8, choices=[(kind.value, kind.value) for kind in RowKind], default=RowKind.ALL.value
    )
    row_value = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "company", "role"], name="membership_once_a_role"),
        ]


class ApiToken(Row):
    """A bearer token; only its SHA-256 is kept, and its rights are a role of its user."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=32, blank=True)
    companies = ArrayField(models.UUIDField(), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    latest_use_at = models.DateTimeField(null=True)


class DayOff(Row):
    """A holiday or a make-up workday of a company's calendar, on top of the weekend."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    is_workday = models.BooleanField(default=False)
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "day"], name="day_off_once")]
