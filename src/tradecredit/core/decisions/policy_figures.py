"""The figures of order control that a person may change in a form: where they stand, what they are called, what they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel import document_changes
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ROOT: Final = "order_control"
_OUTCOMES: Final = ("warn", "review", "hold", "reject")


class FigureKind(StrEnum):
    """How a figure is written."""

    COUNT = "count"
    SHARE = "share"
    AMOUNT = "amount"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One changeable figure: its path in the policy, its name, its value as text, and its unit."""

    path: str
    words: Words
    kind: FigureKind
    value: str
    unit: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureGroup:
    """The figures of one check, or of what holds for all of them."""

    code: str
    words: Words
    points: tuple[str, ...]
    figures: tuple[Figure, ...]


_GENERAL: Final = Words(zh="通用", en="General")
_NAMES: Final[Mapping[str, Words]] = {
    "reservation_days": Words(zh="额度保留天数", en="Days that room is kept"),
    "small_documents": Words(zh="小额免查上限", en="Small documents, up to"),
    "days": Words(zh="天数", en="Days"),
    "share": Words(zh="比例", en="Share"),
    "amounts": Words(zh="金额", en="Amount"),
    "on_fail": Words(zh="未通过时", en="When it fails"),
}


def groups(document: Mapping[str, Any]) -> tuple[FigureGroup, ...]:
    """Return the changeable figures of a policy document, check by check in its order."""
    section = document[_ROOT]
    general = (*_simple(section, _ROOT, "reservation_days"), *_amounts(section, _ROOT, "small_documents"))
    checks = [
        FigureGroup(
            code=check["code"],
            words=Words(zh=check["label"]["zh"], en=check["label"]["en"]),
            points=tuple(check.get("at", ())),
            figures=tuple(_of_check(check)),
        )
        for check in section["checks"]
    ]
    return (FigureGroup(code="general", words=_GENERAL, points=(), figures=general), *checks)


def written(document: Mapping[str, Any], figures: Mapping[str, str]) -> dict[str, Any]:
    """Return the document with figures by path replaced by what was typed; unknown paths are refused.

    A count that is not a whole number stays as it was typed, for the policy's own check to name its place. Raises
    UnknownPathError.
    """
    known = {figure.path: figure for group in groups(document) for figure in group.figures}
    result: Any = document
    for path, text in figures.items():
        if path not in known:
            raise document_changes.UnknownPathError(f"{path} is not a figure of this policy")
        is_count = known[path].kind is FigureKind.COUNT and text.strip().isdigit()
        result = document_changes.changed(result, path, int(text) if is_count else text.strip())
    return dict(result)


def _of_check(check: Mapping[str, Any]) -> Iterator[Figure]:
    path = f"{_ROOT}.checks.{check['code']}"
    # A check written as a table says its outcomes row by row: those are changed in the table.
    if "on_fail" in check:
        yield Figure(
            path=f"{path}.on_fail",
            words=_NAMES["on_fail"],
            kind=FigureKind.OUTCOME,
            value=str(check["on_fail"]),
            choices=_OUTCOMES,
        )
    yield from _simple(check, path, "days")
    yield from _simple(check, path, "share")
    yield from _amounts(check, path, "amounts")


def _simple(holder: Mapping[str, Any], path: str, name: str) -> Iterator[Figure]:
    if name in holder:
        kind = FigureKind.SHARE if name == "share" else FigureKind.COUNT
        yield Figure(path=f"{path}.{name}", words=_NAMES[name], kind=kind, value=str(holder[name]))


def _amounts(holder: Mapping[str, Any], path: str, name: str) -> Iterator[Figure]:
    for currency, amount in (holder.get(name) or {}).items():
        yield Figure(
            path=f"{path}.{name}.{currency}",
            words=_NAMES[name],
            kind=FigureKind.AMOUNT,
            value=str(amount),
            unit=currency,
        )
