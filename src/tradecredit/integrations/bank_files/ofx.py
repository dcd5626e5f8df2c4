"""OFX 1 (SGML) and OFX 2 (XML): one reader of tags and values for both; nothing is ever expanded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.cash_application.statements import Entry, Statement, StatementKind
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.integrations.bank_files import figures, texts

if TYPE_CHECKING:
    from datetime import date

_TAG: Final = re.compile(r"<(/?)([A-Za-z0-9_.]{1,40})\s*(/?)>([^<]*)")
_HOSTILE: Final = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DAY: Final = re.compile(r"\s*(\d{4})(\d{2})(\d{2}).{0,40}", re.DOTALL)
_NUMBER: Final = re.compile(r"\s*([+-]?)\s*(\d{1,40}(?:[.,]\d{0,12})?|[.,]\d{1,12})\s*")
_ENTITIES: Final = {"&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&amp;": "&"}
_STATEMENTS: Final = frozenset({"STMTRS", "CCSTMTRS", "INVSTMTRS"})
_BACK_AGAIN: Final = frozenset({"REVERSAL", "RETURN"})


@dataclass(slots=True, kw_only=True)
class _Found:
    """What was met inside one statement."""

    account: str = ""
    currency: str = ""
    closing: str = ""
    closing_day: str = ""
    entries: list[tuple[dict[str, str], int]] = field(default_factory=list)


def read(data: bytes) -> tuple[str, tuple[Statement, ...]]:
    """Return the name of the format and the statements; raises UnableToReadBankFileError."""
    text = texts.decode(data)
    if _HOSTILE.search(text):
        raise figures.refusal(
            "",
            Words(
                zh="文件含有文档类型声明（DTD），未读取。",
                en="The file carries a document type (DTD) and was not read.",
            ),
        )
    return "ofx", tuple(_statement(found) for found in _Walk().over(text))


class _Walk:
    """Goes over the tags once, whether values are closed (OFX 2) or not (OFX 1)."""

    def __init__(self) -> None:
        self._path: list[str] = []
        self._found: list[_Found] = []
        self._entry: dict[str, str] | None = None

    def over(self, text: str) -> list[_Found]:
        """Return what each statement holds."""
        for tag in _TAG.finditer(text):
            is_end, name, is_empty, value = tag.groups()
            name = name.upper()
            if is_end:
                self._leave(name)
            elif value.strip():
                self._value(name, value.strip())
            elif not is_empty:
                self._enter(name, line=tag.start())
        if self._entry is not None or not self._found:
            self._check_complete(text)
        return self._found

    def _check_complete(self, text: str) -> None:
        if self._entry is not None or "</OFX>" not in text.upper():
            raise figures.refusal(
                f"line {text.count(chr(10)) + 1}",
                Words(zh="文件在此处中断。请重新下载。", en="the file is cut off here. Fetch it again."),
            )

    def _enter(self, name: str, *, line: int) -> None:
        if name in _STATEMENTS:
            self._found.append(_Found())
        elif name == "STMTTRN" and not self._found:
            raise figures.refusal(
                f"character {line}",
                Words(zh="交易不在任何账户之下。请重新下载。", en="a transaction stands under no account."),
            )
        elif name == "STMTTRN":
            self._entry = {}
            self._found[-1].entries.append((self._entry, len(self._found[-1].entries) + 1))
            figures.check_entries(len(self._found[-1].entries), place=f"character {line}")
        # Only what can hold values is remembered; an empty value opens nothing.
        if name in ("LEDGERBAL", "CURRENCY", "ORIGCURRENCY", "AVAILBAL") or name.endswith("ACCTFROM"):
            self._path.append(name)

    def _leave(self, name: str) -> None:
        if name == "STMTTRN":
            self._entry = None
        while self._path and name in self._path:
            self._path.pop()

    def _value(self, name: str, value: str) -> None:
        for mark, char in _ENTITIES.items():
            value = value.replace(mark, char)
        inside = self._path[-1] if self._path else ""
        if self._entry is not None:
            key = f"{inside}.{name}" if inside in ("CURRENCY", "ORIGCURRENCY") else name
            self._entry.setdefault(key, value)
        elif self._found:
            self._of_statement(self._found[-1], inside, name, value)

    @staticmethod
    def _of_statement(found: _Found, inside: str, name: str, value: str) -> None:
        if name == "CURDEF":
            found.currency = value
        elif name == "ACCTID" and inside.endswith("ACCTFROM"):
            found.account = found.account or value
        elif inside == "LEDGERBAL" and name == "BALAMT":
            found.closing = value
        elif inside == "LEDGERBAL" and name == "DTASOF":
            found.closing_day = value


def _statement(found: _Found) -> Statement:
    currency = figures.currency(found.currency) or figures.currency(_entry_currency(found))
    entries = tuple(_entry(values, currency, place=f"STMTTRN {n}") for values, n in found.entries)
    has_closing = bool(found.closing and currency)
    closing_date = _day(found.closing_day, place="DTASOF") if has_closing and found.closing_day else None
    return Statement(
        kind=StatementKind.EXPORT,
        account=figures.clean(found.account, figures.ACCOUNT_MAX),
        currency=currency,
        closing=Money(_number(found.closing, place="BALAMT"), currency) if has_closing else None,
        closing_date=closing_date,
        entries=entries,
    )


def _entry_currency(found: _Found) -> str:
    return next((values["CURRENCY.CURSYM"] for values, _ in found.entries if "CURRENCY.CURSYM" in values), "")


def _entry(values: dict[str, str], currency: str, *, place: str) -> Entry:
    kind = values.get("TRNTYPE", "").upper()
    words = dict.fromkeys([values.get("NAME", ""), values.get("MEMO", ""), values.get("CHECKNUM", "")])
    number = _number(values.get("TRNAMT", ""), place=place)
    original = None
    if "ORIGCURRENCY.CURSYM" in values and values["ORIGCURRENCY.CURSYM"] != currency:
        original = figures.money(abs(number), values["ORIGCURRENCY.CURSYM"], place=place)
    posted = _day(values.get("DTPOSTED", ""), place=place)
    return Entry(
        place=place,
        booking_date=posted,
        value_date=_day(values["DTAVAIL"], place=place) if "DTAVAIL" in values else None,
        amount=figures.money(number, values.get("CURRENCY.CURSYM") or currency, place=place),
        is_return=kind in _BACK_AGAIN,
        counterparty=figures.clean(values.get("NAME"), figures.NAME_MAX),
        counterparty_account="",
        text=figures.clean(" ".join(filter(None, words))),
        bank_reference=figures.clean(values.get("FITID"), figures.REFERENCE_MAX),
        original=original,
    )


def _number(text: str, *, place: str) -> Decimal:
    found = _NUMBER.fullmatch(text)
    if found is None or not text.isascii():
        raise figures.refusal(
            place, Words(zh=f"“{text[:40]}”不是金额。", en=f"“{text[:40]}” is not an amount.")
        )
    sign, digits = found.groups()
    number = figures.stored(Decimal(digits.replace(",", ".")), place=place)
    return -number if sign == "-" else number


def _day(text: str, *, place: str) -> date:
    found = _DAY.fullmatch(text)
    if found is None:
        raise figures.refusal(place, Words(zh=f"“{text[:40]}”不是日期。", en=f"“{text[:40]}” is not a day."))
    return figures.day(*found.groups(), place=place)
