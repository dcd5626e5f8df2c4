"""Which heading means which column: exact, then at the end of a Chinese heading, then by likeness, with a score."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.integrations.erp_csv import vocabulary
from tradecredit.integrations.erp_csv.sheets import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.integrations.erp_csv.sheets import Row
    from tradecredit.integrations.erp_csv.vocabulary import Column, Layout

_NAMED: Final = 101
_EXACT: Final = 100
_ENDING: Final = 80
_LIKE_AT_LEAST: Final = 84
_LIKE_FROM_LENGTH: Final = 6
_LIKE_TO_LENGTH: Final = 40
_ENDING_FROM_LENGTH: Final = 2
_HEAD_WITHIN_ROWS: Final = 40

_BRACKETS: Final = re.compile(r"[(（【\[{]([^)）】\]}]*)[)）】\]}]")
_NOT_A_WORD: Final = re.compile(r"[\W_]+")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_UNITS: Final = {
    "亿元": Decimal(100_000_000),
    "百万元": Decimal(1_000_000),
    "百万": Decimal(1_000_000),
    "万元": Decimal(10_000),
    "万": Decimal(10_000),
    "千元": Decimal(1_000),
    "元": Decimal(1),
    "'000": Decimal(1_000),
    "k": Decimal(1_000),
}
_UNIT_LINE: Final = re.compile(r"单位\s*[::]\s*(?:人民币|RMB|CNY)?\s*(亿元|百万元|万元|千元|元)")
_CODES: Final = re.compile(r"\b([A-Z]{3})\b")
# The same word as people also write it.
_VARIANTS: Final = {"帐": "账", "限额": "额度", "代号": "代码", "編": "编"}
_KNOWN_CODES: Final = frozenset(
    {"CNY", "USD", "EUR", "GBP", "HKD", "JPY", "CAD", "AUD", "SGD", "KRW", "TWD", "CHF"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A column of the file taken for one of ours; ``score`` 100 is a heading that we know."""

    index: int
    heading: str
    column: Column
    score: int
    rank: int = 0

    @property
    def unit(self) -> Decimal | None:
        """Return the factor that the heading names, for example 10,000 for ``金额(万元)``."""
        return _unit_of(self.heading)

    @property
    def currency(self) -> str | None:
        """Return the currency that the heading names, for example USD for ``Amount (USD)``."""
        return _currency_of(self.heading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the headings stand: ``first_row`` is the 0-based index of the first row of data."""

    first_row: int
    headings: tuple[str, ...]
    matches: tuple[Match, ...]
    unit: Decimal | None = None

    @property
    def is_chinese(self) -> bool:
        """Tell whether the headings are Chinese, where no one writes the day before the month."""
        return any(_CHINESE.search(heading) for heading in self.headings)

    @property
    def strength(self) -> int:
        """Return the sum of the scores, by which heads are compared."""
        return sum(match.score for match in self.matches)


@functools.lru_cache(maxsize=1_000)
def _unit_of(heading: str) -> Decimal | None:
    """Asked for every cell of the column, so read once."""
    inside = " ".join(_BRACKETS.findall(heading)).replace("人民币", "").strip().lower()
    return next((factor for name, factor in _UNITS.items() if inside.endswith(name)), None)


@functools.lru_cache(maxsize=1_000)
def _currency_of(heading: str) -> str | None:
    found = _CODES.findall(" ".join(_BRACKETS.findall(heading)).upper())
    return next((code for code in found if code in _KNOWN_CODES), None)


def plain(heading: str) -> str:
    """Return a heading without case, spaces, marks, width and what stands in brackets."""
    text = unicodedata.normalize("NFKC", heading)
    for variant, word in _VARIANTS.items():
        text = text.replace(variant, word)
    return _NOT_A_WORD.sub("", _BRACKETS.sub("", text)).lower()


def locate(rows: Sequence[Row], *, layout: Layout, named: Mapping[str, str] | None = None) -> Head | None:
    """Find the row, or the two rows on top of each other, whose cells are most like our headings.

    ``named`` (heading to field name, or to an empty text for a column that is not to be used) goes before any guess.
    None when nothing looks like a head.
    """
    given = {plain(heading): field for heading, field in (named or {}).items()}
    heads = []
    for index, row in enumerate(rows[:_HEAD_WITHIN_ROWS]):
        single = [(shown(cell),) for cell in row]
        heads.append((_head(single, first_row=index + 1, layout=layout, given=given), -1))
        if index + 1 < len(rows):
            stacked = _stacked(row, rows[index + 1])
            heads.append((_head(stacked, first_row=index + 2, layout=layout, given=given), -2))
    if not heads:
        return None
    best, _depth = max(heads, key=lambda found: (found[0].strength, found[1], -found[0].first_row))
    if not best.matches:
        return None
    above = " ".join(shown(cell) for row in rows[: best.first_row] for cell in row)
    unit = _UNIT_LINE.search(unicodedata.normalize("NFKC", above))
    return dataclasses.replace(best, unit=_UNITS[unit.group(1)]) if unit else best


def explain(head: Head) -> tuple[Words, ...]:
    """Say what was guessed: every column taken by likeness, and the columns that are not used."""
    taken = {match.index for match in head.matches}
    notes = [
        Words(
            zh=f"列“{match.heading}”按“{match.column.title}”读取（相似度 {match.score}%）。如不对，请用映射文件指定。",
            en=f"Column “{match.heading}” is read as “{match.column.title}” (likeness {match.score}%). "
            "If that is wrong, name it in a mapping file.",
        )
        for match in head.matches
        if match.score < _EXACT
    ]
    unused = [heading for index, heading in enumerate(head.headings) if heading and index not in taken]
    if unused:
        listed = ", ".join(unused)
        notes.append(Words(zh=f"未使用的列：{listed}。", en=f"Columns not used: {listed}."))
    return tuple(notes)


def _stacked(upper: Row, lower: Row) -> list[tuple[str, ...]]:
    """Join a two-row head, each column with the texts it may be known by: 发票 over 号码 is 发票号码 or 号码."""
    joined: list[tuple[str, ...]] = []
    for index in range(max(len(upper), len(lower))):
        above = shown(upper[index]) if index < len(upper) else ""
        below = shown(lower[index]) if index < len(lower) else ""
        if not below or above == below:
            joined.append((above,))
        else:
            joined.append((f"{above}{below}", below))
    return joined


def _head(
    columns: Sequence[tuple[str, ...]], *, first_row: int, layout: Layout, given: Mapping[str, str]
) -> Head:
    candidates = [
        Match(index=index, heading=texts[0], column=column, score=score, rank=rank)
        for index, texts in enumerate(columns)
        if texts[0]
        for column in layout.columns
        for score, rank in [max(_likeness(plain(text), column, given) for text in texts)]
        if score
    ]
    candidates.sort(key=lambda match: (-match.score, -match.rank, match.index))
    matches: list[Match] = []
    for match in candidates:
        if all(match.index != other.index and match.column.field != other.column.field for other in matches):
            matches.append(match)
    return Head(
        first_row=first_row,
        headings=tuple(texts[0] for texts in columns),
        matches=tuple(sorted(matches, key=lambda match: match.index)),
    )


def _likeness(heading: str, column: Column, given: Mapping[str, str]) -> tuple[int, int]:
    """Return the score and, among equal scores, how early the heading stands in the column's list (higher is earlier)."""
    if heading in given:
        return (_NAMED, 0) if given[heading] == column.field else (0, 0)
    known = _known_by(column)
    if heading in known:
        return _EXACT, -known.index(heading)
    if heading in _NOT_OURS:
        return 0, 0
    if _CHINESE.search(heading):
        ends = any(len(word) >= _ENDING_FROM_LENGTH and heading.endswith(word) for word in known)
        return (_ENDING, 0) if ends else (0, 0)
    # A cell of data is no heading: most have digits, and are not compared letter by letter.
    if not heading.isalpha() or not _LIKE_FROM_LENGTH <= len(heading) <= _LIKE_TO_LENGTH:
        return 0, 0
    return _likest(heading, column), 0


@functools.lru_cache(maxsize=20_000)
def _likest(heading: str, column: Column) -> int:
    matcher = difflib.SequenceMatcher(None, b=heading)
    best = 0.0
    for word in _known_by(column):
        matcher.set_seq1(word)
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best:
            best = max(best, matcher.ratio())
    score = int(best * _EXACT)
    return score if score >= _LIKE_AT_LEAST else 0


@functools.cache
def _known_by(column: Column) -> tuple[str, ...]:
    return tuple(plain(heading) for heading in column.headings)


_NOT_OURS: Final = frozenset(plain(heading) for heading in vocabulary.NOT_OURS)
