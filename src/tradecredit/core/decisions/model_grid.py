"""A table that stands in a file of the standard as a grid to be typed in, and typed rows written back into the file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decision_tables import rows as written_rows
from tradecredit.core.decision_tables import splicing
from tradecredit.core.decisions import table_grid
from tradecredit.core.decisions.table_grid import Grid, Row
from tradecredit.core.kernel.document_changes import UnknownPathError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.core.decision_tables.named_table import NamedTable
    from tradecredit.core.kernel.reasons import Words

_WORDS: Final = re.compile(r'"([^"\\,]*)"(?:\s*,\s*"([^"\\,]*)")*')
_SENTENCES: Final = 2
_NOTHING: Final = '""'


def of_compiled(*, code: str, label: Words, table: NamedTable) -> Grid:
    """Return a table of a file as a grid; its cells are shown as they are typed in any grid of this house."""
    columns = tuple(table_grid.column_of(clause.expression.strip()) for clause in table.table.inputs)
    types = [column.type_ref for column in columns]
    rows = []
    for number, rule in enumerate(table.table.rules, start=1):
        said = (*rule.annotations, "", "")[:_SENTENCES]
        rows.append(
            Row(
                code=f"{number}",
                cells=tuple(_shown(test, type_ref) for test, type_ref in zip(rule.tests, types, strict=True)),
                outcome=" · ".join(one.strip('"') for one in rule.outputs),
                outputs=tuple("" if one == _NOTHING else _shown(one, "string") for one in rule.outputs),
                zh=said[0],
                en=said[1],
            )
        )
    names = tuple(output.name for output in table.table.outputs)
    return Grid(code=code, label=label, columns=columns, rows=tuple(rows), otherwise="", outputs=names)


def written(document: Mapping[str, Any], grid: Grid, rows: Sequence[Row]) -> str:
    """Return the file of a table with these rows, all else in it as it was; what the file is called: `model_of`.

    Raises UnknownPathError where the document has no such table in a file, UnableToDecideError, UnableToReadModelError.
    """
    name, decision = model_of(document, grid.code)
    types = [column.type_ref for column in grid.columns]
    made = [
        splicing.Row(
            number=int(row.code) if row.code.isdecimal() else 0,
            tests=tuple(_test(text, type_ref) for text, type_ref in zip(row.cells, types, strict=True)),
            outputs=tuple(_test(text, "string", empty=_NOTHING) for text in row.outputs),
            annotations=(row.zh.strip(), row.en.strip()),
        )
        for row in rows
    ]
    return splicing.with_rows(document["tables"][name], decision=decision, rows=made)


def model_of(document: Mapping[str, Any], code: str) -> tuple[str, str]:
    """Return the name of the file in which a check's table stands, and of its decision there; raises UnknownPathError."""
    for check in document["order_control"]["checks"]:
        table = check.get("table") or {}
        if check["code"] == code and table.get("model") in document.get("tables", {}):
            return str(table["model"]), str(table["decision"])
    raise UnknownPathError(f"{code} is no table in a file of this policy")


def _shown(test: str, type_ref: str) -> str:
    """Return a test as people type it, where typing it so gives the same test."""
    typed = test.strip()
    if typed == written_rows.ANYTHING:
        return ""
    if type_ref == "boolean":
        typed = {"true": "yes", "false": "no"}.get(typed, typed)
    elif type_ref == "string" and _WORDS.fullmatch(typed):
        typed = ", ".join(json.loads(f"[{typed}]"))
    return typed if _test(typed, type_ref) == _normal(test) else test.strip()


def _test(text: str, type_ref: str, *, empty: str = written_rows.ANYTHING) -> str:
    typed = text.strip()
    if not typed or typed == written_rows.ANYTHING:
        return empty
    return written_rows.cell(table_grid.cell_value(typed, type_ref), type_ref=type_ref)


def _normal(test: str) -> str:
    return re.sub(r'"\s*,\s*"', '", "', test.strip())
