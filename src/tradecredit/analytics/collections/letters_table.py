"""The report of letters: every line of every reminder and letter, as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics import columns
from tradecredit.apps.collections import queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

_MOST = 100_000


def letters_table(*, as_of: date, company_id: UUID | None) -> Table:
    """Return one row a line of the letters up to the day, newest letter first; a letter without lines is one row."""
    found = queries.letters(company_id=company_id, until=as_of, limit=_MOST)
    return Table(
        name="letters",
        title=Words(zh=f"催收函件，截至 {as_of}", en=f"Letters up to {as_of}"),
        columns=(
            Column(key="number", label=Words(zh="函件编号", en="Number")),
            columns.CUSTOMER,
            columns.CUSTOMER_NAME,
            Column(key="as_of", label=Words(zh="日期", en="Day"), kind="day"),
            Column(key="kind", label=Words(zh="种类", en="Kind")),
            Column(key="stage", label=Words(zh="阶段", en="Stage")),
            columns.STATUS,
            Column(key="invoice", label=Words(zh="发票号", en="Invoice")),
            Column(key="days_overdue", label=Words(zh="逾期天数", en="Days overdue"), kind="number"),
            columns.CURRENCY,
            columns.AMOUNT,
        ),
        rows=tuple(
            (
                *(letter.number, letter.customer_code, letter.customer_name, letter.as_of, letter.kind),
                *(letter.stage, letter.status),
                *line,
            )
            for letter in found
            for line in _lines(letter)
        ),
    )


def _lines(letter: queries.StoredLetter) -> list[tuple[object, ...]]:
    if not letter.items:
        return [("", None, letter.total.currency, letter.total)]
    return [(item.invoice, item.days_overdue, item.amount.currency, item.amount) for item in letter.items]
