"""Invented names and numbers: every company is 示例…, every check digit is right, nobody is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

CITIES = (
    ("江苏", "苏州"), ("江苏", "无锡"), ("浙江", "宁波"), ("浙江", "温州"), ("广东", "东莞"), ("广东", "佛山"),
    ("山东", "青岛"), ("四川", "成都"), ("湖北", "武汉"), ("重庆", "重庆"),
)  # fmt: skip
TRADES = (
    ("五金", "金属制品"), ("电气", "电气机械"), ("机床", "通用设备"), ("泵阀", "通用设备"), ("模具", "专用设备"),
    ("轴承", "通用设备"), ("电子", "电子设备"), ("仪表", "仪器仪表"), ("包装", "包装材料"), ("建材", "建筑材料"),
)  # fmt: skip
_WORDS = (
    "宏",
    "盛",
    "泰",
    "鑫",
    "瑞",
    "恒",
    "嘉",
    "远",
    "博",
    "诚",
    "锐",
    "华",
    "德",
    "美",
    "永",
    "安",
    "通",
    "达",
    "源",
    "丰",
)
SALESPEOPLE = ("示例李明", "示例王芳", "示例张伟", "示例刘洋", "示例陈静", "示例杨帆", "示例赵磊", "示例黄婷")
STEMS = "甲乙丙丁戊己庚辛壬癸"

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def company_name(random: Random, *, city: str, trade: str, number: int) -> str:
    """Return an invented name such as 示例苏州宏盛五金有限公司."""
    first, second = random.sample(_WORDS, 2)
    suffix = ("有限公司", "有限公司", "科技有限公司", "设备有限公司", "贸易有限公司")[number % 5]
    return f"示例{city}{first}{second}{trade}{suffix}"


def uscc(random: Random) -> str:
    """Return a credit code with valid check digits, of a registering body of its own (letter Y: other)."""
    organisation = "".join(random.choice("0123456789") for _ in range(8))
    rest = (11 - sum(int(d) * w for d, w in zip(organisation, _ORGANISATION_WEIGHTS, strict=True)) % 11) % 11
    body = f"Y1990000{organisation}{'X' if rest == 10 else rest}"  # noqa: PLR2004 - the standard writes 10 as X
    total = sum(_ALPHABET.index(ch) * weight for ch, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return body + _ALPHABET[(31 - total % 31) % 31]
