"""Interest for late payment as a letter tells it: how much, from when, by which contract or rule; never a claim without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.core.collections import capitals, texts
from tradecredit.core.kernel import money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from tradecredit.core.kernel.money import Money
    from tradecredit.core.kernel.reasons import Words

FIELDS: Final = frozenset(
    {
        "interest_statement", "interest_figures", "total_with_interest_figures", "total_with_interest_capitals",
    }
)  # fmt: skip
_PERCENT: Final = 100
_RESERVED: Final = {
    "zh": "我们保留依合同和法律主张逾期利息的权利。",
    "en": "We reserve the right to claim interest for late payment by contract and law.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineInterest:
    """What one line has borne and was not charged yet; ``contract_number`` is empty where the policy's rate holds."""

    amount: Money
    daily_rate: Decimal
    contract_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a letter has to tell: the interest of its lines, the policy's basis in words, and the day up to which."""

    lines: Sequence[LineInterest] = ()
    basis: Words | None = None
    until: date


def of_asked(accrued: Money, *, asked: Money, open_amount: Money) -> Money:
    """Return the interest on what is asked for: where a part is contested, its share is left out.

    150.00 on 10,000.00 of which 4,000.00 are asked is 60.00, half up.
    """
    if asked >= open_amount:
        return accrued
    return money.Money(accrued.amount * asked.amount / open_amount.amount, accrued.currency).rounded()


def fields(told: Told, *, total: Money, language: str) -> dict[str, str]:
    """Return the values of the fields that speak of interest; without any, the statement reserves the right to it."""
    interest = money.total((line.amount for line in told.lines), total.currency)
    both = total + interest if told.lines else total
    return {
        "interest_statement": _statement(told, interest, both, language),
        "interest_figures": texts.figures(interest),
        "total_with_interest_figures": texts.figures(both),
        "total_with_interest_capitals": capitals.in_capitals(both),
    }


def _statement(told: Told, interest: Money, both: Money, language: str) -> str:
    if not interest.is_positive:
        return _RESERVED[language]
    parts = [_part(told, key, amount, language) for key, amount in _by_basis(told.lines).items()]
    day = texts.day(told.until, language=language)
    if language == "zh":
        return (
            f"逾期利息：自各笔到期（已计收的，自上次计收）次日起计至{day}，{'；'.join(parts)}；"
            f"利息共计 {texts.figures(interest)}，连同上列款项合计 {texts.figures(both)}"
            f"（大写：{capitals.in_capitals(both)}）。利息计至款项付清之日。"
        )
    return (
        f"Interest for late payment, from the day after each due date (or after the day up to which it was charged) "
        f"to {day}: {'; '.join(parts)}. Interest in all {texts.figures(interest)}; with the items above "
        f"{texts.figures(both)}. Interest runs until the items are paid."
    )


def _by_basis(lines: Iterable[LineInterest]) -> Mapping[tuple[str, Decimal], Money]:
    found: dict[tuple[str, Decimal], Money] = {}
    for line in lines:
        if line.amount.is_positive:
            key = (line.contract_number, line.daily_rate)
            found[key] = found[key] + line.amount if key in found else line.amount
    return found


def _part(told: Told, key: tuple[str, Decimal], amount: Money, language: str) -> str:
    contract, rate = key
    percent = f"{(rate * _PERCENT).normalize():f}"
    figures = texts.figures(amount)
    if contract:
        name = texts.plain_text(contract)
        if language == "zh":
            return f"按合同 {name} 约定的日利率 {percent}% 计 {figures}"
        return f"{figures} at {percent} % a day as agreed in contract {name}"
    basis = "" if told.basis is None else told.basis.in_language(language)
    if language == "zh":
        return f"按日利率 {percent}%{f'（{basis}）' if basis else ''}计 {figures}"
    return f"{figures} at {percent} % a day{f' ({basis})' if basis else ''}"
