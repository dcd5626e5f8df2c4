"""How customers move between grades, and how each year's intake turns out as it ages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """Counts of customers by the grade before (lines) and the grade after (columns), best grade first."""

    grades: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def stayed(self) -> int:
        """Return how many kept their grade."""
        return sum(line[place] for place, line in enumerate(self.counts))

    @property
    def improved(self) -> int:
        """Return how many came to a better grade."""
        return sum(sum(line[:place]) for place, line in enumerate(self.counts))

    @property
    def worsened(self) -> int:
        """Return how many came to a worse grade."""
        return sum(sum(line[place + 1 :]) for place, line in enumerate(self.counts))

    def share(self, before: str, after: str) -> Decimal | None:
        """Return which part of a grade's customers went to another; None where the grade had none."""
        line = self.counts[self.grades.index(before)]
        total = sum(line)
        return Decimal(line[self.grades.index(after)]) / total if total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vintage:
    """One intake: how many customers, and how many had gone bad by the end of each period since."""

    name: str
    customers: int
    bad_by_period: tuple[int, ...]

    @property
    def rates(self) -> tuple[Decimal, ...]:
        """Return the cumulative bad rate after each period."""
        return tuple(Decimal(bad) / self.customers for bad in self.bad_by_period) if self.customers else ()


def migration(pairs: Iterable[tuple[str, str]], *, grades: Sequence[str]) -> Migration:
    """Return the matrix of (before, after); grades of another scale are put after the known ones, by name."""
    counted = Counter(pairs)
    extra = sorted({grade for pair in counted for grade in pair} - set(grades))
    names = (*grades, *extra)
    return Migration(
        grades=names,
        counts=tuple(tuple(counted[before, after] for after in names) for before in names),
    )


def vintages(customers: Iterable[tuple[str, int | None]], *, periods: dict[str, int]) -> tuple[Vintage, ...]:
    """Return the intakes in order of name.

    ``customers`` gives each one's intake and in which period after it went bad (0: in the first; None: not at all);
    ``periods`` how many periods of each intake have ended. A customer that goes bad later than that counts as good.
    """
    by_intake: dict[str, list[int | None]] = {name: [] for name in periods}
    for intake, period in customers:
        by_intake.setdefault(intake, []).append(period)
    return tuple(
        Vintage(
            name=name,
            customers=len(found),
            bad_by_period=tuple(
                sum(1 for period in found if period is not None and period <= number)
                for number in range(periods.get(name, 0))
            ),
        )
        for name, found in sorted(by_intake.items())
    )
