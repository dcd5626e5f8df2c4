"""From the rows of a table to statements: directions, accounts, order in time, balances."""

from __future__ import annotations

import itertools
import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.cash_application.statements import Entry, Statement, StatementKind
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.integrations.bank_files import figures, profiles
from tradecredit.integrations.erp_csv import amounts
from tradecredit.integrations.erp_csv.sheets import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradecredit.core.cash_application.statements import BankFile
    from tradecredit.integrations.bank_files.profiles import Profile
    from tradecredit.integrations.bank_files.table_heads import Head
    from tradecredit.integrations.bank_files.table_rows import TableRow, TableRows

_VALUE: Final = re.compile(r"\s*:?\s*\[?([^\s\[\],;()]{2,64})")
_CURRENCY_LABEL: Final = re.compile(r"(?:币种|币别|Currency|Währung)\s*:?\s*([^\s,;]{1,12})", re.IGNORECASE)


def build(found: TableRows, *, head: Head, profile: Profile, file: BankFile) -> tuple[Statement, ...]:
    """Return one statement for each account and currency of the table; raises UnableToReadBankFileError."""
    rows, ignored = _directed(found.rows, head, profile)
    account_of = _accounts(rows, head, profile)
    currency = _title_currency(head) or profile.currency or file.currency
    grouped: dict[tuple[str, str], list[TableRow]] = {}
    for row in rows:
        key = (account_of(row), row.currency or currency)
        grouped.setdefault(key, []).append(row)
    is_single = len(grouped) == 1
    notes = _notes(found, ignored)
    return tuple(
        _statement(account, code, group, found if is_single else None, notes=notes)
        for (account, code), group in grouped.items()
    )


def _directed(
    rows: Sequence[TableRow], head: Head, profile: Profile
) -> tuple[list[TableRow], list[TableRow]]:
    """Give every amount its sign; rows that are neither in nor out (between own purses) are left out."""
    if not head.has("direction"):
        _check_signed(rows, head, profile)
        return list(rows), []
    kept, ignored = [], []
    sides = [(row, _side(row, profile)) for row in rows]
    is_signed = any(row.amount < 0 for row in rows) and all(
        row.amount * side >= 0 for row, side in sides if side
    )
    for row, side in sides:
        if side is None or (side > 0 and _is_not_received(row, profile)):
            ignored.append(row)
            continue
        row.amount = row.amount if is_signed else row.amount * side
        kept.append(row)
    return kept, ignored


def _side(row: TableRow, profile: Profile) -> int | None:
    said = profiles.heading_key(row.direction) or row.direction.strip()
    if said in profile.direction_in:
        return 1
    if said in profile.direction_out:
        return -1
    if said in profile.direction_ignored:
        return None
    if not said and row.amount:
        return 1 if row.amount > 0 else -1
    raise figures.refusal(
        f"row {row.row}",
        Words(
            zh=f"借贷/收支标志“{row.direction[:20]}”未知。请在列配置的 direction 中补充。",
            en=f"the direction “{row.direction[:20]}” is unknown; add it to `direction` in a column profile.",
        ),
    )


def _is_not_received(row: TableRow, profile: Profile) -> bool:
    return any(word in row.texts.get("status", "") for word in profile.not_received)


def _check_signed(rows: Sequence[TableRow], head: Head, profile: Profile) -> None:
    """Refuse a table of unknown origin in which nothing tells money in from money out."""
    if profile.name != profiles.GENERIC or head.has("money_in") or not rows:
        return
    if all(row.amount >= 0 for row in rows):
        raise figures.refusal(
            "",
            Words(
                zh="金额全为正数，又没有收支方向列，无法区分收入与支出。请用 --profile 指定列配置。",
                en="All amounts are positive and no column tells money in from money out. Name a profile with --profile.",
            ),
        )


def _accounts(rows: Sequence[TableRow], head: Head, profile: Profile) -> Callable[[TableRow], str]:
    titled = _title_account(head, profile)
    constants = {row.texts.get("account_if_constant", "") for row in rows}
    constant = next(iter(constants)) if len(constants) == 1 else ""
    if not constant:
        # A number that changes from row to row is not our account but the other party's.
        for row in rows:
            row.texts.setdefault("counterparty_account", row.texts.get("account_if_constant", ""))

    def account_of(row: TableRow) -> str:
        return figures.clean(row.texts.get("account") or titled or constant, figures.ACCOUNT_MAX)

    return account_of


