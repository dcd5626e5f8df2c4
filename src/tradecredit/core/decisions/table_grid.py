"""A policy's table as a grid of cells that a person types in: read from the document, and written back into it.

A cell is what the policy language calls a test; in a column of texts, words with commas between them are any of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decision_tables import rows as written_rows
from tradecredit.core.decisions import declared_facts
from tradecredit.core.kernel import document_changes
from tradecredit.core.kernel.document_changes import UnknownPathError
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.core.decisions.declared_facts import Fact

OUTCOMES: Final = ("pass", "warn", "review", "hold", "refuse")
_NEW: Final = "row_{number}"
_IS_TEST: Final = ('"', "not(", "?")
_PLAIN: Final = Words(zh="任意值：留空或 -。", en="Anything: leave it empty, or -.")
_HELP: Final = {
    "number": Words(
        zh="数字：30 · >= 8 · [8..30] 含两端 · (8..30] 不含 8 · not(0)。",
        en="Numbers: 30 · >= 8 · [8..30] with both ends · (8..30] without 8 · not(0).",
    ),
    "string": Words(
        zh='文字：A · A, B 表示其中任一 · not("C")。', en='Words: A · A, B for any of them · not("C").'
    ),
    "boolean": Words(zh="yes 或 no。", en="yes or no."),
    "date": Words(zh='日期: >= date("2026-01-01")。', en='Days: >= date("2026-01-01").'),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One fact that a table looks at, with what may be typed in its cells."""

    name: str
    type_ref: str
    words: Words
    help: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as it is typed: its cells in the order of the columns, what it asks for, and its sentence.

    In a file of the standard ``code`` is the row's number there, and ``outputs`` are all that it gives.
    """

    code: str
    cells: tuple[str, ...]
    outcome: str
    zh: str = ""
    en: str = ""
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table of order control as a grid; ``otherwise`` is what is left when no row fits.

    ``outputs`` are the names of what a row of a file of the standard gives.
    """

    code: str
    label: Words
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    otherwise: str
    outputs: tuple[str, ...] = ()


def grids(document: Mapping[str, Any]) -> tuple[Grid, ...]:
    """Return the tables of order control that are written as rows; one that is a model of the standard is none."""
    checks = document["order_control"]["checks"]
    return tuple(_grid(check) for check in checks if "rows" in (check.get("table") or {}))


def columns_of(document: Mapping[str, Any], code: str) -> tuple[str, ...]:
    """Return the names of a table's columns in their order; none where there is no such table."""
    found = next((grid for grid in grids(document) if grid.code == code), None)
    return () if found is None else tuple(column.name for column in found.columns)


def models(document: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the checks whose table stands in a file of the standard: the file's name by the check's code."""
    checks = document["order_control"]["checks"]
    return {one["code"]: one["table"]["model"] for one in checks if "model" in (one.get("table") or {})}


def written(document: Mapping[str, Any], code: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the document with the rows of a table replaced by what was typed.

    What a row says besides (its source, its reason) stays with its code; a row without code gets one. Raises
    UnknownPathError where there is no such table.
    """
    checks = {check["code"]: check for check in document["order_control"]["checks"]}
    table = checks.get(code, {}).get("table") or {}
    if "rows" not in table:
        raise UnknownPathError(f"{code} is no table of this policy")
    kept = {row["code"]: row for row in table["rows"]}
    taken = {row.code for row in rows if row.code}
    made = [_written(row, table["inputs"], kept.get(row.code, {}), taken) for row in rows]
    path = f"order_control.checks.{code}.table.rows"
    return dict(document_changes.changed(document, path, made))


def facts_typed(grid: Grid, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return typed values as facts of the table; an empty one is not known. Raises ValueError naming a bad number."""
    return {column.name: _fact(column, typed.get(column.name, "").strip()) for column in grid.columns}


def _fact(column: Column, text: str) -> Any:
    if not text:
        return None
    match column.type_ref:
        case "number":
            try:
                return Decimal(text.replace(",", ""))
            except ArithmeticError as error:
                raise ValueError(column.name) from error
        case "boolean":
            return text in {"yes", "true", "是"}
        case "date":
            return date.fromisoformat(text)
        case _:
            return text


def _grid(check: Mapping[str, Any]) -> Grid:
    table = check["table"]
    columns = tuple(column_of(name) for name in table["inputs"])
    return Grid(
        code=check["code"],
        label=Words(zh=check["label"]["zh"], en=check["label"]["en"]),
        columns=columns,
        rows=tuple(_row(row, columns) for row in table["rows"]),
        otherwise=str(table.get(written_rows.OTHERWISE, {}).get("outcome", "")),
    )


def column_of(name: str) -> Column:
    """Return the column of a fact, by either of its names."""
    fact: Fact | None = declared_facts.BY_NAME.get(name)
    type_ref = "string" if fact is None else fact.type_ref
    help_words = _HELP.get(type_ref, _PLAIN)
    return Column(
        name=name,
        type_ref=type_ref,
        words=Words(zh=name, en=name) if fact is None else fact.words,
        help=Words(zh=f"{help_words.zh} {_PLAIN.zh}", en=f"{help_words.en} {_PLAIN.en}"),
    )


def _row(row: Mapping[str, Any], columns: Sequence[Column]) -> Row:
    words = row.get("words") or {}
    return Row(
        code=str(row["code"]),
        cells=tuple(_text(row.get("when", {}).get(column.name)) for column in columns),
        outcome=str(row.get("outcome", "")),
        zh=str(words.get("zh", "")),
        en=str(words.get("en", "")),
    )


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(str(item) for item in value)
        case _:
            return str(value)


def _written(row: Row, inputs: Sequence[str], before: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
    when = {
        name: cell_value(text.strip(), column_of(name).type_ref)
        for name, text in zip(inputs, row.cells, strict=True)
        if text.strip() not in {"", written_rows.ANYTHING}
    }
    words = {"zh": row.zh.strip(), "en": row.en.strip()}
    made = {**before, "code": row.code or _new_code(taken), "when": when, "outcome": row.outcome}
    if any(words.values()):
        made["words"] = words
    return made


def cell_value(text: str, type_ref: str) -> Any:
    """Return a cell as the document has it: words with commas are a list of them; tests stay as they are typed."""
    if type_ref != "string" or text.startswith(_IS_TEST) or "," not in text:
        return text
    return [part.strip() for part in text.split(",") if part.strip()]


def _new_code(taken: set[str]) -> str:
    number = 1
    while (code := _NEW.format(number=number)) in taken:
        number += 1
    taken.add(code)
    return code
