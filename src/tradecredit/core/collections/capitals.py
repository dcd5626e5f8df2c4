"""Amounts in Chinese capital numerals (大写金额), as bills, letters and vouchers need them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tradecredit.core.kernel.money import Money

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_UNITS: Final = ("", "拾", "佰", "仟")
_GROUPS: Final = ("", "万", "亿", "万亿")
_GROUP_SIZE: Final = 10_000
_PREFIXES: Final = {
    "CNY": "人民币",
    "USD": "美元",
    "EUR": "欧元",
    "HKD": "港元",
    "GBP": "英镑",
    "CAD": "加元",
    "JPY": "日元",
}
_LARGEST: Final = Decimal(10) ** 16


@lru_cache(maxsize=256)
def in_capitals(amount: Money) -> str:
    """Return the amount in capital numerals with its currency's name in front.

    ``in_capitals(Money.of("16409.02", "CNY"))`` is 人民币壹万陆仟肆佰零玖元零贰分. The amount is rounded to
    the fen first; raises ValueError for an amount that does not fit into sixteen figures.
    """
    fen = int(amount.amount.copy_abs().quantize(Decimal("0.01")) * 100)
    whole, part = divmod(fen, 100)
    if whole >= _LARGEST:
        raise ValueError("an amount of more than sixteen figures has no name")
    sign = "负" if amount.amount < 0 and fen else ""
    prefix = _PREFIXES.get(amount.currency, amount.currency)
    return prefix + sign + _yuan(whole, has_part=part > 0) + _jiao_and_fen(part, whole=whole)


def _yuan(whole: int, *, has_part: bool) -> str:
    if whole == 0:
        return "" if has_part else "零元"
    return _whole_number(whole) + "元"


def _jiao_and_fen(part: int, *, whole: int) -> str:
    if part == 0:
        return "整"
    jiao, fen = divmod(part, 10)
    # A zero is spoken where a figure between yuan and fen is missing, or where the yuan figure is 0.
    zero = "零" if whole and (jiao == 0 or whole % 10 == 0) else ""
    if fen == 0:
        return f"{zero}{_DIGITS[jiao]}角整"
    return zero + (f"{_DIGITS[jiao]}角" if jiao else "") + f"{_DIGITS[fen]}分"


def _whole_number(whole: int) -> str:
    groups: list[int] = []
    while whole:
        whole, group = divmod(whole, _GROUP_SIZE)
        groups.append(group)
    text = ""
    gap = False
    for index in reversed(range(len(groups))):
        group = groups[index]
        if group == 0:
            gap = True
            continue
        if text and (gap or group < _GROUP_SIZE // 10):
            text += "零"
        text += _four_digits(group) + _group_name(index, groups=groups)
        gap = False
    return text


def _group_name(index: int, *, groups: list[int]) -> str:
    # 万亿: when the group of 亿 below is not empty, 亿 is said there, once.
    if index == len(_GROUPS) - 1 and groups[2]:
        return "万"
    return _GROUPS[index]


def _four_digits(group: int) -> str:
    text = ""
    gap = False
    for position in reversed(range(4)):
        digit = group // 10**position % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[digit] + _UNITS[position]
        gap = False
    return text
