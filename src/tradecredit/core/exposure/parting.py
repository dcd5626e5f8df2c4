"""Cut an order into the part that goes and the rest: by amount, by lines, by quantities; the sum stays."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class UnableToPartOrderError(UnableToError):
    """The part is nothing, everything, or names lines that are not there."""

    code = "part_impossible"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """One line of an order; without a quantity it goes whole or not at all."""

    line: int
    item: str
    quantity: Decimal | None
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The two halves: what goes and what stays, with their lines where the order has lines."""

    part: Money
    rest: Money
    part_lines: tuple[PartLine, ...]
    rest_lines: tuple[PartLine, ...]


def by_amount(whole: Money, *, part: Money, lines: Sequence[PartLine]) -> Cut:
    """Cut off an amount; lines are taken in their order, the last one in proportion.

    120,000 of lines 60,000 and 60,000 cut at 84,000: the first line, and 24,000 of the second.
    """
    _refuse_nothing_or_all(part, whole)
    taken: dict[int, Decimal] = {}
    left = part.amount
    for line in lines:
        taken[line.line] = min(left, line.amount)
        left -= taken[line.line]
    return _cut(whole, part, lines, taken)


def by_lines(whole: Money, *, chosen: Mapping[int, Decimal | None], lines: Sequence[PartLine]) -> Cut:
    """Cut off lines, each with a quantity or (None) as a whole.

    Line 1 of 10 pieces for 60,000, 4 of them: 24,000 go and 36,000 stay.
    """
    known = {line.line: line for line in lines}
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        raise _refusal(
            zh="订单没有这些行：{lines}。", en="The order has no such lines: {lines}.", lines=_list(unknown)
        )
    taken = {
        number: _share(known[number], quantity=quantity, currency=whole.currency)
        for number, quantity in chosen.items()
    }
    part = Money(sum(taken.values(), Decimal(0)), whole.currency)
    _refuse_nothing_or_all(part, whole)
    return _cut(whole, part, lines, taken)


def _share(line: PartLine, *, quantity: Decimal | None, currency: str) -> Decimal:
    if quantity is None or quantity == line.quantity:
        return line.amount
    if line.quantity is None or not 0 < quantity < line.quantity:
        raise _refusal(
            zh="第 {line} 行的数量必须在 0 与 {most} 之间。",
            en="The quantity of line {line} lies above 0 and is at most {most}.",
            line=str(line.line),
            most=str(line.quantity),
        )
    return Money(line.amount * quantity / line.quantity, currency).rounded().amount


def _cut(whole: Money, part: Money, lines: Sequence[PartLine], taken: Mapping[int, Decimal]) -> Cut:
    halves = [_halves(line, taken.get(line.line, Decimal(0))) for line in lines]
    return Cut(
        part=part,
        rest=whole - part,
        part_lines=tuple(mine for mine, _ in halves if mine is not None),
        rest_lines=tuple(its for _, its in halves if its is not None),
    )


def _halves(line: PartLine, amount: Decimal) -> tuple[PartLine | None, PartLine | None]:
    if amount <= 0:
        return None, line
    if amount >= line.amount:
        return line, None
    going = None if line.quantity is None else (line.quantity * amount / line.amount).quantize(_SIXTH)
    staying = None if line.quantity is None or going is None else line.quantity - going
    return (
        PartLine(line=line.line, item=line.item, quantity=going, amount=amount),
        PartLine(line=line.line, item=line.item, quantity=staying, amount=line.amount - amount),
    )


_SIXTH = Decimal("0.000001")


def _refuse_nothing_or_all(part: Money, whole: Money) -> None:
    if not part.is_positive or part >= whole:
        raise _refusal(
            zh="放行部分必须大于 0 且小于全单 {whole}；现为 {part}。",
            en="A part is above 0 and below the whole of {whole}; this is {part}.",
            whole=whole.text(),
            part=part.text(),
        )


def _list(numbers: Sequence[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def _refusal(*, zh: str, en: str, **facts: str) -> UnableToPartOrderError:
    return UnableToPartOrderError(Words(zh=zh, en=en).filled(**facts), **facts)
