"""Invoices with their settlement from a file, for learning when customers pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.learning import sample_files
from tradecredit.analytics.learning.payment_history import InvoiceRow
from tradecredit.analytics.learning.samples import UnableToLearnError
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from pathlib import Path

_FORMS: Final = ("%Y-%m-%d", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column holds what; ``happening`` are columns of days that count only once they have come."""

    reference: str
    customer: str
    issued: str
    due: str
    settled: str
    amount: str
    group: str | None = None
    happening: tuple[str, ...] = ()


def read(path: Path, *, columns: Columns) -> list[InvoiceRow]:
    """Return the invoices; raises UnableToLearnError naming a column that is missing or a day that is none."""
    found = sample_files.columns_of(path)
    names = (
        columns.reference,
        columns.customer,
        columns.issued,
        columns.due,
        columns.settled,
        columns.amount,
    )
    for name in (*names, *columns.happening, *([columns.group] if columns.group else [])):
        if name not in found:
            raise UnableToLearnError(
                Words(zh="文件里没有列 {name}。", en="There is no column {name}.").filled(name=name),
                column=name,
            )
    rows = []
    for place in range(len(found[columns.reference])):
        issued = _day(found[columns.issued][place])
        settled = found[columns.settled][place]
        rows.append(
            InvoiceRow(
                reference=found[columns.reference][place],
                customer=found[columns.customer][place],
                group=found[columns.group][place] if columns.group else "",
                amount=float(found[columns.amount][place].replace(",", "")),
                issued_on=issued,
                due_on=_day(found[columns.due][place]),
                settled_on=_day(settled) if settled else None,
                happened={
                    name: bool(found[name][place]) and _day(found[name][place]) <= issued
                    for name in columns.happening
                },
            )
        )
    return rows


def _day(text: str) -> date:
    for form in _FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    raise UnableToLearnError(
        Words(zh="“{text}”不是日期。", en="{text!r} is not a day.").filled(text=text), value=text
    )
