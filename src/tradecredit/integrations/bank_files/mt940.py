"""SWIFT MT940 statements and MT942 intraday reports, as banks write them: fields, messages, balances."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tradecredit.core.cash_application.statements import Entry, Statement, StatementKind
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.integrations.bank_files import figures, mt940_details, texts

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

_TAG: Final = re.compile(r":(\d{2}[A-Z]?|NS):(.*)", re.DOTALL)
# A bank that wraps blindly may cut even the mark of a field in two.
_CUT_TAG: Final = re.compile(r"^:\n(?=\d{2}[A-Z]?:)", re.MULTILINE)
_MOVEMENT: Final = re.compile(
    r"(\d{2})(\d{2})(\d{2})(\d{4})?(E[CD]|R?[CD])([A-Z])?(\d{1,24}(?:,\d{0,6})?)(.*)", re.DOTALL
)
_BALANCE: Final = re.compile(r"\s*([CD])(\d{2})(\d{2})(\d{2})([A-Z]{3})?(\d{1,24}(?:,\d{0,6})?)\s*")
_TOTAL: Final = re.compile(r"\s*(\d{1,5})([A-Z]{3})(\d{1,24}(?:,\d{0,6})?)\s*")
_TYPE: Final = re.compile(r"([NSF][A-Z0-9]{3})(.*)", re.DOTALL)
_NEW_YEAR: Final = {(12, 1): 1, (1, 12): -1}


@dataclass(slots=True, kw_only=True)
class _Message:
    """The fields of one message, with the line of the file at which each begins."""

    fields: list[tuple[str, str, int]] = field(default_factory=list)

    def first(self, *tags: str) -> tuple[str, int] | None:
        return next(((text, line) for tag, text, line in self.fields if tag in tags), None)

    def text(self, *tags: str) -> str:
        found = self.first(*tags)
        return found[0] if found else ""


def read(data: bytes) -> tuple[str, tuple[Statement, ...]]:
    """Return the name of the format and the statements; raises UnableToReadBankFileError."""
    text = texts.decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("{4:", "{4:\n")
    statements = [_statement(message) for message in _messages(_CUT_TAG.sub(":", text))]
    found = tuple(statement for statement in statements if statement is not None)
    is_report = bool(found) and all(one.kind is StatementKind.REPORT for one in found)
    return ("mt942" if is_report else "mt940"), found


def _messages(text: str) -> list[_Message]:
    messages: list[_Message] = []
    is_inside = False
    for number, line in enumerate(text.split("\n"), start=1):
        found = _TAG.fullmatch(line)
        if found is None:
            # A line of its own with "-" ends a message; what follows until the next field is not part of it.
            is_inside = is_inside and not line.startswith(("-", "{", "\x01", "\x03"))
            if is_inside and line.strip():
                tag, before, start = messages[-1].fields[-1]
                messages[-1].fields[-1] = (tag, f"{before}\n{line}", start)
            continue
        tag, rest = found.groups()
        if tag == "20" or not messages:
            messages.append(_Message())
        messages[-1].fields.append((tag, rest, number))
        is_inside = True
    return messages


def _statement(message: _Message) -> Statement | None:
    if not any(tag[:2] in ("20", "25", "28", "60", "61", "62", "64") for tag, _, _ in message.fields):
        return None
    opening, closing = _balance(message, "60F", "60M"), _balance(message, "62F", "62M")
    currency = next((one[0] for one in (opening, closing) if one and one[0]), "") or _floor_currency(message)
    is_report = message.first("34F", "13D", "90D", "90C") is not None and opening is None
    entries = tuple(_entries(message, currency))
    debits, credits_ = _total(message, "90D"), _total(message, "90C")
    return Statement(
        kind=StatementKind.REPORT if is_report else StatementKind.STATEMENT,
        account=figures.clean(message.text("25", "25P").replace("\n", ""), figures.ACCOUNT_MAX),
        currency=currency,
        number=figures.clean(f"{message.text('28C', '28')}/{message.text('20')}".strip("/"), 80),
        opening=Money(opening[1], opening[0] or currency) if opening and (opening[0] or currency) else None,
        opening_date=opening[2] if opening else None,
        closing=Money(closing[1], closing[0] or currency) if closing and (closing[0] or currency) else None,
        closing_date=closing[2] if closing else None,
        entries=entries,
        stated_debit=debits,
        stated_credit=credits_,
    )


def _floor_currency(message: _Message) -> str:
    return figures.currency(message.text("34F")[:3])


def _balance(message: _Message, *tags: str) -> tuple[str, Decimal, date] | None:
    """Return currency, signed amount and day of a balance field, None when there is none."""
    found = message.first(*tags)
    if found is None:
        return None
    text, line = found
    place = f"line {line}"
    parts = _BALANCE.fullmatch(text)
    if parts is None:
        raise figures.refusal(
            place, Words(zh=f"余额“{text[:40]}”无法读取。", en=f"the balance “{text[:40]}” cannot be read.")
        )
    mark, year, month, of_month, currency, written = parts.groups()
    number = figures.amount(written, place=place, point=",")
    return (
        currency or "",
        number if mark == "C" else -number,
        figures.day(year, month, of_month, place=place),
    )


def _total(message: _Message, tag: str) -> Decimal | None:
    found = message.first(tag)
    parts = _TOTAL.fullmatch(found[0]) if found else None
    return figures.amount(parts.group(3), place=f"line {found[1]}", point=",") if parts and found else None


def _entries(message: _Message, currency: str) -> list[Entry]:
    entries: list[Entry] = []
    pending: tuple[str, int] | None = None
    details: list[str] = []
    for tag, text, line in [*message.fields, ("", "", 0)]:
        if tag == "86" and pending is not None:
            details.append(text)
            continue
        if pending is not None:
            entries.append(_entry(pending[0], details, line=pending[1], currency=currency))
            figures.check_entries(len(entries), place=f"line {pending[1]}")
        pending, details = ((text, line) if tag == "61" else None), []
    return entries


def _entry(text: str, details: list[str], *, line: int, currency: str) -> Entry:
    place = f"line {line}"
    head, _, supplement = text.partition("\n")
    found = _MOVEMENT.fullmatch(head.strip())
    if found is None:
        found, supplement = _MOVEMENT.fullmatch(text.replace("\n", "").strip()), ""
    if found is None:
        raise figures.refusal(
            place,
            Words(zh=f"交易行“{head[:40]}”无法读取。", en=f"the movement “{head[:40]}” cannot be read."),
        )
    year, month, of_month, entry_day, mark, _, written, rest = found.groups()
    value_date = _value_day(year, month, of_month, place=place)
    number = figures.amount(written, place=place, point=",")
    # The return of a credit takes money out again, the return of a debit brings it back.
    comes_in = mark in ("C", "RD", "EC")
    code, customer, bank, beside = _references(rest)
    said = mt940_details.read(details)
    return Entry(
        place=place,
        booking_date=_booked(entry_day, value_date, place=place),
        value_date=value_date,
        amount=Money(number if comes_in else -number, currency),
        is_return=mark.startswith("R") or said.is_return or code == "NRTI",
        counterparty=said.name,
        counterparty_account=said.account,
        text=figures.clean(" ".join(filter(None, (said.text, beside, supplement)))),
        bank_reference=figures.clean(bank or customer, figures.REFERENCE_MAX),
        end_to_end=said.end_to_end,
    )


def _value_day(year: str, month: str, of_month: str, *, place: str) -> date:
    """Return the value day; where interest runs in months of 30 days, 30 February is its last day."""
    if month == "02" and of_month in ("29", "30"):
        return figures.day(year, "03", "01", place=place) - timedelta(days=1)
    return figures.day(year, month, of_month, place=place)


def _booked(entry_day: str | None, value_date: date, *, place: str) -> date:
    """Return the booking day, which is written without its year: the one next to the value day's."""
    if entry_day is None:
        return value_date
    month, of_month = entry_day[:2], entry_day[2:]
    year = value_date.year + _NEW_YEAR.get((value_date.month, int(month)), 0)
    return figures.day(str(year), month, of_month, place=place)


def _references(rest: str) -> tuple[str, str, str, str]:
    """Return type, customer's reference, bank's reference and what stands behind them."""
    found = _TYPE.fullmatch(rest.strip())
    if found is None:
        return "", "", "", rest.strip()
    code, references = found.groups()
    customer, _, bank = references.partition("//")
    customer, _, beside = customer.strip().partition("  ")
    return code, customer.strip(), bank.strip(), beside.strip()
