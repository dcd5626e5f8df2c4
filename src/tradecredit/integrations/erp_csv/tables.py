"""From the bytes of a file to rows in our words, with everything found wrong and everything guessed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.imports.incoming import (
    Finding,
    IncomingRow,
    IncomingTable,
    UnableToReadFileError,
    Value,
)
from tradecredit.integrations.erp_csv import (
    amounts,
    caps,
    cells,
    days,
    delimited_text,
    doubles,
    headings,
    mapping_files,
    row_checks,
    row_kinds,
    workbooks,
)
from tradecredit.integrations.erp_csv.layouts import LAYOUTS
from tradecredit.integrations.erp_csv.mapping_files import Mapping
from tradecredit.integrations.erp_csv.sheets import is_blank, is_filled, shown

if TYPE_CHECKING:
    from tradecredit.integrations.erp_csv.headings import Head, Match
    from tradecredit.integrations.erp_csv.sheets import Book, Cell, Row, Sheet
    from tradecredit.integrations.erp_csv.vocabulary import Layout

_ONE: Final = Decimal(1)
_AUTO: Final = "auto"
# Technical: a column of which every text is another one is not remembered beyond this.
_REMEMBERED_MAX: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """How the rows of one file are read: decided once, before the first row."""

    layout: Layout
    head: Head
    style: cells.Style
    mapping: Mapping
    # With what each column's texts were read as: customers and days come again and again.
    columns: tuple[tuple[Match, str | None, dict[str, tuple[Value, str | None]]], ...]
    required: frozenset[str]

    def unit_of(self, match: Match) -> Decimal:
        return match.unit or self.head.unit or self.mapping.unit or _ONE


def take_apart(data: bytes, *, encoding: str | None = None, most_rows: int | None = None) -> Book:
    """Return the sheets of a workbook or (the first rows) of delimited text; raises UnableToReadFileError."""
    caps.check_size(data)
    if workbooks.is_workbook(data):
        return workbooks.read(data)
    return delimited_text.read(data, encoding=encoding, most_rows=most_rows)


def read(*, kind: str, data: bytes, mapping: str | None = None) -> IncomingTable:
    """Read a file of one kind; ``mapping`` is the text of a mapping file, without one everything is guessed.

    Raises UnableToReadFileError.
    """
    layout = LAYOUTS[kind]
    chosen = _mapping(mapping, layout)
    book = take_apart(data, encoding=chosen.encoding)
    sheet, head = _choose(book, layout, chosen)
    _require_columns(head, layout, chosen)
    rows = sheet.rows[head.first_row :]
    plan = _Plan(
        layout=layout,
        head=head,
        style=_style(rows, head, chosen, book),
        mapping=chosen,
        columns=tuple((match, match.currency, {}) for match in head.matches),
        required=frozenset(column.field for column in layout.columns if column.is_required),
    )
    taken, findings, skipped = _read_rows(rows, plan)
    unique, repeated = doubles.separate(taken, layout=layout)
    return IncomingTable(
        kind=kind,
        rows=unique,
        findings=(*findings, *repeated),
        notes=(*_sheet_notes(book, sheet), *headings.explain(head), *_style_notes(plan), *skipped),
        mapping={match.heading: match.column.title for match in head.matches},
        read=len(taken) + len({finding.row for finding in findings}),
    )


def locate(book: Book, *, kind: str, mapping: str | None = None) -> tuple[Sheet, Head]:
    """Return the sheet and the head that ``read`` takes, for writing the error file."""
    layout = LAYOUTS[kind]
    return _choose(book, layout, _mapping(mapping, layout))


def given_encoding(*, kind: str, mapping: str | None) -> str | None:
    """Return the encoding that the mapping file names, if it does."""
    return _mapping(mapping, LAYOUTS[kind]).encoding


def _mapping(text: str | None, layout: Layout) -> Mapping:
    return Mapping() if text in (None, "", _AUTO) else mapping_files.parse(str(text), layout=layout)


def _choose(book: Book, layout: Layout, mapping: Mapping) -> tuple[Sheet, Head]:
    found = [
        (sheet, head)
        for sheet in book.sheets
        if mapping.sheet in (None, sheet.name)
        and (head := headings.locate(sheet.rows, layout=layout, named=mapping.columns)) is not None
    ]
    if not found:
        wanted = ", ".join(column.title for column in layout.columns if column.is_required)
        raise UnableToReadFileError(
            Words(
                zh=f"文件中没有找到表头。需要的列：{wanted}。请检查文件种类，或用映射文件指定各列。",
                en=f"No headings were found. Needed columns: {wanted}. Check the kind of file, or name the columns in a mapping "
                "file.",
            ),
            needed=wanted,
        )
    return max(found, key=lambda pair: pair[1].strength)


def _require_columns(head: Head, layout: Layout, mapping: Mapping) -> None:
    present = {match.column.field for match in head.matches} | set(mapping.constants)
    missing = [
        column.title for column in layout.columns if column.is_required and column.field not in present
    ]
    missing += [
        " / ".join(name.replace("_", " ") for name in either)
        for either in layout.either
        if not present.intersection(either)
    ]
    if missing:
        listed, seen = ", ".join(missing), ", ".join(filter(None, head.headings))
        raise UnableToReadFileError(
            Words(
                zh=f"缺少列：{listed}。文件中的列是：{seen}。请补上这些列，或用映射文件指定（columns: {{文件中的列：{missing[0]}}}）。",
                en=f"Columns are missing: {listed}. The file has: {seen}. Add them, or name them in a mapping file "
                f"(columns: {{heading in the file: {missing[0]}}}).",
            ),
            missing=listed,
        )


def _style(rows: tuple[Row, ...], head: Head, mapping: Mapping, book: Book) -> cells.Style:
    def column(match: Match) -> list[Cell]:
        return [row[match.index] for row in rows if match.index < len(row)]

    day_columns = {match.heading: column(match) for match in head.matches if match.column.content == "day"}
    numbers = [
        cell
        for match in head.matches
        if match.column.content in ("amount", "limit")
        for cell in column(match)
    ]
    return cells.Style(
        order=days.decide_order(day_columns, given=mapping.days, chinese=head.is_chinese),
        numbers=amounts.decide_style(numbers, given=mapping.numbers),
        day_one_is_1904=book.day_one_is_1904,
    )


def _read_rows(rows: tuple[Row, ...], plan: _Plan) -> tuple[list[IncomingRow], list[Finding], list[Words]]:
    taken: list[IncomingRow] = []
    findings: list[Finding] = []
    skipped: list[Words] = []
    filled = [
        (number, row) for number, row in enumerate(rows, start=plan.head.first_row + 1) if is_filled(row)
    ]
    for place, (number, row) in enumerate(filled, start=1):
        why = row_kinds.skipped_because(
            row, number=number, head=plan.head, is_final=place == len(filled) and place > 1
        )
        if why is not None:
            skipped.append(why)
            continue
        values, wrong = _read_row(row, number, plan)
        findings += wrong
        if not wrong:
            taken.append(IncomingRow(row=number, values=values))
    return taken, findings, skipped


def _read_row(row: Row, number: int, plan: _Plan) -> tuple[dict[str, Value], list[Finding]]:
    values: dict[str, Value] = {}
    findings: list[Finding] = []
    beside: str | None = None
    width = len(row)
    for match, of_heading, known in plan.columns:
        cell = row[match.index] if match.index < width else None
        # A text that was read before is no blank.
        found = known.get(cell) if isinstance(cell, str) else None
        if found is None and is_blank(cell):
            continue
        try:
            value, currency = found or _value(cell, match, plan, known)
        except cells.UnreadableCellError as error:
            findings.append(
                Finding(row=number, field=match.column.title, value=shown(cell), words=error.words)
            )
            continue
        values[match.column.field] = value
        beside = currency or beside or of_heading
    _fill_constants(values, plan)
    findings += row_checks.settle_currency(values, beside, number, plan.layout)
    if not row_checks.is_whole(values, required=plan.required, either=plan.layout.either):
        wrong = {finding.field for finding in findings}
        findings += [gap for gap in row_checks.gaps(values, number, plan.layout) if gap.field not in wrong]
    return values, findings


def _value(
    cell: Cell, match: Match, plan: _Plan, known: dict[str, tuple[Value, str | None]]
) -> tuple[Value, str | None]:
    """Read a cell; a text that comes again in its column is the same value, and need not be read again."""
    found = cells.read(cell, content=match.column.content, style=plan.style, unit=plan.unit_of(match))
    if isinstance(cell, str) and len(known) < _REMEMBERED_MAX:
        known[cell] = found
    return found


def _fill_constants(values: dict[str, Value], plan: _Plan) -> None:
    for name, text in plan.mapping.constants.items():
        column = plan.layout.column(name)
        if column is not None and name not in values:
            values[name], _ = cells.read(text, content=column.content, style=plan.style, unit=_ONE)


def _sheet_notes(book: Book, sheet: Sheet) -> list[Words]:
    others = [other.name for other in book.sheets if other.name != sheet.name and other.rows]
    if not others:
        return []
    listed = ", ".join(others)
    return [
        Words(
            zh=f"读取了工作表“{sheet.name}”，未读取：{listed}。",
            en=f"Sheet “{sheet.name}” was read; not read: {listed}.",
        )
    ]


def _style_notes(plan: _Plan) -> list[Words]:
    notes = []
    if plan.style.order:
        notes.append(
            Words(zh=f"日期按 {plan.style.order} 读取。", en=f"Days are read as {plan.style.order}.")
        )
    if plan.style.numbers != "1,234.56":
        notes.append(
            Words(zh=f"金额按 {plan.style.numbers} 读取。", en=f"Amounts are read as {plan.style.numbers}.")
        )
    notes += [
        Words(
            zh=f"列“{match.heading}”按 {plan.unit_of(match):,} 元的倍数读取。",
            en=f"Column “{match.heading}” is multiplied by {plan.unit_of(match):,}.",
        )
        for match in plan.head.matches
        if match.column.content in ("amount", "limit") and plan.unit_of(match) != _ONE
    ]
    return notes
