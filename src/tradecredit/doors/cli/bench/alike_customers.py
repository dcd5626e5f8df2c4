"""A book of invented customers with planted duplicates, and which pairs those are."""

from __future__ import annotations

import random

from tradecredit.core.dossier import identifiers
from tradecredit.core.dossier.likeness.pairs import Party

_PLACES = ("示例省", "示例省示例市", "样本省样本市", "示例市", "样本市", "演示省演示市", "")
_FIRST = "恒鑫宏华瑞金盛德天永信诚嘉富泰隆祥安兴达远卓凯博锐"
_SECOND = "达源通业丰顺利泰发昌茂荣辉腾翔峰远航宇创新联合力"
_TRADES = (
    *(
        "机械设备",
        "机电",
        "电子科技",
        "建筑材料",
        "五金制品",
        "化工",
        "包装材料",
        "贸易",
        "纺织",
        "食品",
        "物流",
    ),
    *("新材料", "金属制品", "自动化设备", "塑胶", "医疗器械", "家具", "印刷", "钢铁", "环保"),
)
_FORMS = ("有限公司", "有限责任公司", "股份有限公司")
_HOMOPHONES = {
    "恒": "横衡", "鑫": "新欣", "宏": "红鸿", "华": "铧骅", "瑞": "锐睿", "金": "今津", "盛": "胜圣", "德": "得",
    "信": "芯", "诚": "成城", "达": "答", "源": "元圆", "通": "童", "业": "叶", "丰": "峰风", "顺": "舜", "利": "力立",
    "泰": "太", "昌": "娼", "辉": "晖", "翔": "祥", "宇": "雨", "创": "怆", "联": "莲", "力": "立",
}  # fmt: skip
_WRONG = "旺美佳正大中东方"
_SURNAMES = "赵钱孙李周吴郑王冯陈"


def book(*, count: int, duplicates: int, seed: int = 7) -> tuple[list[Party], set[frozenset[str]]]:
    """Return so many records, among them the duplicates, in random order, with the pairs that are one customer."""
    dice = random.Random(seed)  # noqa: S311 - an invented book, the same every time
    taken: set[str] = set()
    parties: list[Party] = []
    while len(parties) < count - duplicates:
        name = _name(dice)
        if name in taken:
            continue
        taken.add(name)
        parties.append(_party(dice, len(parties), name))
    truth: set[frozenset[str]] = set()
    for number, original in enumerate(dice.sample(parties, duplicates)):
        twin = _twin(dice, f"D{number:05d}", original, _KINDS[number % len(_KINDS)])
        truth.add(frozenset((original.id, twin.id)))
        parties.append(twin)
    dice.shuffle(parties)
    return parties, truth


_KINDS = ("typo", "short", "homophone", "old", "number")


def _name(dice: random.Random) -> str:
    brand = dice.choice(_FIRST) + dice.choice(_SECOND) + (dice.choice(_FIRST) if _chance(dice, 40) else "")
    return dice.choice(_PLACES) + brand + dice.choice(_TRADES) + dice.choice(_FORMS)


def _party(dice: random.Random, number: int, name: str) -> Party:
    return Party(
        id=f"C{number:05d}",
        name=name,
        uscc=uscc(dice) if _chance(dice, 90) else "",
        phones=(f"0571-{dice.randint(10**7, 10**8 - 1)}",) if _chance(dice, 85) else (),
        people=(dice.choice(_SURNAMES) + dice.choice(_SECOND),),
        address=f"示例市{dice.choice(_FIRST)}{dice.choice(_SECOND)}路{dice.randint(1, 2999)}号",
    )


def _chance(dice: random.Random, percent: int) -> bool:
    return dice.randrange(100) < percent


def uscc(dice: random.Random) -> str:
    """A number with a right check character."""
    while True:
        body = f"9133{dice.randint(0, 9999):04d}" + "".join(dice.choices("0123456789ABCDEFGH", k=9))
        for check in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            if identifiers.check_uscc(body + check).is_valid:
                return body + check


def _twin(dice: random.Random, identifier: str, one: Party, kind: str) -> Party:
    name = one.name
    former: tuple[str, ...] = ()
    if kind == "typo":
        name = _with_typo(dice, one.name)
    elif kind == "short":
        name = _shortened(dice, one.name)
    elif kind == "homophone":
        name = _with_homophone(one.name)
    elif kind == "old":
        name, former = _name(dice), (one.name,)
    # It is the same company: something of it is usually written down the same way.
    has_phone = bool(one.phones) and _chance(dice, 70)
    return Party(
        id=identifier,
        name=name,
        uscc=one.uscc if kind == "number" else dice.choice(("", "", one.uscc[:17] + "?" if one.uscc else "")),
        former_names=former,
        phones=(one.phones[0].replace("0571-", "+86 571 "),) if has_phone else (),
        people=one.people if _chance(dice, 60) else (),
        address=one.address.removeprefix("示例市") if _chance(dice, 50 if has_phone else 92) else "",
    )


def _with_typo(dice: random.Random, name: str) -> str:
    places = [at for at, character in enumerate(name) if character in _FIRST + _SECOND]
    at = dice.choice(places[:3])
    way = dice.choice(("less", "less", "swapped", "wrong", "wrong"))
    if way == "less":
        return name[:at] + name[at + 1 :]
    if way == "swapped":
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + dice.choice(_WRONG) + name[at + 1 :]


def _shortened(dice: random.Random, name: str) -> str:
    for form in _FORMS:
        name = name.removesuffix(form)
    for place in sorted(_PLACES, key=len, reverse=True):
        name = name.removeprefix(place) if place else name
    trade = next((trade for trade in _TRADES if name.endswith(trade)), "")
    return name.removesuffix(trade) if trade and _chance(dice, 40) else name


def _with_homophone(name: str) -> str:
    for at, character in enumerate(name):
        if character in _HOMOPHONES and at >= 0:
            return name[:at] + _HOMOPHONES[character][0] + name[at + 1 :]
    return name
