"""Customers' attribute values as a columnar table, as compiled scorecards read them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from tradecredit.analytics.compiled.scorecards import KNOWN_ON
from tradecredit.core.scoring import conditions
from tradecredit.core.scoring.values import Known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.scoring.attributes import Attribute
    from tradecredit.core.scoring.rating import GradeScale
    from tradecredit.core.scoring.scorecard import Scorecard
    from tradecredit.core.scoring.values import Value

KEY: Final = "customer"
_MOST_DECIMALS: Final = 10


def attributes_of(
    card: Scorecard, scale: GradeScale, *, known: Mapping[str, Attribute]
) -> dict[str, Attribute]:
    """Return what the scorecard and the rules look at."""
    every = card.every
    names = {
        line.attribute.name for one in every for dimension in one.dimensions for line in dimension.indicators
    }
    asked = [each.when for one in every for each in one.weight_sets] + [when for when, _ in card.own_models]
    for condition in [rule.when for rule in scale.rules] + asked:
        names |= conditions.attributes_of(condition)
    return {name: known[name] for name in sorted(names) if name in known}


def table(customers: Mapping[str, Mapping[str, Value]], *, attributes: Mapping[str, Attribute]) -> pa.Table:
    """Return rows with the column ``customer``, one for each attribute, and one for the day of its value."""
    columns: dict[str, Any] = {KEY: pa.array(list(customers), pa.string())}
    for name, attribute in attributes.items():
        found = [_known(values.get(name)) for values in customers.values()]
        columns[name] = _column([None if each is None else each.value for each in found], attribute)
        columns[f"{name}{KNOWN_ON}"] = pa.array(
            [None if each is None else each.known_on for each in found], pa.date32()
        )
    return pa.table(columns)


def _known(value: Value | None) -> Known | None:
    return value if isinstance(value, Known) else None


def _column(values: list[Any], attribute: Attribute) -> Any:
    match attribute.unit:
        case "flag":
            return pa.array([each if isinstance(each, bool) else None for each in values], pa.bool_())
        case "text":
            return pa.array([each if isinstance(each, str) else None for each in values], pa.string())
        case _:
            numbers = [each if isinstance(each, Decimal) else None for each in values]
            scale = max((_decimals(each) for each in numbers if each is not None), default=0)
            kind = pa.decimal128(18 + scale, scale)
            return pa.array([None if each is None else round(each, scale) for each in numbers], kind)


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return min(_MOST_DECIMALS, max(0, -exponent)) if isinstance(exponent, int) else 0
