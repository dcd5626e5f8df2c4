"""The steps of dunning as a decision table: days overdue lead to one step, by the one engine."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tradecredit.core.decision_tables import boxes, named_table
from tradecredit.core.feel import writing

if TYPE_CHECKING:
    from tradecredit.core.decision_tables.named_table import NamedTable

# Each step's code and the days overdue from and to which it lasts; no end: for ever after.
Ladder = tuple[tuple[str, int, int | None], ...]
NOTHING = ""


@lru_cache(maxsize=65_536)
def code_for(ladder: Ladder, days_overdue: int) -> str:
    """Return the code of the step for an item so many days overdue (negative: not due yet); empty where none is."""
    found = of_ladder(ladder).answer({"days_overdue": days_overdue}).outputs
    return str(found.get("step", NOTHING))


@lru_cache(maxsize=256)
def of_ladder(ladder: Ladder) -> NamedTable:
    """Return the steps as a table: 8 to 30 days is ``[8..30]``; days that no step has lead to none."""
    rules = tuple(
        boxes.Rule(tests=(_cell(begin, end),), outputs=(writing.quoted(code),)) for code, begin, end in ladder
    )
    table = boxes.Table(
        inputs=(boxes.InputClause(label="days_overdue", expression="days_overdue", type_ref="number"),),
        outputs=(boxes.OutputClause(name="step"),),
        rules=(*rules, boxes.Rule(tests=("-",), outputs=(f'"{NOTHING}"',))),
        hit_policy="FIRST",
    )
    codes = (*(code for code, _, _ in ladder), "otherwise")
    return named_table.of_table(table, name="dunning", types={"days_overdue": "number"}, codes=codes)


def _cell(begin: int, end: int | None) -> str:
    return f">= {begin}" if end is None else f"[{begin}..{end}]"
