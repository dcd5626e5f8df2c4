"""Texts by which a customer is found: name, code, and the pinyin of the name in every reading that people may type."""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import TYPE_CHECKING, Final

import pypinyin

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Note: Readings.
# A character may have several readings, and phrase dictionaries choose one: 重庆 is chongqing, 单县 comes out as danxian
# although people say shanxian, 仇 as a surname is qiu. So the likeliest reading of the whole name is kept together with
# every name in which one or two characters are read differently; more at once does not happen in practice.
_DIFFERENT_AT_ONCE_MAX: Final = 2
_PIECES: Final = re.compile(r"[\u3400-\u9fff]|[^\u3400-\u9fff]+")
_READINGS_MAX: Final = 80
_NAME_LENGTH_MAX: Final = 24
_PERSON_NAME_LENGTH_MAX: Final = 4
_TEXT_LENGTH_MAX: Final = 8_000

# Surnames whose reading differs from the character's usual one; dictionaries know them only as ordinary words.
_SURNAMES: Final = {
    "万俟": ("mo", "qi"),
    "尉迟": ("yu", "chi"),
    "仇": ("qiu",),
    "单": ("shan",),
    "解": ("xie",),
    "曾": ("zeng",),
    "查": ("zha",),
    "盖": ("ge",),
    "任": ("ren",),
    "朴": ("piao",),
    "区": ("ou",),
    "缪": ("miao",),
    "乐": ("yue",),
    "翟": ("zhai",),
    "繁": ("po",),
    "黑": ("he",),
    "洗": ("xian",),
    "员": ("yun",),
    "折": ("she",),
    "种": ("chong",),
    "秘": ("bi",),
    "召": ("shao",),
}


def sort_key(name: str) -> str:
    """Return the likeliest pinyin of the name, by which Chinese names are sorted (``示例`` is ``shi li``)."""
    return " ".join(_likeliest(name))


def search_text(*, name: str, code: str, uscc: str = "", aliases: Sequence[str] = ()) -> str:
    """Return everything a customer is found by, one text a line, in lower case.

    ``重庆长安`` is found by ``cqca``, ``zqca``, ``chongqingchangan`` and by its characters.
    """
    texts = [fold(text) for text in (name, code, uscc, *aliases) if text]
    for syllables in _readings(name[:_NAME_LENGTH_MAX]):
        texts += ["".join(syllables), "".join(syllable[:1] for syllable in syllables)]
    return "\n".join(dict.fromkeys(texts))[:_TEXT_LENGTH_MAX]


def fold(text: str) -> str:
    """Return the text as it is compared: half-width, lower case, without spaces (``ＡＢ 1`` is ``ab1``)."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _likeliest(name: str) -> list[str]:
    syllables = [text.lower() for text in pypinyin.lazy_pinyin(name)]
    if len(name) > _PERSON_NAME_LENGTH_MAX:
        return syllables
    surname = next((key for key in _SURNAMES if name.startswith(key)), None)
    return [*_SURNAMES[surname], *syllables[len(surname) :]] if surname else syllables


def _readings(name: str) -> Iterable[tuple[str, ...]]:
    """Return the likeliest reading first, then those that differ from it in one or two characters."""
    base = [fold(text) for text in _likeliest(name)]
    # Asked character by character: of a phrase that the dictionary knows it would return the phrase's reading only.
    every = pypinyin.pinyin(_PIECES.findall(name), style=pypinyin.Style.NORMAL, heteronym=True)
    # Runs of Latin letters count as one syllable in both lists; should they ever differ, the likeliest alone is kept.
    others = [
        sorted({fold(text) for text in found} - {base[index]}) if len(every) == len(base) else []
        for index, found in enumerate(every[: len(base)])
    ]
    found: dict[tuple[str, ...], None] = {tuple(base): None}
    for count in range(1, _DIFFERENT_AT_ONCE_MAX + 1):
        for places in itertools.combinations([index for index, texts in enumerate(others) if texts], count):
            for chosen in itertools.product(*(others[place] for place in places)):
                reading = list(base)
                for place, text in zip(places, chosen, strict=True):
                    reading[place] = text
                found[tuple(reading)] = None
                if len(found) >= _READINGS_MAX:
                    return found
    return found
