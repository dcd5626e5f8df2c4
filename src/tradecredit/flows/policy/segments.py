"""What a policy would have changed by segment: documents, their amounts, and what became of them in the books."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradecredit.core.kernel.money import Money

# What became of documents: billed since, of that overdue now, of that so long overdue that it may be lost.
BECAME: Final = ("invoiced", "overdue", "bad")
_ALL: Final = ("sales", *BECAME)
_NOWHERE: Final = "–"


@dataclass(slots=True)
class _Cell:
    """The documents of one grade and customer, with amounts by name and currency."""

    count: int = 0
    amounts: dict[tuple[str, str], Money] = field(default_factory=dict)

    def add(self, name: str, amount: Money) -> None:
        key = (name, amount.currency)
        self.amounts[key] = self.amounts[key] + amount if key in self.amounts else amount

    def join(self, other: _Cell) -> None:
        self.count += other.count
        for (name, _), amount in other.amounts.items():
            self.add(name, amount)

    def by_currency(self, name: str) -> dict[str, Money]:
        return {currency: amount for (which, currency), amount in self.amounts.items() if which == name}

    def as_dict(self) -> dict[str, Any]:
        return {"count": self.count, **{name: texts(self.by_currency(name)) for name in _ALL}}


@dataclass(slots=True, kw_only=True)
class Segments:
    """One side of a simulation cut by grade (as it was then), region and salesperson."""

    _cells: dict[tuple[str, str], _Cell] = field(default_factory=dict)
    _places: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, *, grade: str, customer: str, count: int, amount: Money) -> None:
        """Count documents of a customer that had a grade, with their amount."""
        cell = self._cells.setdefault((grade, customer), _Cell())
        cell.count += count
        cell.add("sales", amount)

    def became(self, name: str, *, grade: str, customer: str, amount: Money) -> None:
        """Take what became of documents of a customer that had a grade: one of `BECAME`."""
        self._cells.setdefault((grade, customer), _Cell()).add(name, amount)

    def place(self, segments: Mapping[str, tuple[str, str]]) -> None:
        """Say in which region each customer is, and whose it is."""
        self._places.update(segments)

    def total(self, name: str) -> dict[str, Money]:
        """Return the whole amount of a name by currency."""
        return self._joined(self._cells.values()).by_currency(name)

    def as_dict(self) -> dict[str, dict[str, Any]]:
        """Return the three cuts, each with its values; money as texts by currency."""
        cuts: dict[str, dict[str, list[_Cell]]] = {"grades": {}, "regions": {}, "salespeople": {}}
        for (grade, customer), cell in self._cells.items():
            region, salesperson = self._places.get(customer, ("", ""))
            named = {"grades": grade, "regions": region, "salespeople": salesperson}
            for cut, value in named.items():
                cuts[cut].setdefault(value or _NOWHERE, []).append(cell)
        return {
            cut: {value: self._joined(cells).as_dict() for value, cells in sorted(values.items())}
            for cut, values in cuts.items()
        }

    @staticmethod
    def _joined(cells: Iterable[_Cell]) -> _Cell:
        found = _Cell()
        for cell in cells:
            found.join(cell)
        return found


def texts(amounts: Mapping[str, Money]) -> dict[str, str]:
    """Return amounts by currency as texts."""
    return {currency: amount.text() for currency, amount in sorted(amounts.items())}
