"""A sample to learn from: what was known of each one on a day, and what became of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


class UnableToLearnError(UnableToError):
    """The sample cannot teach anything, or would teach what nobody could have known."""

    code = "unable_to_learn"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Rows of features (NaN: not known), whether each went bad, and when each was looked at.

    ``periods`` orders the rows in time (a year, or a day's number), empty where the sample has no time; ``groups`` says
    which rows belong to one customer, empty likewise.
    """

    names: tuple[str, ...]
    values: Floats
    is_bad: Flags
    periods: Floats
    groups: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.is_bad)

    @property
    def bads(self) -> int:
        """Return how many went bad."""
        return int(self.is_bad.sum())

    def only(self, rows: Flags) -> Sample:
        """Return the rows chosen."""
        return replace(
            self,
            values=self.values[rows],
            is_bad=self.is_bad[rows],
            periods=self.periods[rows] if len(self.periods) else self.periods,
            groups=tuple(group for group, is_chosen in zip(self.groups, rows, strict=True) if is_chosen)
            if self.groups
            else (),
        )

    def digest(self) -> str:
        """Return a digest of everything in it, so that a stored model names the data that made it."""
        found = hashlib.sha256("\n".join(self.names).encode())
        for part in (self.values, self.is_bad, self.periods):
            found.update(np.ascontiguousarray(part).tobytes())
        found.update("\n".join(self.groups).encode())
        return found.hexdigest()

    def require_both(self) -> None:
        """Raise UnableToLearnError where nobody was good or nobody was bad."""
        if 0 < self.bads < len(self):
            return
        raise UnableToLearnError(
            Words(
                zh="样本里只有好客户或只有坏客户，学不到区别。",
                en="The sample holds only good ones or only bad ones: there is no difference to learn.",
            )
        )


def folds(sample: Sample, *, count: int, seed: int) -> NDArray[np.int64]:
    """Return each row's fold: goods and bads are dealt out evenly, rows of one customer go together."""
    random = np.random.default_rng(seed)
    found = np.zeros(len(sample), dtype=np.int64)
    if sample.groups:
        names = np.array(sample.groups)
        unique = np.unique(names)
        random.shuffle(unique)
        place = {name: number % count for number, name in enumerate(unique)}
        return np.array([place[name] for name in names], dtype=np.int64)
    for is_bad in (False, True):
        rows = np.flatnonzero(sample.is_bad == is_bad)
        random.shuffle(rows)
        found[rows] = np.arange(len(rows)) % count
    return found


def require_features(names: Sequence[str]) -> None:
    """Raise UnableToLearnError where there is nothing to learn from."""
    if not names:
        raise UnableToLearnError(Words(zh="没有可用的特征。", en="There is no feature to learn from."))
