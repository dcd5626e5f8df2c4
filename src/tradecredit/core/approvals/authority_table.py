"""The rows of the authority table as a decision table: the one engine finds the row, and says why not those before it.

Note [Amounts in another currency]
An amount in another currency than the table's has no known place in it: it counts as more than any bound, so only rows
without an upper bound can take it, and nobody's authority grows by a foreign currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decision_tables import boxes, named_table
from tradecredit.core.decision_tables.telling import Speaker
from tradecredit.core.feel import expression, writing
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from tradecredit.core.decision_tables.named_table import NamedTable
    from tradecredit.core.kernel.money import Money

UNRATED: Final = "unrated"
OTHERWISE: Final = "otherwise"
# What a row may ask about, by DMN's words for the types.
TYPES: Final[Mapping[str, str]] = {
    "request_kind": "string",
    "grade": "string",
    "amount": "number",
    "over": "number",
}
COLUMNS: Final[Mapping[str, Words]] = {
    "request_kind": Words(zh="申请类型", en="Kind of request"),
    "grade": Words(zh="信用等级", en="Grade"),
    "amount": Words(zh="金额", en="Amount"),
    "over": Words(zh="超出额度", en="Over the line"),
}
_MORE_THAN_ANY: Final = Decimal(10) ** 30


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountRange:
    """A range of amounts whose bounds say themselves whether they are included; an open side is None."""

    at_least: Decimal | None = None
    above: Decimal | None = None
    below: Decimal | None = None
    up_to: Decimal | None = None


def of_rows(rows: Sequence[tuple[str, tuple[str, ...]]]) -> NamedTable:
    """Return codes with their tests as a table: the first that fits answers; the row after the last is for all else."""
    last = boxes.Rule(tests=("-",) * len(TYPES), outputs=(writing.quoted(OTHERWISE),))
    table = boxes.Table(
        inputs=tuple(
            boxes.InputClause(label=name, expression=name, type_ref=type_ref)
            for name, type_ref in TYPES.items()
        ),
        outputs=(boxes.OutputClause(name="rule"),),
        rules=(
            *(boxes.Rule(tests=row, outputs=(writing.quoted(code),)) for code, row in rows),
            last,
        ),
        hit_policy="FIRST",
    )
    codes = (*(code for code, _ in rows), OTHERWISE)
    return named_table.of_table(table, name="authority", types=TYPES, codes=codes)


def facts_of(
    *, kind: str, grade: str | None, amount: Money, over: Money | None, currency: str
) -> dict[str, Any]:
    """Return what the table asks about a request; see Note [Amounts in another currency]."""
    return {
        "request_kind": kind,
        "grade": grade or UNRATED,
        "amount": amount.amount if amount.currency == currency else _MORE_THAN_ANY,
        "over": _over(over, currency),
    }


def speaker(labels: Mapping[str, Words], *, currency: str) -> Speaker:
    """Return how the table speaks: rows by their labels, amounts with their currency."""

    def value(_name: str, found: Any) -> Words:
        if isinstance(found, Decimal):
            text = f"{currency} {found:,.2f}"
            return Words(zh=text, en=text)
        return Words(zh=str(found), en=str(found))

    def outputs(texts: tuple[str, ...]) -> Words:
        code = str(expression.evaluate(texts[0]).value)
        return labels.get(code, Words(zh=code, en=code))

    name = Words(zh="授权表", en="authority table")
    return Speaker(
        element=lambda _name: name,
        column=lambda one: COLUMNS.get(one, Words(zh=one, en=one)),
        value=value,
        outputs=outputs,
    )


def _over(over: Money | None, currency: str) -> Decimal:
    if over is None or not over.is_positive:
        return Decimal(0)
    return over.amount if over.currency == currency else _MORE_THAN_ANY


def tests(
    *,
    kinds: Collection[str] | None,
    grades: Collection[str] | None,
    amounts: AmountRange,
    over_most: Decimal | None,
    cells: Mapping[str, str],
) -> tuple[str, ...]:
    """Return the cells of a row: what it says as tests of the language, else its lists and bounds."""
    return (
        cells.get("request_kind", _words(kinds)),
        cells.get("grade", _words(grades)),
        cells.get("amount", _range(amounts)),
        cells.get("over", "-" if over_most is None else f"<= {over_most:f}"),
    )


def _words(names: Collection[str] | None) -> str:
    return "-" if names is None else ", ".join(writing.quoted(one) for one in sorted(names))


def _range(amounts: AmountRange) -> str:
    """Return the range as a cell: from 200,000 up to 2,000,000 is ``[200000..2000000]``."""
    low = amounts.at_least if amounts.at_least is not None else amounts.above
    high = amounts.up_to if amounts.up_to is not None else amounts.below
    if low is None and high is None:
        return "-"
    if high is None:
        return f"{'>=' if amounts.at_least is not None else '>'} {low:f}"
    if low is None:
        return f"{'<=' if amounts.up_to is not None else '<'} {high:f}"
    opening = "[" if amounts.at_least is not None else "("
    return f"{opening}{low:f}..{high:f}{']' if amounts.up_to is not None else ')'}"
