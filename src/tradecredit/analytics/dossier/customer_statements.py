"""Statements as people look at them: three sheets beside each other, a column a period, and which checks fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import statement_checks
from tradecredit.core.scoring.ratios import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.apps.dossier.queries import StatementRecord
    from tradecredit.core.scoring.statement_checks import Check

_COLUMNS: Final = 4
_BASES: Final = {
    "standalone": Words(zh="单体", en="stand-alone"),
    "consolidated": Words(zh="合并", en="consolidated"),
    "": Words(zh="口径未注明", en="basis not said"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One period's statement with its basis in words and its checks."""

    record: StatementRecord
    basis: Words
    failed: tuple[Check, ...]
    passed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One of the three statements: its lines with a figure for each column."""

    title: Words
    lines: tuple[tuple[Words, tuple[Money | None, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The latest columns and the sheets that hold any figure."""

    columns: tuple[Column, ...]
    sheets: tuple[Sheet, ...]


def shown(records: Sequence[StatementRecord]) -> Shown:
    """Return the latest periods, the newest first."""
    latest = records[:_COLUMNS]
    sheets = tuple(
        Sheet(
            title=title,
            lines=tuple(
                (words, tuple(_money(record, name) for record in latest))
                for name, words in lines
                if any(name in record.items for record in latest)
            ),
        )
        for title, lines in statement_checks.SHEETS
    )
    return Shown(
        columns=tuple(_column(records, record) for record in latest),
        sheets=tuple(each for each in sheets if each.lines),
    )


def checks_of(records: Sequence[StatementRecord], record: StatementRecord) -> tuple[Check, ...]:
    """Return the checks of one statement, against the one before it of the same basis and currency."""
    before = next(
        (
            each
            for each in records
            if each.period_end < record.period_end
            and (each.basis, each.currency) == (record.basis, record.currency)
        ),
        None,
    )
    return statement_checks.checks(_figures(record), previous=None if before is None else _figures(before))


def _money(record: StatementRecord, name: str) -> Money | None:
    amount = record.items.get(name)
    return None if amount is None else Money.of(amount, record.currency)


def _column(records: Sequence[StatementRecord], record: StatementRecord) -> Column:
    found = checks_of(records, record)
    return Column(
        record=record,
        basis=_BASES[record.basis],
        failed=tuple(each for each in found if not each.holds),
        passed=sum(each.holds for each in found),
    )


def _figures(record: StatementRecord) -> Statement:
    return Statement(period_end=record.period_end, basis=record.basis, **record.items)
