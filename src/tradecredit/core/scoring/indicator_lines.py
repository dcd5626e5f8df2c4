"""What a scorecard is made of: indicators in dimensions, with their weights, and other weights for some customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.scoring.attributes import Attribute
    from tradecredit.core.scoring.conditions import Condition
    from tradecredit.core.scoring.measures import Measure

MissingPolicy = Literal["reallocate", "keep", "worst", "neutral", "block"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One line of the table: an attribute, its weight inside its dimension, and how its value becomes points."""

    name: str
    attribute: Attribute
    label: Words
    weight: Decimal
    measure: Measure
    missing: MissingPolicy
    neutral: Decimal
    fresh_for_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """A group of indicators with its weight in the whole."""

    name: str
    label: Words
    weight: Decimal
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSet:
    """Other weights of the dimensions for customers that fulfil a condition, for example an industry."""

    name: str
    label: Words
    when: Condition
    weights: Mapping[str, Decimal]
