"""What each indicator gave to two scores, and why it gives more or less: another value, or another model."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.scoring.scorecard import ScoreResult

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What an indicator gave: points times the weight that counted."""

    label: Words
    points: Decimal | None
    weight: Decimal
    given: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One indicator before and after; a side on which it did not exist is None."""

    indicator: str
    label: Words
    before: Contribution | None
    after: Contribution | None

    @property
    def difference(self) -> Decimal:
        """Return how much more it gives now."""
        old = _NOTHING if self.before is None else self.before.given
        return (_NOTHING if self.after is None else self.after.given) - old

    @property
    def words(self) -> Words:
        """Return for example ``Debt ratio 20.00 → 12.00: weight 25% → 15%``."""
        why = self._why()
        return Words(
            zh=f"{self.label.zh} {_given(self.before)} → {_given(self.after)}{f'（{why.zh}）' if why.zh else ''}",
            en=f"{self.label.en} {_given(self.before)} → {_given(self.after)}{f' ({why.en})' if why.en else ''}",
        )

    def _why(self) -> Words:
        old, new = self.before, self.after
        if old is None:
            return Words(zh="新指标", en="a new indicator")
        if new is None:
            return Words(zh="不再计入", en="it counts no more")
        zh, en = [], []
        if old.points != new.points:
            zh.append(f"得分 {_points(old.points).zh} → {_points(new.points).zh}")
            en.append(f"points {_points(old.points).en} → {_points(new.points).en}")
        if old.weight != new.weight:
            zh.append(f"权重 {_plain(old.weight)}% → {_plain(new.weight)}%")
            en.append(f"weight {_plain(old.weight)}% → {_plain(new.weight)}%")
        return Words(zh="，".join(zh), en=", ".join(en))


def of_result(result: ScoreResult) -> dict[str, Contribution]:
    """Return the contributions of a score by indicator."""
    return {
        part.indicator: Contribution(
            label=part.label, points=part.points, weight=part.used_weight, given=part.contribution
        )
        for part in result.parts
    }


def of_recorded(recorded: Mapping[str, Any]) -> dict[str, Contribution]:
    """Return the contributions of a rating as it was recorded."""
    return {
        part["indicator"]: Contribution(
            label=Words(zh=part["label"]["zh"], en=part["label"]["en"]),
            points=None if part["points"] is None else Decimal(part["points"]),
            weight=Decimal(part["used_weight"]),
            given=Decimal(part["contribution"]),
        )
        for part in recorded.get("parts", ())
    }


def shifts(
    before: Mapping[str, Contribution], after: Mapping[str, Contribution], *, most: int
) -> tuple[Shift, ...]:
    """Return the indicators that make the difference between two scores, the largest first."""
    found = [
        Shift(
            indicator=name,
            label=(after.get(name) or before[name]).label,
            before=before.get(name),
            after=after.get(name),
        )
        for name in dict.fromkeys((*before, *after))
    ]
    moved = [each for each in found if each.difference]
    return tuple(sorted(moved, key=lambda each: (-abs(each.difference), each.indicator))[:most])


def _given(one: Contribution | None) -> str:
    return "–" if one is None else f"{one.given:f}"


def _points(points: Decimal | None) -> Words:
    return Words(zh="缺", en="missing") if points is None else Words(zh=_plain(points), en=_plain(points))


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
