"""Remittances: what a payment says about what it pays."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tradecredit.core.kernel.money import Money

# A number on a document: letters, digits and the marks that stand inside numbers; it holds at least one digit.
_TOKEN = re.compile(r"[0-9A-Z]+(?:[-_/.][0-9A-Z]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remittance:
    """Money that has come in, with the invoice numbers that came with it."""

    payment_number: str
    customer_code: str
    payment_date: date
    amount: Money
    invoice_numbers: tuple[str, ...] = ()
    text: str = ""


def normal(number: str) -> str:
    """Return a document number as it is compared: full-width to half-width, capitals, no blanks around.

    ``" ｉｎｖ-1042 "`` is compared as ``INV-1042``; leading zeros count, since numbers are names.
    """
    return unicodedata.normalize("NFKC", number).strip().upper()


def quoted_numbers(*, text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known document numbers that stand in the text as whole words, in the order of the text.

    ``"货款 INV-1042,INV-1043"`` quotes both; ``"INV-10421"`` does not quote INV-1042.
    """
    by_normal = {normal(number): number for number in known}
    found = (by_normal.get(token) for token in _TOKEN.findall(normal(text)))
    return tuple(dict.fromkeys(number for number in found if number is not None))


def possible_numbers(text: str) -> tuple[str, ...]:
    """Return everything in a text that could be a document number, as it is compared, in the order of the text.

    ``"货款INV-1042 谢谢 3件"`` gives INV-1042 and 3.
    """
    tokens = _TOKEN.findall(normal(text))
    return tuple(dict.fromkeys(token for token in tokens if any(char.isdigit() for char in token)))
