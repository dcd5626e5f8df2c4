"""Where the head of a bank's table stands and which of its columns is what, one row of headings or two stacked ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.integrations.bank_files import profiles
from tradecredit.integrations.erp_csv.sheets import is_blank, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.integrations.bank_files.profiles import Profile
    from tradecredit.integrations.erp_csv.sheets import Row

_LOOKED_AT: Final = 60
_COLUMNS_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The columns by field (several only for ``text``), the first row of data and what stands above the head."""

    columns: Mapping[str, tuple[int, ...]]
    first_row: int
    title: tuple[Row, ...]
    headings: tuple[str, ...]

    def has(self, field: str) -> bool:
        """Tell whether the table has the field."""
        return field in self.columns

    def strength(self) -> int:
        """Return how much of the table is understood."""
        return len(self.columns)


def locate(rows: Sequence[Row], profile: Profile) -> Head | None:
    """Return the head that fits the profile best, None when no row does."""
    best: Head | None = None
    for index in range(min(len(rows), _LOOKED_AT)):
        for names, height in _candidates(rows, index):
            head = _head(rows, index, names, height, profile)
            if head is not None and (best is None or _is_better(head, best)):
                best = head
    return best


def _is_better(head: Head, best: Head) -> bool:
    """Tell whether more is understood, or as much without taking a title row for the upper half of the head."""
    is_same = head.strength() == best.strength() and head.first_row == best.first_row
    return head.strength() > best.strength() or is_same


def fits(head: Head, profile: Profile) -> bool:
    """Tell whether all headings by which the profile is known stand in the head."""
    return bool(profile.signature) and set(profile.signature) <= set(head.headings)


def _candidates(rows: Sequence[Row], index: int) -> list[tuple[list[tuple[str, ...]], int]]:
    single: list[tuple[str, ...]] = [(shown(cell),) for cell in rows[index][:_COLUMNS_MAX]]
    found = [(single, 1)]
    if index + 1 < len(rows):
        found.append((_stacked(rows[index], rows[index + 1]), 2))
    return found


def _stacked(upper: Row, lower: Row) -> list[tuple[str, ...]]:
    """Return the names of each column under a head of two rows, the upper one spanning those on its right."""
    names: list[tuple[str, ...]] = []
    spanning = ""
    for index in range(min(max(len(upper), len(lower)), _COLUMNS_MAX)):
        above = shown(upper[index]) if index < len(upper) else ""
        below = shown(lower[index]) if index < len(lower) else ""
        spanning = above or spanning
        if below and below != spanning:
            names.append((f"{spanning}{below}", f"{below}{spanning}", below))
        else:
            names.append((above or below,))
    return names


def _head(
    rows: Sequence[Row], index: int, names: list[tuple[str, ...]], height: int, profile: Profile
) -> Head | None:
    keys = [tuple(profiles.heading_key(name) for name in alternatives) for alternatives in names]
    columns: dict[str, tuple[int, ...]] = {}
    for field, wanted in profile.columns.items():
        places = [
            place
            for heading in wanted
            for place, alternatives in enumerate(keys)
            if heading and heading in alternatives
        ]
        if places:
            columns[field] = tuple(dict.fromkeys(places)) if field == "text" else (places[0],)
    has_money = "amount" in columns or {"money_in", "money_out"} <= set(columns)
    if "booking_date" not in columns or not has_money:
        return None
    return Head(
        columns=columns,
        first_row=index + height,
        title=tuple(row for row in rows[:index] if not all(is_blank(cell) for cell in row)),
        headings=tuple(key for alternatives in keys for key in alternatives if key),
    )
