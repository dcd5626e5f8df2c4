"""Functions on texts; a position counts characters from 1, or from the end when negative."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tradecredit.core.feel.builtins import declaring
from tradecredit.core.feel.builtins.declaring import takes, way
from tradecredit.core.feel.patterns import matching
from tradecredit.core.feel.patterns.syntax import PatternError
from tradecredit.core.feel.run import NullBecauseError, Run
from tradecredit.core.feel.values.kinds import BOOLEAN, NUMBER, STRING, ListOf


def _substring(_run: Run, text: str, start: Decimal, length: Decimal | None = None) -> str:
    position = int(start)
    first = position - 1 if position > 0 else len(text) + position
    if position == 0 or not 0 <= first < max(len(text), 1):
        raise declaring.refused("substring", start)
    if length is None:
        return text[first:]
    if length < 1:
        raise declaring.refused("substring", length)
    return text[first : first + int(length)]


def _length(_run: Run, text: str) -> Decimal:
    return Decimal(len(text))


def _before(_run: Run, text: str, match: str) -> str:
    return text.partition(match)[0] if match and match in text else ""


def _after(_run: Run, text: str, match: str) -> str:
    if not match:
        return text
    return text.partition(match)[2]


def _matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool:
    try:
        return matching.matches(text, pattern, flags or "", run)
    except PatternError as error:
        raise NullBecauseError("bad_pattern", why=str(error)) from error


def _replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    try:
        return matching.replace(text, pattern, replacement, flags or "", run)
    except PatternError as error:
        raise NullBecauseError("bad_pattern", why=str(error)) from error


def _split(run: Run, text: str, delimiter: str) -> tuple[str, ...]:
    try:
        return matching.split(text, delimiter, run)
    except PatternError as error:
        raise NullBecauseError("bad_pattern", why=str(error)) from error


def _join(run: Run, parts: tuple[str | None, ...], delimiter: str | None = None) -> str:
    kept = [part for part in parts if part is not None]
    run.check_size(sum(map(len, kept)) + len(delimiter or "") * len(kept))
    return (delimiter or "").join(kept)


def _bounded_case(run: Run, text: str, *, is_upper: bool) -> str:
    run.check_size(3 * len(text) if len(text) > 1 else 1)
    return text.upper() if is_upper else text.lower()


def _contains(_run: Run, text: str, match: str) -> bool:
    return match in text


def _string(name: str = "string") -> Any:
    return takes(name, STRING)


_FUNCTIONS = {
    "substring": (
        way(_substring, _string(), takes("start position", NUMBER), takes("length", NUMBER, optional=True)),
    ),
    "string length": (way(_length, _string()),),
    "upper case": (way(lambda run, text: _bounded_case(run, text, is_upper=True), _string()),),
    "lower case": (way(lambda run, text: _bounded_case(run, text, is_upper=False), _string()),),
    "substring before": (way(_before, _string(), _string("match")),),
    "substring after": (way(_after, _string(), _string("match")),),
    "contains": (way(_contains, _string(), _string("match")),),
    "starts with": (way(lambda _run, text, match: text.startswith(match), _string(), _string("match")),),
    "ends with": (way(lambda _run, text, match: text.endswith(match), _string(), _string("match")),),
    "matches": (
        way(_matches, _string("input"), _string("pattern"), takes("flags", STRING, optional=True, null=True)),
    ),
    "replace": (
        way(
            _replace,
            _string("input"),
            _string("pattern"),
            _string("replacement"),
            takes("flags", STRING, optional=True, null=True),
        ),
    ),
    "split": (way(_split, _string(), _string("delimiter")),),
    "string join": (
        way(_join, takes("list", ListOf(STRING)), takes("delimiter", STRING, optional=True, null=True)),
    ),
}  # fmt: skip

_BOOLEAN_RESULTS = ("contains", "starts with", "ends with", "matches")
FUNCTIONS = declaring.family(
    _FUNCTIONS,
    dict.fromkeys(_FUNCTIONS, STRING)
    | dict.fromkeys(_BOOLEAN_RESULTS, BOOLEAN)
    | {"string length": NUMBER, "split": ListOf(STRING)},
)
