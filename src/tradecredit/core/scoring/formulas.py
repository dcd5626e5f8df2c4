"""Attributes that a policy works out from others: ``revenue / equity`` in the policy language."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.core.feel import written
from tradecredit.core.scoring import conditions
from tradecredit.core.scoring.values import Known, Missing, look_up

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.core.scoring.attributes import Attribute
    from tradecredit.core.scoring.values import Value

_SOURCE = "formula"


def completed(values: Mapping[str, Value], *, known: Mapping[str, Attribute]) -> dict[str, Value]:
    """Return the values with every formula worked out; one whose parts are unknown is missing, not zero.

    Revenue 1,200 and equity 400 make ``revenue / equity`` 3; what it rests on is as old as its oldest part.
    """
    found = dict(values)
    for name, attribute in known.items():
        if attribute.formula:
            found[name] = _worked_out(attribute, found)
    return found


def _worked_out(attribute: Attribute, values: Mapping[str, Value]) -> Value:
    result = written.value(attribute.formula, attribute.asks, conditions.plain(values, attribute.asks))
    if not isinstance(result, _kind(attribute)):
        return Missing(cause="not_computable")
    return Known(value=result, source=_SOURCE, known_on=_oldest(attribute, values))


def _kind(attribute: Attribute) -> type[Decimal | str | bool]:
    match attribute.unit:
        case "flag":
            return bool
        case "text":
            return str
        case _:
            return Decimal


def _oldest(attribute: Attribute, values: Mapping[str, Value]) -> date | None:
    parts = (look_up(values, name) for name in attribute.asks)
    days = [part.known_on for part in parts if isinstance(part, Known) and part.known_on is not None]
    return min(days, default=None)
