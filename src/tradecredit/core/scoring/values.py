"""Values that rules look at: known with their source and day, or missing with the cause. Never a silent zero."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Plain = Decimal | str | bool
Cause = Literal["not_recorded", "stale", "not_computable", "not_understood", "no_consent"]

_CAUSES: dict[Cause, Words] = {
    "not_recorded": Words(zh="没有数据", en="no data"),
    "stale": Words(zh="数据已过时", en="the data is too old"),
    "not_computable": Words(
        zh="无法计算（分母为零或缺项）", en="cannot be computed (a part is missing or zero)"
    ),
    "no_consent": Words(zh="客户的授权已到期或撤回", en="the customer's consent has ended or was withdrawn"),
    "not_understood": Words(zh="数据无法识别", en="the data is not understood"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A value with where it comes from and the day it speaks of."""

    value: Plain
    source: str = ""
    known_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Nothing usable is known, and why."""

    cause: Cause = "not_recorded"

    @property
    def words(self) -> Words:
        """Return the cause as words."""
        return _CAUSES[self.cause]


Value = Known | Missing


def look_up(values: Mapping[str, Value], name: str) -> Value:
    """Return the value of an attribute; an absent one is missing, not zero."""
    return values.get(name, Missing())


def if_fresh(value: Value, *, as_of: date, fresh_for_days: int | None) -> Value:
    """Turn a value older than it may be into a missing one (370 days old, fresh for 365: stale)."""
    if isinstance(value, Missing) or fresh_for_days is None or value.known_on is None:
        return value
    if (as_of - value.known_on).days > fresh_for_days:
        return Missing(cause="stale")
    return value
