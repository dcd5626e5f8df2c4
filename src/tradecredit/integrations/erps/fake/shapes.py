"""Records of the fake in the shapes that each system documents."""

from __future__ import annotations

import itertools
import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.integrations.erps.descriptions import Entity
    from tradecredit.integrations.erps.fake.world import Entry

_AMOUNTS = frozenset({"amount"})
# Their keys are whole numbers, whatever a field that shows them says.
_NUMBERED = frozenset({"tryton", "odoo", "kingdee"})
_DAYS = frozenset({"invoice_date", "due_date", "date", "payment_date"})


def rendered(entity: Entity, entry: Entry, *, system: str) -> dict[str, Any]:
    """Return a record as the system writes it: every described field at its first place, key and stamp beside them."""
    record: dict[str, Any] = {}
    for name, places in entity.fields.items():
        if name in entry.values and places[0].path:
            _put(record, places[0].path, _written(name, entry.values[name], kind=entity.kind, system=system))
    if entity.key not in record or system in _NUMBERED:
        record[entity.key] = entry.number
    if entity.changed:
        record[entity.changed] = entry.changed_at
    if entity.day and entity.day not in record:
        record[entity.day] = ""
    return record


def _written(name: str, text: str, *, kind: str, system: str) -> Any:
    if name in _AMOUNTS:
        # Red documents carry a minus where the system keeps both in one list.
        signed = (
            f"-{text}"
            if kind == "credit-notes" and system in ("tryton", "kingdee", "erpnext", "yonbip")
            else text
        )
        return {"__class__": "Decimal", "decimal": signed} if system == "tryton" else Number(signed)
    if name in _DAYS:
        if system == "tryton":
            day = date.fromisoformat(text)
            return {"__class__": "date", "year": day.year, "month": day.month, "day": day.day}
        return {"kingdee": f"{text}T00:00:00", "yonbip": f"{text} 00:00:00"}.get(system, text)
    return text


class Number(str):
    """A number that is written into JSON as it stands, not through binary fractions."""

    __slots__ = ()


def _put(record: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Put a value at a path of names and positions."""
    found: Any = record
    for step, after in itertools.pairwise(path):
        empty: Any = [None, None] if after.isdecimal() else {}
        if isinstance(found, list):
            found[int(step)] = found[int(step)] or empty
            found = found[int(step)]
        else:
            found = found.setdefault(step, empty)
    if isinstance(found, list):
        found[int(path[-1])] = value
    else:
        found[path[-1]] = value


def plain(record: Mapping[str, Any], *, system: str) -> Any:
    """Return the record ready for JSON: moments in the system's own writing."""
    return {name: _moment(value, system=system) for name, value in record.items()}


def _moment(value: Any, *, system: str) -> Any:
    if not isinstance(value, datetime):
        return value
    if system == "tryton":
        return {
            "__class__": "datetime",
            **{part: getattr(value, part) for part in ("year", "month", "day", "hour", "minute", "second")},
            "microsecond": value.microsecond,
        }
    return value.strftime("%Y-%m-%d %H:%M:%S")


def dumped(value: Any) -> str:
    """Return JSON in which amounts are numbers exactly as they stand."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(str(key))}:{dumped(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(dumped(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
