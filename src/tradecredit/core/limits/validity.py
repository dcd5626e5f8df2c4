"""Which line holds on a day: the base line in force plus the temporary ones, which end by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, assert_never

from tradecredit.core.kernel import limit as tagged
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from tradecredit.core.kernel.limit import Limit
    from tradecredit.core.kernel.money import Money
    from tradecredit.core.kernel.periods import Validity
    from tradecredit.core.limits.recommend import LimitPolicy

LineKind = Literal["base", "temporary"]


class UnableToGrantTemporaryLineError(UnableToError):
    """A temporary line is longer or larger than policy lets it be, or stands on no base line."""

    code = "unable_to_grant_temporary_line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One approved line; ``reference`` names the one order that a temporary line is for, where it is for one."""

    line_id: str
    kind: LineKind
    limit: Limit
    validity: Validity
    recorded_at: datetime
    origin: str
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """The limit of a day with the lines that make it, and the day on which it next changes by itself."""

    limit: Limit
    base: Line | None
    temporary: tuple[Line, ...]
    ends_on: date | None


def effective(
    lines: Iterable[Line], *, as_of: date, known_at: datetime | None = None, reference: str = ""
) -> Effective:
    """Return the limit in force on the day, for one order where a reference is given.

    Base 500,000 and a temporary 100,000 valid to 15 June (excluded): 600,000 on the 14th, 500,000 on the 15th.
    """
    known = [line for line in lines if known_at is None or line.recorded_at <= known_at]
    base = _base(known, as_of=as_of)
    temporary = tuple(
        line
        for line in known
        if line.kind == "temporary" and line.validity.holds_on(as_of) and line.reference in {"", reference}
    )
    limit = base.limit if base else tagged.NotSet()
    for line in temporary:
        limit = _added(limit, line.limit)
    ends = [line.validity.valid_to for line in (*temporary, *([base] if base else []))]
    return Effective(
        limit=limit,
        base=base,
        temporary=temporary,
        ends_on=min((end for end in ends if end is not None), default=None),
    )


def check_temporary(policy: LimitPolicy, *, amount: Money, base: Limit, validity: Validity) -> None:
    """Raise UnableToGrantTemporaryLineError unless the line is inside the days and the share that policy allows."""
    if not isinstance(base, tagged.Amount):
        raise UnableToGrantTemporaryLineError(
            Words(
                zh="没有基础额度，不能申请临时额度；请先申请授信额度。",
                en="There is no base limit to add to: ask for a credit limit first.",
            )
        )
    if not amount.is_positive:
        raise UnableToGrantTemporaryLineError(
            Words(zh="临时额度必须大于 0。", en="A temporary line is greater than 0.")
        )
    days = None if validity.valid_to is None else (validity.valid_to - validity.valid_from).days
    if days is None or days > policy.temporary_days_most:
        raise UnableToGrantTemporaryLineError(
            Words(
                zh="临时额度最长 {most} 天，请缩短期限。",
                en="A temporary line lasts at most {most} days: shorten it.",
            ).filled(most=policy.temporary_days_most)
        )
    most = base.money.times(policy.temporary_share_most)
    if amount > most:
        raise UnableToGrantTemporaryLineError(
            Words(
                zh="临时额度最多为基础额度的一部分：{most}；请减少金额或申请调整额度。",
                en="A temporary line is at most a share of the base limit, {most}: ask for less, or for a new limit.",
            ).filled(most=most.rounded_down().text()),
            most=most.rounded_down().text(),
        )


def _base(lines: Sequence[Line], *, as_of: date) -> Line | None:
    """Return the base line that began last; once it has ended, an older one does not come back to life."""
    begun = [line for line in lines if line.kind == "base" and line.validity.valid_from <= as_of]
    latest = max(begun, key=lambda line: (line.validity.valid_from, line.recorded_at), default=None)
    return latest if latest is not None and latest.validity.holds_on(as_of) else None


def _added(limit: Limit, extra: Limit) -> Limit:
    match limit, extra:
        case tagged.Amount(left), tagged.Amount(right):
            return tagged.Amount(left + right)
        case tagged.NotSet(), tagged.Amount():
            # A temporary line outlived its base line: what it grants is all there is.
            return extra
        case _, tagged.Unlimited():
            return extra
        case ((tagged.Unlimited() | tagged.Amount() | tagged.NotSet()), _):
            return limit
        case _:
            assert_never(limit)
