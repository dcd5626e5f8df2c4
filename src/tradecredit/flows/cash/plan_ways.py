"""A way of the matcher as allocations that can be booked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from tradecredit.apps.cash_application.models import AllocationMethod
from tradecredit.core.cash_application.matcher import values
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash import book_allocations
from tradecredit.flows.cash.book_allocations import Planned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.apps.cash_application.queries import PaymentRecord
    from tradecredit.apps.receivables.queries import LineRecord
    from tradecredit.core.cash_application.matcher.values import Way

_NAMED: Final = frozenset({"advice", "invoice", "cut", "order", "contract"})
_NO_WORDS: Final = Words(zh="", en="")


def as_planned(
    way: Way, *, payment: PaymentRecord, lines: Mapping[UUID, LineRecord], method: str = ""
) -> list[Planned]:
    """Return the allocations of a way, credit notes that the payer deducted among them.

    ``lines`` are those of the items and of the credit notes; without a ``method`` it is told by the evidence.
    """
    named = AllocationMethod.REFERENCE if way.reference in _NAMED else AllocationMethod.EXACT
    found = AllocationMethod.FIFO if way.fit == "oldest_first" else named
    return [
        Planned(
            source=book_allocations.credit_source(lines[UUID(share.credit_id)])
            if share.credit_id
            else book_allocations.payment_source(payment),
            line=lines[UUID(share.item_id)],
            amount=values.amount(share.amount),
            method=AllocationMethod.CREDIT_NOTE.value if share.credit_id else method or found.value,
            words=way.words or _NO_WORDS,
        )
        for share in way.shares
    ]
