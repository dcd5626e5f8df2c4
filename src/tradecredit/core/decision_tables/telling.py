"""Tell why a table answered as it did: the row that fired, why the others did not, and what would change the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decision_tables import nearest
from tradecredit.core.feel.values import texts
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.core.decision_tables.boxes import Table
    from tradecredit.core.decision_tables.nearest import Alternative
    from tradecredit.core.decision_tables.tracing import CellTrace, RowTrace, TableTrace

_FIRED: Final = Words(
    zh="“{element}”第 {rows} 行命中: {cells}; 结果 {output}。",
    en="Row {rows} of “{element}” fired: {cells}; it gives {output}.",
)
_SILENT: Final = Words(zh="“{element}”没有一行命中。", en="No row of “{element}” matched.")
_FAILED: Final = Words(
    zh="第 {row} 行不成立: {column} 为 {value}, 要求 {test}。",
    en="Row {row} did not match: {column} is {value}, it asks for {test}.",
)
_UNKNOWN: Final = Words(
    zh="第 {row} 行无法判断: {column} 为 {value}, 要求 {test}。",
    en="Row {row} could not be judged: {column} is {value}, it asks for {test}.",
)
_BEATEN: Final = Words(
    zh="第 {row} 行也成立, 但按命中策略不采用。",
    en="Row {row} matched too, but the hit policy chose another.",
)
_WOULD: Final = Words(
    zh="若{changes}, 则第 {row} 行命中, 结果为 {output}。",
    en="If {changes}, row {row} would fire and give {output}.",
)
_CHANGE: Final = Words(zh="{column} 符合 {test}", en="{column} were {test}")
_ALWAYS: Final = Words(zh="无条件", en="without any condition")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One evaluation in sentences: what fired, why each row before it did not, what would change the outcome."""

    headline: Words
    rows_before: tuple[Words, ...]
    alternatives: tuple[Words, ...]


def tell(trace: TableTrace, table: Table) -> Told:
    """Return the evaluation of a table as sentences in both languages.

    Days 45, rows ``<= 30 → approve`` and ``> 30 → hold``: row 2 fired; row 1 did not since days is 45; if days were
    <= 30, row 1 would give approve.
    """
    rows = trace.rows
    last = max(trace.chosen, default=trace.row_count + 1)
    return Told(
        headline=_headline(trace, rows),
        rows_before=tuple(_why_not(row) for row in rows if row.row < last and row.row not in trace.chosen),
        alternatives=tuple(_would(one) for one in nearest.alternatives(trace, table)),
    )


def _headline(trace: TableTrace, rows: Sequence[RowTrace]) -> Words:
    if not trace.chosen:
        return _SILENT.filled(element=trace.element)
    cells = [cell for row in trace.chosen for cell in rows[row - 1].cells if cell.text.strip() != "-"]
    return Words(
        zh=_FIRED.zh.format(
            element=trace.element,
            rows="、".join(map(str, trace.chosen)),
            cells=", ".join(_met(cell) for cell in cells) or _ALWAYS.zh,
            output=_shown(trace.output),
        ),
        en=_FIRED.en.format(
            element=trace.element,
            rows=", ".join(map(str, trace.chosen)),
            cells=", ".join(_met(cell) for cell in cells) or _ALWAYS.en,
            output=_shown(trace.output),
        ),
    )


def _why_not(row: RowTrace) -> Words:
    """Return the first thing that stands against a row."""
    if row.matched:
        return _BEATEN.filled(row=row.row)
    against = [cell for cell in row.cells if cell.matched is not True]
    cell = next((one for one in against if one.matched is False), against[0])
    sentence = _FAILED if cell.matched is False else _UNKNOWN
    return sentence.filled(row=row.row, column=cell.column, value=_shown(cell.value), test=cell.text)


def _would(found: Alternative) -> Words:
    changes = [_CHANGE.filled(column=column, test=test) for column, test in found.changes]
    output = ", ".join(found.outputs)
    return Words(
        zh=_WOULD.zh.format(changes="且".join(one.zh for one in changes), row=found.row, output=output),
        en=_WOULD.en.format(changes=" and ".join(one.en for one in changes), row=found.row, output=output),
    )


def _met(cell: CellTrace) -> str:
    return f"{cell.column} {_shown(cell.value)} ({cell.text})"


def _shown(value: Any) -> str:
    return texts.short(value)
