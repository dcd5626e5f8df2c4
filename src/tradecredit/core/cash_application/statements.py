"""Bank statements: do they add up, what single movements do they hold, and which movement is which.

Opening balance plus booked movements is the closing balance; a statement that says otherwise is reported with the
difference. An entry is identified by what the bank says of it, never by day and amount alone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.kernel.reasons import Words

_GENERIC_REFERENCES: Final = frozenset({"NONREF", "NOTPROVIDED", "NOREF", "NOTAVAILABLE", "UNKNOWN", "NA"})
_REFERENCE_LENGTH_MIN: Final = 5
_ACCOUNT_LENGTH_MIN: Final = 8
_NOT_LETTERS: Final = re.compile(r"[\W_]+")


class StatementKind(StrEnum):
    """A final statement, an intraday report, a notification of single entries, or rows a person asked for."""

    STATEMENT = "statement"
    REPORT = "report"
    NOTIFICATION = "notification"
    EXPORT = "export"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One booked movement, or one transaction of a batch; ``amount`` is above zero for money coming in.

    ``original`` is what was instructed in another currency; ``balance`` the running balance after the movement.
    ``place`` tells where it stands in the file. A return gives back an earlier movement.
    """

    place: str
    booking_date: date
    amount: Money
    value_date: date | None = None
    is_return: bool = False
    counterparty: str = ""
    counterparty_account: str = ""
    text: str = ""
    bank_reference: str = ""
    end_to_end: str = ""
    original: Money | None = None
    balance: Decimal | None = None
    parts: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of one account; ``stated_count`` and ``stated_sum`` are control figures of the file itself.

    ``pending`` counts the entries that are announced only; they are no movements.
    """

    kind: StatementKind
    account: str
    currency: str
    number: str = ""
    opening: Money | None = None
    closing: Money | None = None
    opening_date: date | None = None
    closing_date: date | None = None
    entries: tuple[Entry, ...] = ()
    stated_count: int | None = None
    stated_credit: Decimal | None = None
    stated_debit: Decimal | None = None
    pending: int = 0
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFile:
    """A file as it came: ``profile`` names its columns (a shipped profile, one of the installation's, or YAML text).

    ``account`` and ``currency`` stand in where the file names none.
    """

    name: str
    data: bytes
    profile: str = ""
    account: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFile:
    """A file as it was read: its format, the column profile if there is one, and its statements."""

    format: str
    profile: str = ""
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a statement adds up to; ``difference`` is closing minus expected, None while no balances are given.

    ``is_balanced`` is None when the file gives nothing to check against.
    """

    credit: Decimal
    debit: Decimal
    credits: int
    debits: int
    difference: Decimal | None
    is_balanced: bool | None


def check(statement: Statement) -> Check:
    """Add the statement up.

    Opening 100.00 with +20.00 and -5.00 and closing 115.00 balances; closing 116.00 differs by 1.00; balances of two
    currencies, or control figures that are not met, do not balance either; without balances the difference is None.
    """
    amounts = [entry.amount.amount for entry in statement.entries]
    credit = sum((amount for amount in amounts if amount > 0), Decimal(0))
    debit = -sum((amount for amount in amounts if amount < 0), Decimal(0))
    difference = _difference(statement, credit - debit)
    verdicts = [*_balances(statement, difference), *_controls(statement, credit, debit)]
    return Check(
        credit=credit,
        debit=debit,
        credits=sum(amount > 0 for amount in amounts),
        debits=sum(amount < 0 for amount in amounts),
        difference=difference,
        is_balanced=all(verdicts) if verdicts else None,
    )


def transactions(entry: Entry) -> tuple[Entry, ...]:
    """Return the transactions of a batch when they add up to it, otherwise the entry as one.

    A batch of 300.00 with 100.00 and 200.00 gives both; with 100.00 and 150.00, or in another currency, itself.
    """
    is_whole = (
        len(entry.parts) > 1
        and all(part.amount.currency == entry.amount.currency for part in entry.parts)
        and sum((part.amount.amount for part in entry.parts), Decimal(0)) == entry.amount.amount
    )
    return entry.parts if is_whole else (entry,)


def fingerprint(entry: Entry) -> str:
    """Return what identifies the entry on its account, apart from equal entries beside it (they are counted).

    A reference of the bank's own identifies with day and amount; without one all that is said of the entry does,
    the running balance too.
    """
    said = [entry.booking_date.isoformat(), plain(entry.amount), entry.end_to_end]
    if is_telling(entry.bank_reference):
        said += ["reference", entry.bank_reference]
    else:
        balance = "" if entry.balance is None else f"{entry.balance.normalize():f}"
        words = (entry.counterparty, entry.counterparty_account, entry.text)
        said += ["words", *(comparable(text) for text in words), balance]
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()


def content_hash(statement: Statement) -> str:
    """Return what the same statement of an account has in common however often it is sent: balances and entries."""
    balances = (
        "" if balance is None else plain(balance) for balance in (statement.opening, statement.closing)
    )
    days = (str(day or "") for day in (statement.opening_date, statement.closing_date))
    entries = (fingerprint(entry) for entry in statement.entries)
    said = "\x1f".join([statement.kind, statement.currency, *balances, *days, *entries])
    return hashlib.sha256(said.encode()).hexdigest()


def is_telling(reference: str) -> bool:
    """Tell whether a bank reference can identify: ``NONREF``, ``0000000000`` and ``12`` cannot."""
    bare = _NOT_LETTERS.sub("", reference).upper()
    return len(bare) >= _REFERENCE_LENGTH_MIN and len(set(bare)) > 1 and bare not in _GENERIC_REFERENCES


def comparable(text: str) -> str:
    """Return the letters and digits of a text: full-width to half-width, capitals, no blanks or marks."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text)).upper()


def is_whole_account(number: str) -> bool:
    """Tell whether an account number is given in full: ``1234****9876`` and ``3167`` are not."""
    return "*" not in number and len(comparable(number)) >= _ACCOUNT_LENGTH_MIN


def account_tail(number: str) -> str:
    """Return the part of an account number by which a shortened one is known: ``1234****9876`` by 9876."""
    return comparable(number.rpartition("*")[2]) or comparable(number)


def in_currency(statement: Statement, currency: str) -> Statement:
    """Return the statement with a currency where the file names none."""
    entries = tuple(
        entry if entry.amount.currency else replace(entry, amount=Money(entry.amount.amount, currency))
        for entry in statement.entries
    )
    return replace(statement, currency=currency, entries=entries)


def plain(amount: Money) -> str:
    """Return amount and currency in one way, however many zeros the file writes: ``-100.5 EUR``."""
    return f"{amount.amount.normalize():f} {amount.currency}"


def _difference(statement: Statement, movement: Decimal) -> Decimal | None:
    opening, closing = statement.opening, statement.closing
    if opening is None or closing is None or opening.currency != closing.currency:
        return None
    return closing.amount - opening.amount - movement


def _balances(statement: Statement, difference: Decimal | None) -> list[bool]:
    if statement.opening is None or statement.closing is None:
        return []
    currencies = {entry.amount.currency for entry in statement.entries} | {statement.opening.currency}
    return [difference == 0 and len(currencies) == 1]


def _controls(statement: Statement, credit: Decimal, debit: Decimal) -> list[bool]:
    stated = (
        (statement.stated_count, len(statement.entries)),
        (statement.stated_credit, credit),
        (statement.stated_debit, debit),
    )
    return [said == found for said, found in stated if said is not None]
