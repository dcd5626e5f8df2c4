"""Where the obligations of one order stand: a function of its documents alone, whatever order they came in.

Worked: an order of 100,000 with deliveries of 30,000 and 40,000 and invoices of 50,000 has 30,000 left to leave
(ordered), 20,000 of the second delivery not invoiced (delivered), and 50,000 that stand under their invoices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.kernel import money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.core.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """Goods that left: ``billed`` is what invoices name of this very delivery (or of a usage of it).

    ``returned`` came back for good, ``replaced`` came back to be sent again.
    """

    number: str
    day: date
    amount: Money
    returned: Money
    replaced: Money
    billed: Money

    @property
    def kept(self) -> Money:
        """Return what the customer still has of it."""
        left = self.amount - self.returned - self.replaced
        return left if left.is_positive else left.times(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDocuments:
    """An order and everything that names it: ``billed`` is the whole of its invoices, ``credited`` of their credit notes."""

    amount: Money
    is_under_way: bool
    shipments: Sequence[Shipment]
    billed: Money
    credited: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStages:
    """What the order occupies: ``ordered`` is still to leave, ``delivered`` left and is not invoiced, by delivery."""

    ordered: Money
    delivered: Mapping[str, Money]
    gone: Money
    shipped: Money
    billed: Money


def stages(documents: OrderDocuments) -> OrderStages:
    """Return where the order's obligations stand.

    An order that has ended (or is held) has nothing left to leave; what left of it stays owed all the same. Invoices
    beyond the order are simply billed. A credit note counts here only as far as goods came back.
    """
    currency = documents.amount.currency
    zero = documents.amount.times(0)
    shipped = money.total((one.amount - one.replaced for one in documents.shipments), currency)
    replaced = money.total((one.replaced for one in documents.shipments), currency)
    returned = replaced + money.total((one.returned for one in documents.shipments), currency)
    gone = max(shipped, documents.billed - min(replaced, documents.credited))
    left = documents.amount - gone
    return OrderStages(
        ordered=left if documents.is_under_way and left.is_positive else zero,
        delivered=_unbilled(documents.shipments, billed=documents.billed - min(returned, documents.credited)),
        gone=gone,
        shipped=shipped,
        billed=documents.billed,
    )


def _unbilled(shipments: Sequence[Shipment], *, billed: Money) -> dict[str, Money]:
    """Return what is not invoiced of each delivery: what invoices name first, then the oldest first."""
    in_order = sorted(shipments, key=lambda one: (one.day, one.number))
    left = {one.number: one.kept for one in in_order}
    rest = billed if billed.is_positive else billed.times(0)
    for named in (True, False):
        for one in in_order:
            most = min(left[one.number], one.billed) if named else left[one.number]
            taken = min(most, rest)
            left[one.number] -= taken
            rest -= taken
    return left
