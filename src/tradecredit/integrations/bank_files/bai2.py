"""BAI2 cash management files: records, continuations, control totals; a total that is not met refuses the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.cash_application.statements import Entry, Statement, StatementKind
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.integrations.bank_files import bai2_records, figures, texts

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.integrations.bank_files.bai2_records import Record

_OPENING, _CLOSING = "010", "015"
_CREDITS: Final = range(100, 400)
_DEBITS: Final = range(400, 700)
# Returned cheques and direct debits, dishonoured items, reversals of credits.
_RETURNS: Final = frozenset({"455", "508", "515", "535", "554", "555", "556", "557", "558", "627", "629"})


@dataclass(slots=True, kw_only=True)
class _Account:
    """One account of a group, as its records come."""

    number: str
    currency: str
    day: date
    summary: dict[str, Decimal]
    total: Decimal
    records: int
    entries: list[Entry] = field(default_factory=list)


def read(data: bytes) -> tuple[str, tuple[Statement, ...]]:
    """Return the name of the format and the statements; raises UnableToReadBankFileError."""
    walk = _Walk()
    for record in bai2_records.records(texts.decode(data)):
        walk.take(record)
    return "bai2", walk.finished()


class _Walk:
    """Goes over the records once, holding each total against what was counted below it."""

    def __init__(self) -> None:
        self._statements: list[Statement] = []
        self._account: _Account | None = None
        self._group: tuple[date, str] | None = None
        self._group_total = self._file_total = Decimal(0)
        self._group_records = self._file_records = 0
        self._is_finished = False

    def take(self, record: Record) -> None:
        """Take the next record."""
        self._file_records += record.lines
        self._group_records += record.lines
        if self._account is not None:
            self._account.records += record.lines
        match record.code:
            case "02":
                self._open_group(record)
            case "03":
                self._open_account(record)
            case "16":
                self._movement(record)
            case "49":
                self._close_account(record)
            case "98":
                self._close_group(record)
            case "99":
                self._close_file(record)

    def finished(self) -> tuple[Statement, ...]:
        """Return the statements; raises UnableToReadBankFileError when the file ended before its trailer."""
        if not self._is_finished:
            raise figures.refusal(
                f"line {self._file_records}",
                Words(
                    zh="文件没有结尾记录（99），可能被截断。请重新下载。",
                    en="the file has no trailer (99) and may be cut off. Fetch it again.",
                ),
            )
        return tuple(self._statements)

    def _open_group(self, record: Record) -> None:
        self._group = (record.day(4), record.text(6) or "USD")
        self._group_total, self._group_records = Decimal(0), record.lines

    def _open_account(self, record: Record) -> None:
        if self._group is None:
            raise _misplaced(record)
        summary, total = bai2_records.summary(record)
        self._account = _Account(
            number=figures.clean(record.text(1), figures.ACCOUNT_MAX),
            currency=figures.money(Decimal(0), record.text(2) or self._group[1], place=record.place).currency,
            day=self._group[0],
            summary=summary,
            total=total,
            records=record.lines,
        )

    def _movement(self, record: Record) -> None:
        account = self._account
        if account is None:
            raise _misplaced(record)
        code, written = record.text(1), record.text(2)
        number = figures.amount(written, place=record.place) if written else Decimal(0)
        account.total += number
        days, rest = bai2_records.funds(record)
        if not code.isascii() or not code.isdigit():
            raise _misplaced(record)
        comes_in = int(code) in _CREDITS
        if not (comes_in or int(code) in _DEBITS) or not number:
            return
        amount = Money(_minor(number if comes_in else -number, account.currency), account.currency)
        figures.money(amount.amount, account.currency, place=record.place)
        account.entries.append(
            Entry(
                place=record.place,
                booking_date=account.day,
                value_date=days,
                amount=amount,
                is_return=code in _RETURNS,
                bank_reference=figures.clean(rest[0] if rest else "", figures.REFERENCE_MAX),
                end_to_end=figures.clean(rest[1] if len(rest) > 1 else "", figures.REFERENCE_MAX),
                text=figures.clean(",".join(rest[2:])),
            )
        )
        figures.check_entries(len(account.entries), place=record.place)

    def _close_account(self, record: Record) -> None:
        account = self._account
        if account is None:
            raise _misplaced(record)
        record.expect(1, account.total)
        record.expect(2, Decimal(account.records))
        self._group_total += account.total
        self._statements.append(_statement(account))
        self._account = None

    def _close_group(self, record: Record) -> None:
        record.expect(1, self._group_total)
        record.expect(3, Decimal(self._group_records))
        self._file_total += self._group_total
        self._group = None

    def _close_file(self, record: Record) -> None:
        record.expect(1, self._file_total)
        record.expect(3, Decimal(self._file_records))
        self._is_finished = True


def _statement(account: _Account) -> Statement:
    opening, closing = account.summary.get(_OPENING), account.summary.get(_CLOSING)

    def balance(number: Decimal | None) -> Money | None:
        return None if number is None else Money(_minor(number, account.currency), account.currency)

    return Statement(
        kind=StatementKind.STATEMENT if None not in (opening, closing) else StatementKind.REPORT,
        account=account.number,
        currency=account.currency,
        number=account.day.isoformat(),
        opening=balance(opening),
        closing=balance(closing),
        opening_date=account.day,
        closing_date=account.day,
        entries=tuple(account.entries),
    )


def _minor(number: Decimal, currency: str) -> Decimal:
    """Return the amount that is written without its point: 2500 in CAD is 25.00, in JPY 2500."""
    return number.scaleb(-money.minor_digits(currency))


def _misplaced(record: Record) -> Exception:
    return figures.refusal(
        record.place,
        Words(
            zh=f"记录 {record.code[:4]} 位置或内容不对。请重新下载。",
            en=f"record {record.code[:4]} is out of place or garbled. Fetch the file again.",
        ),
    )
