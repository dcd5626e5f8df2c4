"""Tell why a table answered as it did: the row that fired, why the others did not, and what would change the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decision_tables import nearest
from tradecredit.core.feel.values import texts
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tradecredit.core.decision_tables.boxes import Table
    from tradecredit.core.decision_tables.nearest import Alternative
    from tradecredit.core.decision_tables.tracing import CellTrace, RowTrace, TableTrace

_FIRED: Final = Words(
    zh="“{element}”第 {rows} 行命中：{cells}；结果 {output}。",
    en="Row {rows} of “{element}” fired: {cells}; it gives {output}.",
)
_SILENT: Final = Words(zh="“{element}”没有一行命中。", en="No row of “{element}” matched.")
_FAILED: Final = Words(
    zh="第 {row} 行不成立：{column} 为 {value}，要求 {test}。",
    en="Row {row} did not match: {column} is {value}, it asks for {test}.",
)
_UNKNOWN: Final = Words(
    zh="第 {row} 行无法判断：{column} 为 {value}，要求 {test}。",
    en="Row {row} could not be judged: {column} is {value}, it asks for {test}.",
)
_BEATEN: Final = Words(
    zh="第 {row} 行也成立，但按命中策略不采用。",
    en="Row {row} matched too, but the hit policy chose another.",
)
_WOULD: Final = Words(
    zh="若{changes}，则第 {row} 行命中，结果为 {output}。",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """How a table, its columns, their values and a row's outputs (as texts) are called in both languages.

    Of other outcomes only those that ``is_wanted`` are told.
    """

    element: Callable[[str], Words]
    column: Callable[[str], Words]
    value: Callable[[str, Any], Words]
    outputs: Callable[[tuple[str, ...]], Words]
    is_wanted: Callable[[tuple[str, ...]], bool] = lambda _outputs: True


def tell(
    trace: TableTrace,
    table: Table,
    *,
    speaker: Speaker | None = None,
    may_change: Collection[str] | None = None,
) -> Told:
    """Return the evaluation of a table as sentences in both languages; ``may_change`` as `nearest.alternatives` has it.

    Days 45, rows ``<= 30 → approve`` and ``> 30 → hold``: row 2 fired; row 1 did not since days is 45; if days were
    <= 30, row 1 would give approve.
    """
    rows = trace.rows
    last = max(trace.chosen, default=trace.row_count + 1)
    by = speaker or PLAIN
    return Told(
        headline=_headline(trace, table, by),
        rows_before=tuple(
            _why_not(row, by) for row in rows if row.row < last and row.row not in trace.chosen
        ),
        alternatives=tuple(
            _would(one, by)
            for one in nearest.alternatives(trace, table, may_change=may_change, is_wanted=by.is_wanted)
        ),
    )


def _headline(trace: TableTrace, table: Table, by: Speaker) -> Words:
    element = by.element(trace.element)
    if not trace.chosen:
        return Words(zh=_SILENT.zh.format(element=element.zh), en=_SILENT.en.format(element=element.en))
    rows = trace.rows
    cells = [cell for row in trace.chosen for cell in rows[row - 1].cells if cell.text.strip() != "-"]
    met = [_met(cell, by) for cell in cells]
    is_one = len(trace.chosen) == 1
    given = by.outputs(table.rules[trace.chosen[0] - 1].outputs) if is_one else _plain(_shown(trace.output))
    return Words(
        zh=_FIRED.zh.format(
            element=element.zh,
            rows="、".join(map(str, trace.chosen)),
            cells="，".join(one.zh for one in met) or _ALWAYS.zh,
            output=given.zh,
        ),
        en=_FIRED.en.format(
            element=element.en,
            rows=", ".join(map(str, trace.chosen)),
            cells=", ".join(one.en for one in met) or _ALWAYS.en,
            output=given.en,
        ),
    )


def _why_not(row: RowTrace, by: Speaker) -> Words:
    """Return the first thing that stands against a row."""
    if row.matched:
        return _BEATEN.filled(row=row.row)
    against = [cell for cell in row.cells if cell.matched is not True]
    cell = next((one for one in against if one.matched is False), against[0])
    sentence = _FAILED if cell.matched is False else _UNKNOWN
    column, value = by.column(cell.column), by.value(cell.column, cell.value)
    return Words(
        zh=sentence.zh.format(row=row.row, column=column.zh, value=value.zh, test=cell.text),
        en=sentence.en.format(row=row.row, column=column.en, value=value.en, test=cell.text),
    )


def _would(found: Alternative, by: Speaker) -> Words:
    columns = [(by.column(column), test) for column, test in found.changes]
    zh = [_CHANGE.zh.format(column=column.zh, test=test) for column, test in columns]
    en = [_CHANGE.en.format(column=column.en, test=test) for column, test in columns]
    given = by.outputs(found.outputs)
    return Words(
        zh=_WOULD.zh.format(changes="且".join(zh), row=found.row, output=given.zh),
        en=_WOULD.en.format(changes=" and ".join(en), row=found.row, output=given.en),
    )


def _met(cell: CellTrace, by: Speaker) -> Words:
    column, value = by.column(cell.column), by.value(cell.column, cell.value)
    return Words(zh=f"{column.zh} {value.zh} ({cell.text})", en=f"{column.en} {value.en} ({cell.text})")


def _shown(value: Any) -> str:
    return texts.short(value)


def _plain(text: str) -> Words:
    return Words(zh=text, en=text)


PLAIN: Final = Speaker(
    element=_plain,
    column=_plain,
    value=lambda _column, value: _plain(_shown(value)),
    outputs=lambda outputs: _plain(", ".join(outputs)),
)
