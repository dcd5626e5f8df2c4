"""Turn one item of a bureau's answer into a finding; what cannot be read is kept as a gap and never guessed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.dossier.bureau import values
from tradecredit.core.dossier.bureau.schema import KINDS, Finding
from tradecredit.core.dossier.bureau.values import UnreadableValueError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.core.dossier.bureau.schema import Field, ReportKind

# Where each of our fields stands in an item: paths to try, the first that is there counts (``capital.0.amomon``).
Places = Mapping[str, tuple[str, ...]]

_TEXT_MAX: Final = 4000
_GAP_MAX: Final = 200
_KEY_MAX: Final = 120
_BESIDE: Final = {"registered_capital": ("@unit", "@currency"), "paid_capital": ("@unit", "@currency")}


class UnreadableItemError(ValueError):
    """An item holds none of what makes it known again."""


def read(*, kind: str, item: object, places: Places, subjects: Sequence[str] = ()) -> Finding:
    """Return the finding of an item.

    ``subjects`` are the customer's names, by which its role in a case is told. Raises UnreadableItemError when a
    required field is missing or unreadable: such an item is not counted as read.
    """
    if not isinstance(item, Mapping):
        raise UnreadableItemError(f"an item of {kind} is no object")
    what = KINDS[kind]
    read_values: dict[str, str] = {}
    gaps: dict[str, str] = {}
    for name, field in what.fields.items():
        raw = _raw(item, name, places)
        try:
            found = _text_of(field, raw, item, places)
        except UnreadableValueError:
            gaps[name] = values.text(raw)[:_GAP_MAX] or str(raw)[:_GAP_MAX]
            continue
        if found:
            read_values[name] = found[:_TEXT_MAX]
    missing = [name for name in what.required if name not in read_values]
    if missing:
        raise UnreadableItemError(f"an item of {kind} lacks {', '.join(missing)}")
    if "role" in what.fields and (role := _marked_role(item, places) or _role(read_values, subjects)):
        read_values["role"] = role
    return Finding(
        kind=kind,
        key=_key(what, read_values),
        values=read_values,
        began_on=_first_day(what.began, read_values),
        ended_on=_first_day(what.ended, read_values),
        gaps=gaps,
    )


def at(item: object, path: str) -> object:
    """Return what stands at a path such as ``Area.City`` or ``capital.0.amomon``; None where it leads nowhere."""
    found: Any = item
    for step in path.split("."):
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found


def _raw(item: Mapping[str, Any], name: str, places: Places) -> object:
    for path in places.get(name, ()):
        found = at(item, path)
        if found is not None and found not in ("", []):
            return found
    return None


def _text_of(field: Field, raw: object, item: Mapping[str, Any], places: Places) -> str:
    match field.kind:
        case "day":
            found = values.day(raw)
            return found.isoformat() if found else ""
        case "amount":
            unit, currency = (
                _raw(item, field.name + suffix, places) for suffix in _BESIDE.get(field.name, ("", ""))
            )
            amount = values.amount(raw, unit=unit or "", currency=currency or "")
            return str(amount) if amount else ""
        case "share":
            share = values.share(raw)
            return "" if share is None else f"{share:f}"
        case "whole":
            number = values.whole(raw)
            return "" if number is None else str(number)
        case "flag":
            return values.flag(raw)
        case "names":
            return ";".join(values.names(raw))
        case _:
            return ";".join(values.names(raw)) if isinstance(raw, list) else values.text(raw)


def _marked_role(item: Mapping[str, Any], places: Places) -> str:
    """Return the role that the bureau itself marks (``IsDefendant: "1"``)."""
    for role in ("defendant", "plaintiff"):
        with suppress(UnreadableValueError):
            if values.flag(_raw(item, f"role@{role}", places)) == "yes":
                return role
    return ""


def _role(found: Mapping[str, str], subjects: Sequence[str]) -> str:
    """Tell which side of the case the customer is on: the heavier side where it stands on several."""
    wanted = {values.folded(name) for name in subjects if name}
    for field, role in (
        ("defendants", "defendant"),
        ("third_parties", "third_party"),
        ("plaintiffs", "plaintiff"),
    ):
        if wanted & {values.folded(name) for name in found.get(field, "").split(";")}:
            return role
    return ""


def _key(what: ReportKind, found: Mapping[str, str]) -> str:
    if what.is_single:
        return what.name
    parts = [found.get(name, "") for name in what.identity]
    plain = "|".join(values.folded(part) for part in parts)
    if len(plain) <= _KEY_MAX:
        return plain
    return hashlib.sha256(plain.encode()).hexdigest()


def _first_day(names: Sequence[str], found: Mapping[str, str]) -> date | None:
    name = next((name for name in names if name in found), None)
    return values.day(found[name]) if name else None
