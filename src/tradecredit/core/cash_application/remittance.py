"""Remittances: what a payment says about what it pays."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

# A number on a document: letters, digits and the marks that stand inside numbers; it holds at least one digit.
_TOKEN = re.compile(r"[0-9A-Z]+(?:[-_/.][0-9A-Z]+)*")


def normal(number: str) -> str:
    """Return a document number as it is compared: full-width to half-width, capitals, no blanks around.

    ``" ｉｎｖ-1042 "`` is compared as ``INV-1042``; leading zeros count, since numbers are names.
    """
    return unicodedata.normalize("NFKC", number).strip().upper()


def possible_numbers(text: str) -> tuple[str, ...]:
    """Return everything in a text that could be a document number, as it is compared, in the order of the text.

    ``"货款INV-1042 谢谢 3件"`` gives INV-1042 and 3.
    """
    tokens = _TOKEN.findall(normal(text))
    return tuple(dict.fromkeys(token for token in tokens if any(char.isdigit() for char in token)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A document on a list, with the amount that is for it where one stands beside it."""

    number: str
    amount: Decimal | None


def listed(text: str) -> tuple[Listed, ...]:
    r"""Return the documents of a typed or pasted list, one a line: a number, perhaps an amount behind it.

    ``"INV-1  80.00\nINV-2"`` lists INV-1 with 80.00 and INV-2 without an amount; ``1,200.50`` and ``¥80`` are amounts.
    """
    found = []
    for line in unicodedata.normalize("NFKC", text).splitlines():
        words = line.replace(";", " ").replace("\t", " ").split()
        if words:
            found.append(Listed(number=words[0].strip(","), amount=_amount(words[1:])))
    return tuple(found)


def _amount(words: list[str]) -> Decimal | None:
    for word in words:
        try:
            return Decimal(word.strip("¥,").replace(",", ""))
        except ArithmeticError:
            continue
    return None
