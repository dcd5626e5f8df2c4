"""Which sets of amounts add up to an amount: all of them up to a number, or word that the search was cut short.

Source of the method: meeting in the middle (Horowitz and Sahni, 1974): the sums of both halves are listed, and each
sum of one half asks the other for what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# Two halves of twelve list at most 2 x 4,096 sums.
_WHOLE_SEARCH_MAX: Final = 24
_PAIRS_MAX: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The sets as places in the list given, smaller sets first; ``is_whole`` when there are no others."""

    sets: tuple[tuple[int, ...], ...]
    is_whole: bool


def adding_up(amounts: Sequence[int], target: int, *, largest: int, most: int) -> Found:
    """Return sets of at most ``largest`` amounts that add up to the target, at most ``most`` of them.

    300, 200 and 500 add up to 500 in two ways. Beyond 24 amounts, sets of four and more are looked for among the
    first 24 only, and ``is_whole`` is False. Amounts are above zero.
    """
    places = [place for place, amount in enumerate(amounts) if 0 < amount <= target]
    if sum(amounts[place] for place in places) < target:
        return Found(sets=(), is_whole=True)
    near = places[:_WHOLE_SEARCH_MAX]
    found = _halves(amounts, near, target, largest=largest)
    if len(places) > len(near):
        found += _small(amounts, places, target, beyond=set(near))
    smallest = sorted(found, key=lambda chosen: (chosen.bit_count(), chosen))[:most]
    return Found(
        sets=tuple(tuple(place for place in places if chosen >> place & 1) for chosen in smallest),
        is_whole=len(places) <= _WHOLE_SEARCH_MAX and len(found) <= most,
    )


def _halves(amounts: Sequence[int], places: Sequence[int], target: int, *, largest: int) -> list[int]:
    """Return the sets that add up, each with its places as bits."""
    middle = len(places) // 2
    left: dict[int, list[int]] = {}
    for total, chosen in _sums(amounts, places[:middle], target, largest=largest):
        left.setdefault(total, []).append(chosen)
    right = _sums(amounts, places[middle:], target, largest=largest)
    return [
        other | chosen
        for total, chosen in right
        if target - total in left
        for other in left[target - total]
        if 0 < other.bit_count() + chosen.bit_count() <= largest
    ]


def _sums(
    amounts: Sequence[int], places: Sequence[int], target: int, *, largest: int
) -> list[tuple[int, int]]:
    """Return every sum of at most ``largest`` amounts that is not above the target, with its places as bits."""
    sums = [(0, 0)]
    for place in places:
        value, bit = amounts[place], 1 << place
        most = target - value
        sums += [
            (total + value, chosen | bit)
            for total, chosen in sums
            if total <= most and chosen.bit_count() < largest
        ]
    return sums


def _small(amounts: Sequence[int], places: Sequence[int], target: int, *, beyond: set[int]) -> list[int]:
    """Return the sets of one, two and three that use an amount the whole search left out, with their places as bits."""
    found = [1 << place for place in places if amounts[place] == target and place not in beyond]
    places = places[:_PAIRS_MAX]
    by_amount: dict[int, list[int]] = {}
    for place in places:
        by_amount.setdefault(amounts[place], []).append(place)
    for first, second in combinations(places, 2):
        rest = target - amounts[first] - amounts[second]
        pair = 1 << first | 1 << second
        if rest == 0 and not {first, second} <= beyond:
            found.append(pair)
        elif rest > 0:
            found += [
                pair | 1 << third
                for third in by_amount.get(rest, ())
                if third > second and not {first, second, third} <= beyond
            ]
    return found