def _title_account(head: Head, profile: Profile) -> str:
    cells = _title_cells(head)
    for place, text in enumerate(cells):
        for label in profile.account_labels:
            _, found, behind = text.partition(label)
            if not found or (behind and behind[0] not in ": "):
                continue
            # The value stands behind the label, or in the next cell that says anything.
            following = behind.strip(": ") or next((cell for cell in cells[place + 1 :] if cell), "")
            value = _VALUE.match(following)
            if value:
                return value.group(1)
    return ""


def _title_cells(head: Head) -> list[str]:
    return [unicodedata.normalize("NFKC", shown(cell)[:300]).strip() for row in head.title for cell in row]


def _title_currency(head: Head) -> str:
    for text in _title_cells(head):
        found = _CURRENCY_LABEL.search(text)
        code = amounts.currency_code(found.group(1)) if found else None
        if code:
            return code
    return ""


def _notes(found: TableRows, ignored: Sequence[TableRow]) -> tuple[Words, ...]:
    notes = []
    if ignored:
        total = sum((abs(row.amount) for row in ignored), Decimal(0))
        notes.append(
            Words(
                zh=f"{len(ignored)} 笔不计收支（共 {total}）未计入。",
                en=f"{len(ignored)} rows that are neither in nor out ({total} in all) were left out.",
            )
        )
    if 0 < found.unreadable_balances < len(found.rows):
        notes.append(
            Words(
                zh="部分余额无法读取，未核对余额。", en="Some balances cannot be read; they were not checked."
            )
        )
    return tuple(notes)


def _statement(
    account: str, currency: str, rows: list[TableRow], foot: TableRows | None, *, notes: tuple[Words, ...]
) -> Statement:
    ordered = _in_time(rows)
    entries = tuple(_entry(row, currency) for row in ordered)
    first, last = (entries[0], entries[-1]) if entries else (None, None)
    has_balances = bool(entries) and all(entry.balance is not None for entry in entries)
    opening = closing = None
    if has_balances and first is not None and last is not None:
        opening = Money((first.balance or Decimal(0)) - first.amount.amount, first.amount.currency)
        closing = Money(last.balance or Decimal(0), last.amount.currency)
    return Statement(
        kind=StatementKind.EXPORT,
        account=account,
        currency=currency,
        opening=opening,
        closing=closing,
        opening_date=min((entry.booking_date for entry in entries), default=None),
        closing_date=max((entry.booking_date for entry in entries), default=None),
        entries=entries,
        stated_credit=foot.stated_in if foot else None,
        stated_debit=foot.stated_out if foot else None,
        notes=notes,
    )


def _in_time(rows: list[TableRow]) -> list[TableRow]:
    """Return the rows oldest first: as they stand or turned round, whichever the days and the balances bear out."""
    turned = rows[::-1]
    backward = sum(one.booking_date > other.booking_date for one, other in itertools.pairwise(rows))
    forward = sum(one.booking_date < other.booking_date for one, other in itertools.pairwise(rows))
    if backward != forward:
        return turned if backward > forward else rows
    return turned if _chained(turned) > _chained(rows) else rows


def _chained(rows: list[TableRow]) -> int:
    return sum(
        one.balance is not None and other.balance is not None and one.balance + other.amount == other.balance
        for one, other in itertools.pairwise(rows)
    )


def _entry(row: TableRow, currency: str) -> Entry:
    place = f"row {row.row}"
    texts = row.texts
    balance = None if row.balance is None else figures.stored(row.balance, place=place)
    return Entry(
        place=place,
        booking_date=row.booking_date,
        value_date=row.value_date,
        amount=figures.money(row.amount, currency, place=place),
        counterparty=texts.get("counterparty", "")[: figures.NAME_MAX],
        counterparty_account=texts.get("counterparty_account", "")[: figures.ACCOUNT_MAX],
        text=texts.get("text", ""),
        bank_reference=texts.get("reference", "")[: figures.REFERENCE_MAX],
        end_to_end=texts.get("end_to_end", "")[: figures.REFERENCE_MAX],
        balance=balance,
    )
