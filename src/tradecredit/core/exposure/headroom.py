"""Headroom: what is left of the line, as an equation that adds up to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.core.exposure import measure
from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel import money
from tradecredit.core.kernel.limit import Amount, Limit
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from tradecredit.core.exposure.components import ExposureParts
    from tradecredit.core.exposure.measure import MeasurePolicy
    from tradecredit.core.kernel.money import Money

_BASE: Final = Words(zh="授信额度", en="Credit line")
_TEMPORARY: Final = Words(zh="临时额度", en="Temporary line")
_COVER: Final = Words(zh="担保与保险增加的额度", en="Line added by cover")
AVAILABLE: Final = Words(zh="可用额度", en="Headroom")


@dataclass(frozen=True, slots=True)
class Term:
    """One signed term of the equation: plus gives room, minus takes it."""

    code: str
    label: Words
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Headroom:
    """The line in force, the exposure against it and what is left, with every term named."""

    limit: Limit
    exposure: Money
    available: Limit
    terms: tuple[Term, ...]

    @property
    def adds_up(self) -> bool:
        """Tell whether the terms sum to the available amount (always so, where there is an amount)."""
        if not isinstance(self.available, Amount):
            return True
        currency = self.exposure.currency
        return money.total((term.amount for term in self.terms), currency) == self.available.money

    def after(self, amount: Money) -> Limit:
        """Return what is left once the amount is taken as well."""
        return limits.headroom(limit=self.available, exposure=amount)


def headroom(
    *,
    base: Limit,
    temporary: Money | None,
    parts: ExposureParts,
    policy: MeasurePolicy,
    prepaid: Money,
) -> Headroom:
    """Return the equation: available = base line + temporary line + cover - each part - reservations.

    A line of 500,000 with 416,000 of exposure leaves 84,000. Without a line there is nothing to subtract from
    and the answer stays "not set"; a temporary line alone is a line.
    """
    named = measure.parts_of(parts, policy=policy, prepaid=prepaid)
    exposure = measure.total(named, currency=parts.currency)
    cover = measure.covered(parts, policy=policy, use="line")
    line = _line_in_force(base=base, temporary=temporary)
    # Cover adds to a line that was granted; it grants none by itself.
    adds_cover = cover.is_positive and isinstance(line, Amount)
    if isinstance(line, Amount):
        line = Amount(line.money + cover)
    terms = [Term("base", _BASE, base.money)] if isinstance(base, Amount) else []
    if temporary is not None and not temporary.is_zero:
        terms.append(Term("temporary", _TEMPORARY, temporary))
    if adds_cover:
        terms.append(Term("cover_line", _COVER, cover))
    terms.extend(Term(part.code, part.label, -part.amount) for part in named)
    return Headroom(
        limit=line,
        exposure=exposure,
        available=limits.headroom(limit=line, exposure=exposure),
        terms=tuple(terms),
    )


def _line_in_force(*, base: Limit, temporary: Money | None) -> Limit:
    if temporary is None or isinstance(base, limits.Unlimited):
        return base
    if isinstance(base, Amount):
        return Amount(base.money + temporary)
    return Amount(temporary) if temporary.is_positive else base
