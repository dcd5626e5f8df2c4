"""Numbers of documents in the text of a payment: whole, in ranges, in lists that go on with their last digits, or cut."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Container

_RUN: Final = re.compile(r"[0-9A-Z]+")
_NOT_KEPT: Final = re.compile(r"[^0-9A-Z]+")
_ASCII_KEPT: Final = {code: chr(code).upper() if chr(code).isalnum() else None for code in range(128)}
_DIGITS_BEHIND: Final = re.compile(r"\d+$")
_RANGE: Final = frozenset({"~", "-", "–", "—", "至", "到", "TO", "..", "─"})
_LIST: Final = frozenset("、,/+和及;&.|#或") | {" ", "AND"}
_BLANKS: Final = re.compile(r"\s+")
_JOINED: Final = frozenset("-_/.")
_PIECES_MAX: Final = 6
_RANGE_MAX: Final = 60
_CUT_LENGTH_MIN: Final = 4
_NUMBER_LENGTH_MIN: Final = 4
_DIGITS_ONLY_LENGTH_MIN: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """What a text names: known numbers in its order, and runs of digits that may be the end of one."""

    numbers: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()


def compact(number: str) -> str:
    """Return a document number as it is looked for: capitals and digits only (``inv-2026/07`` is ``INV202607``)."""
    if number.isascii():
        return number.translate(_ASCII_KEPT)
    return _NOT_KEPT.sub("", unicodedata.normalize("NFKC", number).upper())


def is_telling(number: str) -> bool:
    """Tell whether a compact number is long enough to be no accident: six digits, or four with letters among them."""
    if not any(character.isdigit() for character in number):
        return False
    return len(number) >= (_DIGITS_ONLY_LENGTH_MIN if number.isdigit() else _NUMBER_LENGTH_MIN)


def find(text: str, *, known: Container[str]) -> Mentions:
    """Return the known numbers that a text names.

    With INV1042 … INV1045 known, ``"INV-1042~1045"`` names four, ``"inv1042、43/45"`` names three, and
    ``"尾号1042"`` leaves 1042 for whoever knows whose invoices to look among.
    """
    return _Reading(unicodedata.normalize("NFKC", text).upper(), known).read()


def compact_words(text: str) -> tuple[str, ...]:
    """Return every compact number that a text could name, each run alone and joined with those behind it."""
    runs = _RUN.findall(unicodedata.normalize("NFKC", text).upper())
    found: dict[str, None] = {}
    for start in range(len(runs)):
        for end in range(start + 1, min(start + _PIECES_MAX, len(runs)) + 1):
            found["".join(runs[start:end])] = None
    return tuple(number for number in found if is_telling(number))


class _Reading:
    """One text, read from left to right."""

    def __init__(self, text: str, known: Container[str]) -> None:
        self._known = known
        self._runs: list[str] = []
        self._gaps: list[str] = []
        end = 0
        for found in _RUN.finditer(text):
            self._gaps.append(text[end : found.start()])
            self._runs.append(found.group())
            end = found.end()
        self._numbers: dict[str, None] = {}
        self._loose: dict[str, None] = {}
        self._latest = ""

    def read(self) -> Mentions:
        place = 0
        while place < len(self._runs):
            place = self._whole(place) or self._going_on(place) or self._left_over(place)
        return Mentions(numbers=tuple(self._numbers), loose=tuple(self._loose))

    def _whole(self, place: int) -> int:
        """Take the longest known number that begins here; return the place behind it, 0 when there is none."""
        joined = ends = self._runs[place]
        best, behind = ("", 0)
        for end in range(place + 1, min(place + _PIECES_MAX, len(self._runs)) + 1):
            if is_telling(joined) and joined in self._known:
                best, behind = joined, end
            if end >= len(self._runs) or self._gaps[end].strip() not in _JOINED | {""}:
                break
            ends = self._runs[end]
            joined += ends
        if behind:
            if self._latest and self._is_range(place):
                self._fill(best)
            self._take(best)
        return behind

    def _going_on(self, place: int) -> int:
        """Take digits that go on from the number before: a range's end, or the next of a list."""
        run = self._runs[place]
        tail = _DIGITS_BEHIND.search(self._latest)
        if not run.isdigit() or tail is None or len(run) > len(tail.group()):
            return 0
        number = self._latest[: -len(run)] + run
        if self._is_range(place) and number > self._latest:
            self._fill(number)
        elif _BLANKS.sub("", self._gaps[place]) not in _LIST | {"", "-"} or number not in self._known:
            return 0
        self._take(number)
        return place + 1

    def _left_over(self, place: int) -> int:
        found = _DIGITS_BEHIND.search(self._runs[place])
        if found and len(found.group()) >= _CUT_LENGTH_MIN:
            self._loose[found.group()] = None
        return place + 1

    def _is_range(self, place: int) -> bool:
        return _BLANKS.sub("", self._gaps[place]) in _RANGE

    def _fill(self, last: str) -> None:
        """Take the known numbers between the latest and the last."""
        first = self._latest
        width = len(_ends(first, last))
        if not width or len(first) != len(last):
            return
        low, high = int(first[-width:]), int(last[-width:])
        if 0 < high - low <= _RANGE_MAX:
            for value in range(low + 1, high):
                self._take(f"{first[:-width]}{value:0{width}d}")

    def _take(self, number: str) -> None:
        if number in self._known:
            self._numbers[number] = None
            self._latest = number


def _ends(first: str, last: str) -> str:
    """Return the digits at the end of the last number in which both may differ."""
    found = _DIGITS_BEHIND.search(last)
    digits = found.group() if found else ""
    head = len(last) - len(digits)
    return digits if first[:head] == last[:head] and first[head:].isdigit() else ""
