"""Take a company's name apart: where it is, what it is called, what it does and its legal form."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

import pypinyin

_PUNCTUATION: Final = re.compile(r"[\s()\[\]{}（）【】《》·.,，。、\-_/&'\"“”‘’]+")
# The longest first: of 股份有限公司 nothing may be left.
_FORMS: Final = (
    *("有限责任公司", "股份有限公司", "集团有限公司", "控股有限公司", "有限公司", "股份公司", "责任公司"),
    *("合伙企业有限合伙", "有限合伙", "合伙企业", "个人独资企业", "总公司", "分公司", "集团", "公司", "商行"),
    *("经营部", "门市部", "个体工商户", "incorporated", "corporation", "limited", "company", "coltd", "inc"),
    *("corp", "gmbh", "ltd", "llc", "co"),
)
_TRADES: Final = (
    *(
        "机械设备",
        "机电设备",
        "自动化设备",
        "电子科技",
        "信息技术",
        "生物科技",
        "新材料",
        "建筑材料",
        "金属制品",
    ),
    *(
        "塑料制品",
        "五金制品",
        "包装材料",
        "国际贸易",
        "进出口",
        "机械",
        "机电",
        "电子",
        "电气",
        "科技",
        "技术",
    ),
    *("贸易", "商贸", "实业", "工业", "制造", "建材", "化工", "五金", "塑胶", "塑料", "纺织", "服饰", "服装"),
    *("食品", "物流", "工程", "建设", "医疗", "器械", "家具", "印刷", "包装", "钢铁", "金属", "材料", "设备"),
    *("能源", "环保", "汽配", "汽车", "零部件", "模具", "阀门", "仪器", "仪表", "电缆", "制品", "发展"),
)
_PLACE: Final = re.compile(r"^(?:中国|[一-鿿]{2,3}省)?(?:[一-鿿]{2,3}市)?(?:[一-鿿]{2,3}[区县])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class NameParts:
    """A name without spaces and marks, without its legal form, and the heart of it without the trade."""

    whole: str
    stem: str
    heart: str
    sound: str


@lru_cache(maxsize=200_000)
def parts(name: str) -> NameParts:
    """Return the parts of a name: ``示例省示例市恒达机电设备有限公司`` has the stem 恒达机电设备 and the heart 恒达."""
    whole = _PUNCTUATION.sub("", unicodedata.normalize("NFKC", name).lower())
    stem = whole
    for form in _FORMS:
        stem = stem.removesuffix(form)
    place = _PLACE.match(stem)
    if place and len(stem) - place.end() >= 2:  # noqa: PLR2004 - a name keeps two characters at least
        stem = stem[place.end() :]
    stem = stem or whole
    heart = stem
    for trade in _TRADES:
        shorter = heart.removesuffix(trade)
        if shorter != heart and len(shorter) >= 2:  # noqa: PLR2004 - as above
            heart = shorter
    return NameParts(whole=whole, stem=stem, heart=heart, sound=sound(stem))


@lru_cache(maxsize=200_000)
def sound(text: str) -> str:
    """Return how a text is read, without tones: 恒达 and 恒大 sound the same."""
    return " ".join(pypinyin.lazy_pinyin(text))


def nearness(one: str, other: str) -> Fraction:
    """Return 1 for equal texts, less by one edit (typed wrong, left out, swapped) over the longer length."""
    longer = max(len(one), len(other))
    if not longer:
        return Fraction(0)
    return 1 - Fraction(_edits(one, other), longer)


def _edits(one: str, other: str) -> int:
    """Count the edits that make one text the other; two swapped neighbours are one edit."""
    if one == other:
        return 0
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, right in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            is_swapped = i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right
            row.append(min(cost, earlier[j - 2] + 1) if is_swapped else cost)
    return row[-1]


def is_short_for(short: str, long: str) -> bool:
    """Tell whether the characters of the shorter stand in the longer in their order, at least two and from the start."""
    if not 2 <= len(short) < len(long):  # noqa: PLR2004 - one character is no name
        return False
    place = iter(long)
    return all(character in place for character in short)
