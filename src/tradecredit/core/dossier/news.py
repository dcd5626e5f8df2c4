"""What a piece of news says: of whom, for or against, by which words, and whether it was told before."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tradecredit.core.kernel.policy_document import Node

Polarity = Literal["negative", "neutral", "positive"]
POLARITIES: Final = ("negative", "neutral", "positive")

_SENTENCE: Final = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_MARKS: Final = re.compile(r"[\W_]+")
# What outlets put behind a headline: “… - 示例财经网”, “… | 示例日报”.
_OUTLET: Final = re.compile(r"\s*[-_|–—｜]{1,2}\s*[^-_|–—｜]{1,16}$")
_BIGRAM: Final = 2
_HUNDRED: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted:
    """A word of the lexicon: points below zero speak against a customer."""

    word: str
    points: int
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The policy's words: which count, what turns them round, and from how many points a text has a side."""

    words: tuple[Weighted, ...]
    turning: tuple[str, ...]
    reach: int
    from_points: int
    fresh_days: int
    same_days: int
    same_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A word that was found; ``turned_by`` is what stands before it and takes its weight (否认, 不存在)."""

    word: str
    points: int
    topic: str
    turned_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """For or against, with the words that decided it."""

    polarity: Polarity
    score: int
    words: tuple[Decided, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """Words that people look out for; ``polarity`` goes before what the lexicon says, where it is given."""

    code: str
    label: str
    any_of: tuple[str, ...]
    none_of: tuple[str, ...] = ()
    polarity: str = ""


def lexicon(node: Node) -> Lexicon:
    """Read the policy's section; raises PolicyError naming the place."""
    node.only("words", "turned_by", "reach", "from_points", "fresh_days", "same_days", "same_percent")
    words = [
        Weighted(word=word, points=int(group.child("points").number()), topic=group.child("topic").text())
        for group in node.child("words").items()
        for word in (one.text() for one in group.child("any_of").items())
    ]
    return Lexicon(
        words=tuple(sorted(words, key=lambda one: (-len(one.word), one.word))),
        turning=tuple(one.text() for one in node.child("turned_by").items()),
        reach=node.child("reach").count(least=0),
        from_points=node.child("from_points").count(least=1),
        fresh_days=node.child("fresh_days").count(least=1),
        same_days=node.child("same_days").count(least=0),
        same_percent=node.child("same_percent").count(least=1),
    )


def judge(text: str, *, by: Lexicon) -> Judgement:
    """Return for or against; each word counts once, the longest first, and not where a turning word stands before it.

    ``法院受理破产申请`` is negative by 破产申请; in ``公司否认破产传闻`` the word 破产 is turned by 否认 and counts nothing.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    taken: list[tuple[int, int]] = []
    found: dict[str, Decided] = {}
    for one in by.words:
        for place in _places(plain, one.word.lower(), taken):
            turned = _turned(plain, place, by)
            before = found.get(one.word)
            if before is None or (before.turned_by and not turned):
                points = 0 if turned else one.points
                found[one.word] = Decided(word=one.word, points=points, topic=one.topic, turned_by=turned)
    score = sum(one.points for one in found.values())
    polarity: Polarity = "neutral"
    if score <= -by.from_points:
        polarity = "negative"
    elif score >= by.from_points:
        polarity = "positive"
    ordered = tuple(sorted(found.values(), key=lambda one: (-abs(one.points), one.word)))
    return Judgement(polarity=polarity, score=score, words=ordered)


def _places(text: str, word: str, taken: list[tuple[int, int]]) -> list[int]:
    """Return where the word stands outside of longer ones, and keep those places."""
    places, start = [], text.find(word)
    while start >= 0:
        end = start + len(word)
        if all(end <= begin or start >= stop for begin, stop in taken):
            taken.append((start, end))
            places.append(start)
        start = text.find(word, end)
    return places


def _turned(text: str, place: int, by: Lexicon) -> str:
    before = text[max(0, place - by.reach) : place]
    # What stands in a former sentence turns nothing.
    before = re.split(r"[，。；！？,;!?\n]", before)[-1]
    return next((word for word in by.turning if word in before), "")


def watched(text: str, *, monitors: Iterable[Monitor]) -> tuple[Monitor, ...]:
    """Return the monitors of which a word stands in the text and none of their excluded ones."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return tuple(
        one
        for one in monitors
        if any(word.lower() in plain for word in one.any_of)
        and not any(word.lower() in plain for word in one.none_of)
    )


def overruled(judgement: Judgement, *, monitors: Sequence[Monitor]) -> Judgement:
    """Return the judgement with the side that a monitor gives; the worst of several."""
    given = [one.polarity for one in monitors if one.polarity]
    for polarity in POLARITIES:
        if polarity in given:
            return Judgement(polarity=polarity, score=judgement.score, words=judgement.words)
    return judgement


def squeezed(text: str) -> str:
    """Return a text without marks, spaces, width and case, as names are looked for."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).lower())


class Names:
    """Names to be found in texts: looked up by their first two characters, so that many cost little."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._by_start: dict[str, list[tuple[str, str]]] = {}
        for name, whose in names.items():
            if len(name) >= _BIGRAM:
                self._by_start.setdefault(name[:_BIGRAM], []).append((name, whose))
        for candidates in self._by_start.values():
            candidates.sort(key=lambda pair: -len(pair[0]))

    def in_text(self, text: str) -> dict[str, str]:
        """Return whose names stand in the text, each with the name that was found; the longest at a place counts."""
        found: dict[str, str] = {}
        plain, place = squeezed(text), 0
        while place < len(plain):
            hit = next(
                (
                    pair
                    for pair in self._by_start.get(plain[place : place + _BIGRAM], ())
                    if plain.startswith(pair[0], place)
                ),
                None,
            )
            if hit is None:
                place += 1
                continue
            found.setdefault(hit[1], hit[0])
            place += len(hit[0])
        return found


def about(*, title: str, text: str, whose: str, names: Names) -> str:
    """Return the sentences that name somebody; the whole where the headline does or nobody else is named."""
    everybody = names.in_text(f"{title}\n{text}")
    if len(everybody) <= 1:
        return f"{title}\n{text}"
    sentences = [title, *_SENTENCE.findall(text)]
    return "\n".join(one for one in sentences if whose in names.in_text(one))


def story_of(title: str) -> str:
    """Return the digest of what a headline says, without its outlet, marks and spaces."""
    return hashlib.sha256(squeezed(_OUTLET.sub("", title)).encode()).hexdigest()


def is_alike(one: str, other: str, *, percent: int) -> bool:
    """Tell whether two headlines share so many of their pairs of characters (Dice's measure, in whole percent)."""
    pairs, others = _pairs(one), _pairs(other)
    total = pairs.total() + others.total()
    return total > 0 and (pairs & others).total() * 2 * _HUNDRED >= percent * total


def _pairs(title: str) -> Counter[str]:
    plain = squeezed(_OUTLET.sub("", title))
    return Counter(plain[place : place + _BIGRAM] for place in range(len(plain) - 1))
