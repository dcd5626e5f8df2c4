"""Disputes: which part of an item the customer contests, and what that stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradecredit.core.kernel.money import Money

PartialDispute = Literal["hold_line", "ask_rest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """An open dispute about one instalment; ``amount`` is None when all of it is contested."""

    instalment_id: str
    amount: Money | None = None


def undisputed(
    *, instalment_id: str, open_amount: Money, disputes: Iterable[Dispute], partial: PartialDispute
) -> Money:
    """Return what may still be asked for: nothing of a contested line, or its uncontested rest.

    With 40.00 of 100.00 contested, ``hold_line`` leaves 0 and ``ask_rest`` leaves 60.00.
    """
    rest = open_amount
    for dispute in disputes:
        if dispute.instalment_id != instalment_id:
            continue
        if dispute.amount is None or partial == "hold_line":
            return open_amount - open_amount
        rest -= dispute.amount
    return rest if rest.is_positive else open_amount - open_amount
