"""The rows of a bank's table: movements, totals at the foot, and rows that say nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final, cast

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.imports.incoming import UnableToReadFileError
from tradecredit.integrations.bank_files import figures, profiles, table_days
from tradecredit.integrations.erp_csv import amounts
from tradecredit.integrations.erp_csv.sheets import is_blank, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.integrations.bank_files.profiles import Profile
    from tradecredit.integrations.bank_files.table_heads import Head
    from tradecredit.integrations.erp_csv.mapping_files import NumberStyle
    from tradecredit.integrations.erp_csv.sheets import Cell, Row, Sheet

_DASHES: Final = re.compile(r"[-—–/－*]*")
_MONEY_FIELDS: Final = ("amount", "money_in", "money_out", "balance")


@dataclass(slots=True, kw_only=True)
class TableRow:
    """One movement: ``amount`` is signed once the directions of the whole table are understood."""

    row: int
    booking_date: date
    value_date: date | None
    amount: Decimal
    direction: str
    currency: str
    balance: Decimal | None
    texts: dict[str, str]


@dataclass(slots=True, kw_only=True)
class TableRows:
    """The movements of a table, what its foot says, and what was left out."""

    rows: list[TableRow] = field(default_factory=list)
    stated_in: Decimal | None = None
    stated_out: Decimal | None = None
    unreadable_balances: int = 0


def read(sheet: Sheet, head: Head, profile: Profile, *, day_one_is_1904: bool) -> TableRows:
    """Return the rows below the head; raises UnableToReadBankFileError naming the row."""
    body = sheet.rows[head.first_row :]
    reader = _Reader(body, head, profile, day_one_is_1904=day_one_is_1904)
    for number, row in enumerate(body, start=head.first_row + 1):
        if not all(is_blank(cell) for cell in row):
            reader.take(row, number)
    return reader.found


class _Reader:
    """Reads the rows of one table in the style that was decided over all of them."""

    def __init__(self, body: Sequence[Row], head: Head, profile: Profile, *, day_one_is_1904: bool) -> None:
        self.found = TableRows()
        self._head, self._profile = head, profile
        self._footers = tuple(profiles.heading_key(word) for word in profile.footers)
        columns = {name: [self._cell(row, name) for row in body] for name in (*_MONEY_FIELDS, "booking_date")}
        try:
            self._days = table_days.decide(
                columns["booking_date"], head=head, given=profile.days, day_one_is_1904=day_one_is_1904
            )
            given = cast("NumberStyle | None", profile.numbers)
            money_cells = [cell for name in _MONEY_FIELDS for cell in columns[name]]
            self._style = amounts.decide_style(money_cells, given=given)
        except UnableToReadFileError as error:
            example = error.facts.get("example", "")
            raise figures.refusal(
                "",
                Words(
                    zh=f"日期或金额的写法不能确定（如 {example}）。请在列配置中写明 days（如 d/m/y）或 numbers（如 1.234,56）。",
                    en=f"How days or amounts are written (such as {example}) is not certain. "
                    "Say `days` (such as d/m/y) or `numbers` (such as 1.234,56) in a column profile.",
                ),
            ) from error

    def take(self, row: Row, number: int) -> None:
        """Take one row that is not blank."""
        day = self._days.read(self._cell(row, "booking_date"))
        money = {name: self._number(row, name) for name in ("amount", "money_in", "money_out")}
        if day is None and self._is_footer(row):
            self._foot(row, money)
        elif all(value is None for value in money.values()) and not self._is_garbled(row):
            return
        elif day is None:
            raise self._unreadable(row, number, "booking_date")
        else:
            self._movement(row, number, day, money)

    def _movement(self, row: Row, number: int, day: date, money: dict[str, Decimal | None]) -> None:
        for name in ("amount", "money_in", "money_out"):
            if money[name] is None and not self._is_empty(self._cell(row, name)):
                raise self._unreadable(row, number, name)
        came, went = money["money_in"], money["money_out"]
        if came and went:
            raise figures.refusal(
                f"row {number}",
                Words(zh="同一行既有收入又有支出。", en="the row has money coming in and going out."),
            )
        amount = (
            money["amount"] if came is None and went is None else (came or Decimal(0)) - (went or Decimal(0))
        )
        balance = self._number(row, "balance")
        if balance is None:
            self.found.unreadable_balances += 1
        figures.check_entries(len(self.found.rows) + 1, place=f"row {number}")
        self.found.rows.append(
            TableRow(
                row=number,
                booking_date=day,
                value_date=self._days.read(self._cell(row, "value_date")),
                amount=figures.stored(amount or Decimal(0), place=f"row {number}"),
                direction=self._text(row, "direction") if came is None and went is None else "",
                currency=self._currency(row),
                balance=balance,
                texts={name: self._text(row, name) for name in self._head.columns},
            )
        )

    def _currency(self, row: Row) -> str:
        written = self._text(row, "currency")
        return (amounts.currency_code(written) or "") if written else ""

    def _foot(self, row: Row, money: dict[str, Decimal | None]) -> None:
        words = "".join(profiles.heading_key(shown(cell)) for cell in row)
        if any(word in words for word in ("合计", "总计", "TOTAL", "SUMME")) and "小计" not in words:
            self.found.stated_in = (
                money["money_in"] if money["money_in"] is not None else self.found.stated_in
            )
            self.found.stated_out = (
                money["money_out"] if money["money_out"] is not None else self.found.stated_out
            )

    def _is_footer(self, row: Row) -> bool:
        words = [profiles.heading_key(shown(cell)) for cell in row]
        return any(footer in word for word in words for footer in self._footers)

    def _is_garbled(self, row: Row) -> bool:
        """Tell whether a money cell says something that is no amount: not a remark below the table, but a broken row."""
        cells = [self._cell(row, name) for name in ("amount", "money_in", "money_out")]
        has_day = self._days.read(self._cell(row, "booking_date")) is not None
        return has_day and any(not self._is_empty(cell) for cell in cells)

    def _number(self, row: Row, name: str) -> Decimal | None:
        cell = self._cell(row, name)
        if self._is_empty(cell):
            return None
        found = amounts.read(cell, style=self._style)
        return None if found is None else found.number

    def _text(self, row: Row, name: str) -> str:
        cells = [shown(row[place]) for place in self._head.columns.get(name, ()) if place < len(row)]
        kept = dict.fromkeys(figures.clean(cell) for cell in cells)
        return figures.clean(
            " ".join(text for text in kept if not _DASHES.fullmatch(text) or name in ("direction", "status"))
        )

    def _cell(self, row: Row, name: str) -> Cell:
        places = self._head.columns.get(name)
        return row[places[0]] if places and places[0] < len(row) else None

    @staticmethod
    def _is_empty(cell: Cell) -> bool:
        return is_blank(cell) or (isinstance(cell, str) and _DASHES.fullmatch(cell.strip()) is not None)

    def _unreadable(self, row: Row, number: int, name: str) -> Exception:
        text = figures.clean(shown(self._cell(row, name)), 40)
        what = {"booking_date": Words(zh="日期", en="day")}.get(name, Words(zh="金额", en="amount"))
        return figures.refusal(
            f"row {number}",
            Words(
                zh=f"“{text}”不是{what.zh}。请在文件中更正，或换一个列配置。",
                en=f"“{text}” is not a {what.en}. Correct it in the file, or name another column profile.",
            ),
        )
