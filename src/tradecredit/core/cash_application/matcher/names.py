"""Names of payers as banks write them: wide letters, brackets, legal forms, cut ends, pinyin."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

import pypinyin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tradecredit.core.cash_application.matcher.values import Customer

_KEPT: Final = re.compile(r"[0-9A-Z\u3400-\u9fff]+")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_BEHIND: Final = re.compile(r"[\s*\d]+$")
_FORMS: Final = re.compile(
    r"(?:股份有限公司|有限责任公司|集团有限公司|有限公司|股份公司|总公司|公司|集团|总厂|厂|商行|经营部|门市部)$"
)
_WESTERN_FORMS: Final = frozenset(
    {
        *(
            "CO",
            "LTD",
            "LIMITED",
            "LLC",
            "INC",
            "INCORPORATED",
            "CORP",
            "CORPORATION",
            "COMPANY",
            "PLC",
            "LLP",
        ),
        *("GMBH", "AG", "KG", "SA", "SAS", "SARL", "BV", "NV", "SRL", "SPA", "OY", "AB", "AS", "PTE", "PTY"),
        *("YOUXIAN", "GONGSI", "YOUXIANGONGSI", "GUFEN", "JITUAN"),
    }
)
_RARE_GRAMS: Final = 5
_POSTINGS_MAX: Final = 400
_LIKEST_MAX: Final = 3
_MENTION_LENGTHS: Final = range(12, 3, -1)
_FORMS_AT_ONCE: Final = 3


@lru_cache(maxsize=65_536)
def bare(name: str) -> str:
    """Return a name without its legal form, spaces and marks: ``示例（苏州）泵阀有限公司 6222`` is ``示例苏州泵阀``.

    ``"Example Pumps Co., Ltd."`` is ``EXAMPLEPUMPS``; a name of nothing but its form is kept whole.
    """
    narrow = _BEHIND.sub("", unicodedata.normalize("NFKC", name).upper())
    words = _KEPT.findall(narrow)
    kept = [word for word in words if word not in _WESTERN_FORMS]
    joined = "".join(kept or words)
    for _ in range(_FORMS_AT_ONCE):
        shorter = _FORMS.sub("", joined)
        if shorter in {joined, ""}:
            break
        joined = shorter
    return joined


def in_pinyin(text: str) -> str:
    """Return the text with its Chinese characters read out: ``示例泵阀`` is ``SHILIBENGFA``."""
    return "".join(pypinyin.lazy_pinyin(text)).upper()


def is_chinese(text: str) -> bool:
    """Tell whether any character is Chinese."""
    return _CHINESE.search(text) is not None


def alike(left: str, right: str) -> Decimal:
    """Return how alike two bare names are, 0 to 1: twice the shared pairs of letters over all pairs."""
    return _dice(_grams(left), _grams(right))


class NameIndex:
    """The names of many customers, asked by what a bank wrote."""

    def __init__(self, customers: Iterable[Customer]) -> None:
        self._by_bare: dict[str, set[str]] = {}
        for customer in customers:
            for name in (customer.name, *customer.other_names):
                self._by_bare.setdefault(bare(name), set()).add(customer.key)
        self._by_bare.pop("", None)
        # Payers come again and again, and looking for what is like a name costs most: each name is looked for once.
        self._similar: dict[tuple[str, Decimal], tuple[tuple[str, Decimal], ...]] = {}

    def named(self, name: str) -> frozenset[str]:
        """Return the customers of this name, its legal form and marks aside."""
        return frozenset(self._by_bare.get(bare(name), ()))

    def read_out(self, name: str) -> frozenset[str]:
        """Return the customers whose name sounds so in pinyin, for a payer written in Latin letters."""
        key = bare(name)
        return frozenset() if not key or is_chinese(key) else frozenset(self._pinyin.get(key, ()))

    def similar(self, name: str, *, least: Decimal) -> tuple[tuple[str, Decimal], ...]:
        """Return at most three customers of similar names with their likeness, the most alike first."""
        key = bare(name)
        if len(key) <= 1:
            return ()
        known = self._similar.get((key, least))
        if known is None:
            known = self._similar[key, least] = self._likest(key, least)
        return known

    def mentioned(self, text: str) -> frozenset[str]:
        """Return the customers whose name stands in a text: ``代示例苏州泵阀付货款``."""
        joined = "".join(_KEPT.findall(unicodedata.normalize("NFKC", text).upper()))
        if not is_chinese(joined):
            return frozenset()
        for length in _MENTION_LENGTHS:
            for start in range(len(joined) - length + 1):
                found = self._by_bare.get(joined[start : start + length])
                if found:
                    return frozenset(found)
        return frozenset()

    def _likest(self, key: str, least: Decimal) -> tuple[tuple[str, Decimal], ...]:
        index = self._native if is_chinese(key) else self._latin
        found: dict[str, Decimal] = {}
        for other, likeness in index.near(key, least=least):
            for customer in index.keys[other]:
                found[customer] = max(likeness, found.get(customer, Decimal(0)))
        return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:_LIKEST_MAX])

    @cached_property
    def _pinyin(self) -> Mapping[str, set[str]]:
        read: dict[str, set[str]] = {}
        for key, customers in self._by_bare.items():
            read.setdefault(in_pinyin(key) if is_chinese(key) else key, set()).update(customers)
        return read

    @cached_property
    def _native(self) -> _GramIndex:
        return _GramIndex(self._by_bare)

    @cached_property
    def _latin(self) -> _GramIndex:
        return _GramIndex(self._pinyin)


class _GramIndex:
    """Which names hold which pairs of letters; asked by the rarest pairs, so that common ones cost nothing."""

    def __init__(self, keys: Mapping[str, set[str]]) -> None:
        self.keys = keys
        self._texts = list(keys)
        self._grams = [_grams(text) for text in self._texts]
        self._postings: dict[str, list[int]] = {}
        for place, grams in enumerate(self._grams):
            for gram in grams:
                self._postings.setdefault(gram, []).append(place)

    def near(self, key: str, *, least: Decimal) -> list[tuple[str, Decimal]]:
        grams = _grams(key)
        counted: Counter[int] = Counter()
        for postings in self._rarest(grams):
            counted.update(postings)
        # Whole numbers tell which are near enough; the exact likeness is worked out for those alone.
        part, whole = least.as_integer_ratio()
        near = []
        for place, _ in counted.most_common(_POSTINGS_MAX):
            other = self._grams[place]
            if 2 * len(grams & other) * whole >= part * (len(grams) + len(other)):
                near.append((self._texts[place], _dice(grams, other)))
        return near

    def _rarest(self, grams: Iterable[str]) -> Sequence[list[int]]:
        found = sorted((self._postings[gram] for gram in grams if gram in self._postings), key=len)
        return [postings for postings in found[:_RARE_GRAMS] if len(postings) <= _POSTINGS_MAX] or found[:1]


def _grams(text: str) -> frozenset[str]:
    size = 2 if is_chinese(text) else 3
    return frozenset(text[start : start + size] for start in range(max(len(text) - size + 1, 1)))


def _dice(left: frozenset[str], right: frozenset[str]) -> Decimal:
    return Decimal(2 * len(left & right)) / (len(left) + len(right)) if left and right else Decimal(0)
