"""Whether a trial of strategies shows a difference, and how large one would have to be to show.

Note [Customers are drawn, so customers are counted]
A customer's items are paid by one person in one mood: they are not independent. The variance of a share is therefore that
of a ratio of sums over customers, Σy / Σx with residuals y − r·x (Cochran, Sampling Techniques, 3rd ed., 2.11 and 6.4).
Every customer on a side counts on that side, spoken to or not: who was drawn is chance, who was reached is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from datetime import date

# Quantiles of the standard normal distribution: 95 percent two-sided, and 80 percent power.
_Z_LEVEL: Final = Decimal("1.959963984540054")
_Z_POWER: Final = Decimal("0.841621233572914")
# Below so many customers on a side the normal approximation is not to be trusted.
FEWEST: Final = 30

State = Literal["ahead", "running", "waiting", "over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Sums over the customers of one side: ``y`` of ``x`` was achieved; squares and products customer by customer."""

    customers: int = 0
    x: Decimal = Decimal(0)
    y: Decimal = Decimal(0)
    xx: Decimal = Decimal(0)
    xy: Decimal = Decimal(0)
    yy: Decimal = Decimal(0)

    @property
    def rate(self) -> Decimal | None:
        """Return y of x; None of nothing."""
        return self.y / self.x if self.x else None

    @property
    def variance(self) -> Decimal | None:
        """Return the variance of the rate; None with fewer than two customers."""
        rate = self.rate
        if rate is None or self.customers < 2:  # noqa: PLR2004 - one has no variance
            return None
        residual = self.yy - 2 * rate * self.xy + rate * rate * self.xx
        spread = max(residual, Decimal(0)) / (self.x * self.x)
        return spread * self.customers / (self.customers - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Challenger less champion, its 95 percent interval, and the least true difference that shows four times in five."""

    value: Decimal
    low: Decimal
    high: Decimal
    detectable: Decimal

    @property
    def is_shown(self) -> bool:
        """Tell whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure on both sides; ``is_more_better`` says which way is good, ``unit`` what it counts."""

    code: str
    words: Words
    unit: Literal["share", "days"]
    is_more_better: bool
    champion: Sums
    challenger: Sums

    @property
    def difference(self) -> Difference | None:
        """Return the difference; None where a side has too little to have a variance."""
        return difference(self.champion, self.challenger)

    @property
    def is_few(self) -> bool:
        """Tell whether a side has too few customers for the interval to be trusted."""
        return min(self.champion.customers, self.challenger.customers) < FEWEST

    @property
    def finding(self) -> Literal["better", "worse", "open"]:
        """Tell what the interval says of the challenger."""
        found = self.difference
        if found is None or self.is_few or not found.is_shown:
            return "open"
        return "better" if (found.value > 0) == self.is_more_better else "worse"


def difference(champion: Sums, challenger: Sums) -> Difference | None:
    """Return challenger less champion with its interval; None where a side has too little to have a variance."""
    rates = champion.rate, challenger.rate
    variances = champion.variance, challenger.variance
    if rates[0] is None or rates[1] is None or variances[0] is None or variances[1] is None:
        return None
    error = (variances[0] + variances[1]).sqrt()
    value = rates[1] - rates[0]
    return Difference(
        value=value,
        low=value - _Z_LEVEL * error,
        high=value + _Z_LEVEL * error,
        detectable=(_Z_LEVEL + _Z_POWER) * error,
    )


def told(main: Measure, before: Measure, *, state: State, begins: date, decided_on: date) -> Words:
    """Return what the trial says so far, as a sentence; ``decided_on`` is when its last item is known."""
    if state == "ahead":
        return _told_ahead(before, begins)
    found = main.difference
    if found is None or main.is_few:
        return Words(
            zh=f"两边都要有至少 {FEWEST} 个客户的到期款才能下结论；全部见分晓于 {decided_on}。",
            en=f"Nothing can be said with fewer than {FEWEST} customers on a side; all is known on {decided_on}.",
        )
    figures, least = _figures(found), _points(found.detectable)
    if state != "over":
        return Words(
            zh=f"至今相差 {figures} 个百分点；全部见分晓于 {decided_on}，之前不下结论：每天看、看到有利就停，会把偶然当成效果。",
            en=(
                f"So far the difference is {figures} points; all is known on {decided_on}, and nothing is concluded before:"
                " who looks every day and stops when it looks good takes chance for effect."
            ),
        )
    endings = {
        "better": Words(
            zh=f"新策略更好：相差 {figures} 个百分点。", en=f"The new strategy does better: {figures} points."
        ),
        "worse": Words(
            zh=f"新策略更差：相差 {figures} 个百分点。", en=f"The new strategy does worse: {figures} points."
        ),
        "open": Words(
            zh=f"看不出差别：{figures} 个百分点；真实差别达 {least} 个百分点才容易看出。",
            en=(f"No difference shows: {figures} points; one of {least} would show four times in five."),
        ),
    }
    return endings[main.finding]


def _told_ahead(before: Measure, begins: date) -> Words:
    found = before.difference
    if found is None:
        return Words(
            zh=f"{begins} 开始。此前的到期款太少，无法预计能看出多大差别。",
            en=f"Begins on {begins}. Too little fell due before to foretell what difference will show.",
        )
    least = _points(found.detectable)
    return Words(
        zh=f"{begins} 开始。照此前的付款看，相差 {least} 个百分点以上才容易看出；嫌大就延长期限或扩大范围。",
        en=(
            f"Begins on {begins}. As customers paid before, a difference of {least} points shows four times in five;"
            " if that is too coarse, let it run longer or take in more customers."
        ),
    )


def _figures(found: Difference) -> str:
    return f"{_points(found.value):+} ({_points(found.low):+} … {_points(found.high):+})"


def _points(share: Decimal) -> Decimal:
    return (share * 100).quantize(Decimal("0.1"))
