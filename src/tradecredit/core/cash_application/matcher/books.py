"""The open items as the matcher works with them: by every number, by customer, and with what a batch has taken."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Final

from tradecredit.core.cash_application.matcher import references

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradecredit.core.cash_application.matcher.values import OpenItem, Share


class Books:
    """Open items of one currency; ``take`` lowers what is open, so that the next payment sees the rest."""

    def __init__(self, items: Iterable[OpenItem]) -> None:
        self.items: dict[str, OpenItem] = {}
        self.left: dict[str, int] = {}
        self.by_customer: dict[str, list[OpenItem]] = {}
        self.credits: dict[str, list[OpenItem]] = {}
        self.by_number: dict[str, tuple[str, list[OpenItem]]] = {}
        for item in items:
            self.items[item.item_id] = item
            self.left[item.item_id] = item.open
            kept = self.credits if item.is_credit else self.by_customer
            kept.setdefault(item.customer, []).append(item)
        self._sort()
        for kind, number_of in _KINDS:
            for item in self.items.values():
                number = number_of(item)
                if number and (kind == "invoice" or not item.is_credit):
                    self._note(references.compact(number), kind, item)

    def open_of(self, customer: str) -> list[OpenItem]:
        """Return the customer's items with something open, oldest due day first."""
        return [item for item in self.by_customer.get(customer, ()) if self.left[item.item_id] > 0]

    def credits_of(self, customer: str) -> list[OpenItem]:
        """Return the customer's credit notes with something left."""
        return [item for item in self.credits.get(customer, ()) if self.left[item.item_id] > 0]

    def take(self, shares: Iterable[Share]) -> None:
        """Lower what is open by the shares of a match."""
        for share in shares:
            self.left[share.item_id] -= share.amount
            if share.credit_id:
                self.left[share.credit_id] -= share.amount

    def named(self, numbers: Iterable[str]) -> Mapping[str, tuple[str, list[OpenItem]]]:
        """Return, by customer, the items that the numbers name and the weakest kind of number that named them."""
        found: dict[str, tuple[str, list[OpenItem]]] = {}
        for number in numbers:
            kind, items = self.by_number[number]
            for item in items:
                before, listed = found.get(item.customer, (kind, []))
                if item not in listed:
                    listed.append(item)
                found[item.customer] = (max(before, kind, key=_WEAKNESS.index), listed)
        return found

    def _note(self, number: str, kind: str, item: OpenItem) -> None:
        known = self.by_number.get(number)
        if known is None:
            self.by_number[number] = (kind, [item])
        elif known[0] == kind:
            known[1].append(item)

    def _sort(self) -> None:
        for listed in self.by_customer.values():
            listed.sort(key=lambda item: (item.due_date, item.number, item.item_id))


_KINDS: Final = (
    ("invoice", attrgetter("number")),
    ("order", attrgetter("order_number")),
    ("contract", attrgetter("contract_number")),
)
_WEAKNESS: Final = ("invoice", "order", "contract")
