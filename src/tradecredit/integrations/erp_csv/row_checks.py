"""What a row has to say as a whole: its currency once, and every column that it cannot do without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.imports.incoming import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.flows.imports.incoming import Value
    from tradecredit.integrations.erp_csv.vocabulary import Layout


def settle_currency(
    values: dict[str, Value], beside: str | None, number: int, layout: Layout
) -> list[Finding]:
    """Take the currency written beside the amount when no column says it; refuse the row when the two differ."""
    if beside is None or layout.column("currency") is None:
        return []
    named = values.setdefault("currency", beside)
    if named == beside:
        return []
    words = Words(
        zh=f"金额写明 {beside}，币种列却是 {named}。请更正其中之一。",
        en=f"The amount says {beside}, the currency column says {named}. Correct one of them.",
    )
    return [Finding(row=number, field="currency", value=str(named), words=words)]


def is_whole(
    values: Mapping[str, Value], *, required: frozenset[str], either: tuple[tuple[str, ...], ...]
) -> bool:
    """Tell at once, as of most rows, that nothing is missing."""
    for names in either:
        if not any(name in values for name in names):
            return False
    return values.keys() >= required


def gaps(values: Mapping[str, Value], number: int, layout: Layout) -> list[Finding]:
    """Find the columns that the row leaves empty and may not."""
    missing = [column.title for column in layout.columns if column.is_required and column.field not in values]
    missing += [
        either[0].replace("_", " ") for either in layout.either if not any(name in values for name in either)
    ]
    return [
        Finding(
            row=number,
            field=title,
            value="",
            words=Words(zh=f"缺少“{title}”。请填写。", en=f"“{title}” is missing. Fill it in."),
        )
        for title in missing
    ]
