"""What a movement on the bank account means for the books: money in, money back, a refund, or none of our business."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tradecredit.core.cash_application.statements import Entry

_RETURNED: Final = re.compile(
    r"退票|退汇|冲正|拒付|抹账|托收退回|代扣退回|R(?:UE|Ü)CKLAST|R(?:UE|Ü)CKGABE|RETOURE?\b|STORNO"
    r"|\bRETURN(?:ED)?\b|\bRTN\b|\bUNPAID\b|\bREVERSAL\b|\bREJECT(?:ED)?\b|\bIMPAY[EÉ]"
    r"|TERUGBOEKING|CHARGE ?BACK|\bDISHONOU?RED\b",
    re.IGNORECASE,
)
_REFUND: Final = re.compile(
    r"退款|退货款|退还|返还货款|\bREFUND|ERSTATTUNG|R(?:UE|Ü)CKZAHLUNG|\bREMBOURSEMENT|REEMBOLSO",
    re.IGNORECASE,
)


class LineKind(StrEnum):
    """What a line is."""

    RECEIPT = "receipt"
    RETURN = "return"
    REFUND = "refund"
    OUTGOING = "outgoing"
    CORRECTION = "correction"


def kind_of(entry: Entry) -> LineKind:
    """Return what the movement is for the books of a seller.

    Money in is a receipt, unless it gives back what we had paid (``correction``); money out is the return of an
    earlier receipt when the bank marks it so or its text says so, a refund to a customer, or merely outgoing.
    """
    if entry.amount.is_positive:
        return LineKind.CORRECTION if entry.is_return else LineKind.RECEIPT
    if entry.is_return or _RETURNED.search(entry.text):
        return LineKind.RETURN
    return LineKind.REFUND if _REFUND.search(entry.text) else LineKind.OUTGOING
