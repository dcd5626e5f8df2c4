"""Columns the whole house uses: exact amounts, currencies, tagged limits."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models

from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Sequence


class AmountField(models.DecimalField):  # type: ignore[type-arg] # not subscriptable at run time
    """NUMERIC(20,4): an amount whose currency stands in the column beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 20)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(*args, **kwargs)


class CurrencyField(models.CharField):  # type: ignore[type-arg] # not subscriptable at run time
    """An ISO 4217 code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 3)
        super().__init__(*args, **kwargs)


class LimitKind(models.TextChoices):
    """The tag of a stored limit."""

    NOT_SET = "not_set", "not set"
    UNLIMITED = "unlimited", "unlimited"
    AMOUNT = "amount", "amount"


def limit_check(*, kind: str, amount: str) -> models.Q:
    """Return the CHECK that an amount stands there exactly when the tag says so, and is not negative."""
    with_amount = models.Q(**{kind: LimitKind.AMOUNT, f"{amount}__isnull": False, f"{amount}__gte": 0})
    without = models.Q(**{f"{kind}__in": [LimitKind.NOT_SET, LimitKind.UNLIMITED], f"{amount}__isnull": True})
    return with_amount | without


def limit_from_columns(*, kind: str, amount: Decimal | None, currency: str) -> limits.Limit:
    """Read a tagged limit from its two columns."""
    match kind:
        case LimitKind.AMOUNT if amount is not None:
            return limits.Amount(Money(Decimal(amount), currency))
        case LimitKind.UNLIMITED:
            return limits.Unlimited()
        case _:
            return limits.NotSet()


def limit_to_columns(limit: limits.Limit) -> tuple[str, Decimal | None]:
    """Return the two columns ``(kind, amount)`` of a tagged limit."""
    if isinstance(limit, limits.Amount):
        return LimitKind.AMOUNT.value, limit.money.amount
    return limits.kind_of(limit), None


def not_negative(*columns: str, prefix: str) -> Sequence[models.CheckConstraint]:
    """Return one CHECK a column that it is never below zero."""
    return [
        models.CheckConstraint(
            condition=models.Q(**{f"{column}__gte": 0}), name=f"{prefix}_{column}_not_negative"
        )
        for column in columns
    ]
