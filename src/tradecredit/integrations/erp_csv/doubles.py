"""Rows that come twice in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.imports.incoming import Finding, Weight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.flows.imports.incoming import IncomingRow, Value
    from tradecredit.integrations.erp_csv.vocabulary import Layout

_SAME: Final = Words(
    zh="与第 {row} 行完全相同，只导入一次。", en="The same as row {row}: it is imported once."
)
_OTHER: Final = Words(
    zh="与第 {row} 行编号相同而内容不同。已导入第 {row} 行，请核对本行。",
    en="It has the number of row {row} with other content. Row {row} was imported; check this one.",
)


def separate(rows: Sequence[IncomingRow], *, layout: Layout) -> tuple[tuple[IncomingRow, ...], list[Finding]]:
    """Keep the first row of every key and name the others: equal ones are duplicates, different ones under one key contradict each other."""
    first: dict[tuple[Value | None, ...], IncomingRow] = {}
    findings: list[Finding] = []
    for row in rows:
        key = tuple(row.values.get(name) for name in layout.key)
        earlier = first.setdefault(key, row)
        if earlier is row:
            continue
        name = next(field for field in layout.key if field != "company")
        same = earlier.values == row.values
        words = _SAME if same else _OTHER
        findings.append(
            Finding(
                row=row.row,
                field=name.replace("_", " "),
                value=row.text(name),
                words=words.filled(row=earlier.row),
                weight=Weight.DUPLICATE if same else Weight.REFUSED,
            )
        )
    return tuple(first.values()), findings
