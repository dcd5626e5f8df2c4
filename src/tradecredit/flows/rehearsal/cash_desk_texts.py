"""The names and remittance texts of the generated cash desk, spoiled as banks and payers spoil them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.core.cash_application.matcher import names as bank_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from tradecredit.core.cash_application.matcher.values import OpenItem

_WIDE: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_CUT: Final = 14
_FIRST: Final = (
    "North",
    "River",
    "Summit",
    "Harbour",
    "Cedar",
    "Amber",
    "Falcon",
    "Granite",
    "Maple",
    "Orion",
)
_SECOND: Final = ("Valve", "Motor", "Bearing", "Pump", "Tool", "Sensor", "Panel", "Cable", "Gear", "Frame")
_PLACES: Final = ("Leeds", "Lyon", "Genoa", "Porto", "Lodz", "Turku", "Ghent", "Bergen", "Graz", "Basel")
_FORMS: Final = ("Ltd.", "GmbH", "Inc.", "B.V.", "Co., Ltd.")
_STRANGERS: Final = (
    "示例支付服务有限公司",
    "示例供应链管理有限公司",
    "示例个人甲",
    "示例个人乙",
    "示例物流代付有限公司",
)
_EMPTY_TEXTS: Final = ("货款", "往来款", "", "payment", "转账 工程款", "材料款 8月", "付货款谢谢")
_SIGNS: Final = "钢铁木材机电石油化纸"
_BY_OTHER_NUMBERS: Final = frozenset({"order", "contract", "last digits"})


def western_name(random: Random) -> str:
    """Return an invented name such as Example Leeds River Pump Ltd."""
    words = (random.choice(_PLACES), random.choice(_FIRST), random.choice(_SECOND), random.choice(_FORMS))
    return "Example " + " ".join(words)


def stranger(random: Random) -> str:
    """Return the name of somebody who pays for others."""
    return random.choice(_STRANGERS)


def spoiled_name(random: Random, name: str, kind: str) -> str:
    """Return the payer's name as the bank tells it."""
    match kind:
        case "bare":
            return bank_names.bare(name)
        case "wide":
            return name.replace("有限公司", "（中国）有限公司", 0).translate(_WIDE) + " "
        case "cut":
            return name[:_CUT]
        case "typo":
            place = random.randrange(2, max(len(name) - 4, 3))
            return name[:place] + random.choice(_SIGNS) + name[place + 1 :]
        case "pinyin":
            return bank_names.in_pinyin(name).replace("YOUXIANGONGSI", " CO LTD")
        case "department":
            return name + random.choice(("财务部", "(结算中心)", " 6222000011"))
        case "missing":
            return ""
        case _:
            return name


def text(random: Random, *, kind: str, items: Sequence[OpenItem], others: Sequence[OpenItem]) -> str:
    """Return the remittance text that names the items, spoiled as ``kind`` says."""
    if kind in _BY_OTHER_NUMBERS:
        return _by_other_numbers(kind, items)
    numbers = [item.number for item in items]
    match kind:
        case "range" | "list":
            return _shortened(numbers, kind)
        case "some":
            numbers = numbers[: max(len(numbers) // 2, 1)]
        case "typo":
            wrong = random.randrange(len(numbers))
            numbers[wrong] = _mistyped(random, numbers[wrong])
        case "another's":
            numbers = [random.choice(others).number] if others else numbers
        case "none":
            return random.choice(_EMPTY_TEXTS)
    return _styled(random, numbers)


def _by_other_numbers(kind: str, items: Sequence[OpenItem]) -> str:
    if kind == "order":
        return "订单 " + " ".join(dict.fromkeys(item.order_number for item in items))
    if kind == "contract":
        return f"合同{items[0].contract_number}货款"
    return "尾号" + "、".join(item.number[-5:] for item in items)


def _styled(random: Random, numbers: Sequence[str]) -> str:
    match random.randrange(5):
        case 0:
            return "货款 " + ",".join(numbers)
        case 1:
            return "付" + "、".join(number.replace("-", "") for number in numbers) + "款"
        case 2:
            return ("发票" + " ".join(numbers)).translate(_WIDE)
        case 3:
            return "/INV/" + "/".join(number.lower() for number in numbers) + "/"
        case _:
            return f"Rechnung {' + '.join(numbers)} vom 03.08.2026"


def _shortened(numbers: Sequence[str], kind: str) -> str:
    if len(numbers) == 1:
        return f"发票号:{numbers[0]}"
    if kind == "range":
        serials = [int(number[-7:]) for number in numbers]
        is_run = max(serials) - min(serials) == len(serials) - 1
        return f"发票{min(numbers)}~{max(numbers)}" if is_run else f"发票{'和'.join(numbers)}"
    rest = "、".join(number[-7:] for number in numbers[1:])
    return f"{numbers[0]}、{rest}"


def _mistyped(random: Random, number: str) -> str:
    place = random.randrange(len(number) - 7, len(number))
    return number[:place] + random.choice("0123456789") + number[place + 1 :]
