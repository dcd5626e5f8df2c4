"""What a grade means for trade, as a decision table: one row for each grade, found by the one engine."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tradecredit.core.decision_tables import boxes, named_table
from tradecredit.core.feel import writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.decision_tables.named_table import NamedTable

TYPES: Final[Mapping[str, str]] = {"grade": "string"}
_OUTPUTS: Final = ("trade", "terms_days", "prepayment_percent", "order_warning_line", "review_months")
# Each grade with the texts of its outputs, in their order.
Terms = tuple[tuple[str, tuple[str, ...]], ...]


@lru_cache(maxsize=256)
def of_terms(rows: Terms) -> NamedTable:
    """Return the table of terms by grade; there are no grades but those of the pack."""
    grades = ", ".join(writing.quoted(grade) for grade, _ in rows)
    table = boxes.Table(
        inputs=(boxes.InputClause(label="grade", expression="grade", type_ref="string", values=grades),),
        outputs=tuple(boxes.OutputClause(name=name) for name in _OUTPUTS),
        rules=tuple(boxes.Rule(tests=(writing.quoted(grade),), outputs=outputs) for grade, outputs in rows),
    )
    return named_table.of_table(table, name="terms", types=TYPES, codes=tuple(grade for grade, _ in rows))
