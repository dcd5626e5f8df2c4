"""A model as lines that a person types in: read from a policy document, whatever state a draft of it is in.

Bins are told by their lower edges, the first one open below; the upper edges follow, so that nothing can be left out
or covered twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, Literal

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import scorecard_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.core.scoring.attributes import Attribute

Kind = Literal["bins", "values", "step_deduction"]
STEP_FIELDS: Final = ("line", "step", "points", "mode", "unit", "beyond")
_WHOLE: Final = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class BinLine:
    """One bin: the number at which it begins (empty: open below), whether that number belongs to it, its points."""

    edge: str = ""
    is_included: bool = True
    points: str = ""
    label: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorLine:
    """One indicator with everything about it that can be changed, as text."""

    name: str
    attribute: str
    label: Words
    unit: str
    weight: str
    missing: str
    neutral: str
    fresh_for_days: str
    kind: Kind
    bins: tuple[BinLine, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    otherwise: str = ""
    step: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionLine:
    """A dimension, its weight, and its indicators."""

    name: str
    label: Words
    weight: str
    indicators: tuple[IndicatorLine, ...]

    @property
    def indicator_sum(self) -> Decimal | None:
        """Return what the weights of its indicators sum to; None where one cannot be read."""
        return total([each.weight for each in self.indicators])


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSetLine:
    """Other weights of the dimensions for some customers."""

    name: str
    label: Words
    weights: tuple[tuple[str, Words, str], ...]

    @property
    def weight_sum(self) -> Decimal | None:
        """Return what its weights sum to; None where one cannot be read."""
        return total([text for _, _, text in self.weights])


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """A grade and the least score that earns it."""

    grade: str
    label: Words
    least: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelName:
    """One of the models of a policy; ``when`` says for which customers it is, empty: for all whom no other fits."""

    name: str
    label: Words
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLines:
    """The whole model: dimensions, weight sets, cut-offs; ``when`` as a text where it is for some customers."""

    name: str
    when: str
    others: tuple[ModelName, ...]
    label: Words
    missing: str
    dimensions: tuple[DimensionLine, ...]
    weight_sets: tuple[WeightSetLine, ...]
    cut_offs: tuple[CutOff, ...]

    @property
    def dimension_sum(self) -> Decimal | None:
        """Return what the weights of the dimensions sum to; None where one cannot be read."""
        return total([each.weight for each in self.dimensions])


def lines(document: Mapping[str, Any], *, of: str = "") -> ModelLines:
    """Return the lines of ``scorecard`` and ``grades`` of a document; raises PolicyError where one has no such shape.

    ``of`` names a model that is for some customers; otherwise the one for all others is shown.
    """
    whole = document["scorecard"]
    known = scorecard_document.attributes_of(whole)
    when = when_text(scorecard_document.own_section(whole, of).get("when"))
    section = scorecard_document.alone(whole, of)
    dimensions = tuple(_dimension(each, known) for each in section["dimensions"])
    labels = {each.name: each.label for each in dimensions}
    return ModelLines(
        name=str(section["name"]),
        when=when,
        others=tuple(
            ModelName(name=str(each["name"]), label=_words(each["label"]), when=when_text(each.get("when")))
            for each in (whole, *(whole.get("own_models") or ()))
        ),
        label=_words(section["label"]),
        missing=str(section["missing"]),
        dimensions=dimensions,
        weight_sets=tuple(_weight_set(each, labels) for each in section.get("weight_sets") or ()),
        cut_offs=tuple(
            CutOff(grade=str(each["grade"]), label=_words(each["label"]), least=str(each["from"]))
            for each in document["grades"]["grades"]
        ),
    )


def name_of(indicator: Mapping[str, Any]) -> str:
    """Return the name of an indicator of a document: its own, or its attribute's."""
    return str(indicator.get("name") or indicator["attribute"])


def bin_lines(bins: Sequence[Mapping[str, Any]]) -> tuple[BinLine, ...]:
    """Return the bins of a document by their lower edges, the lowest first."""
    found = [
        BinLine(
            edge=str(each.get("from", each.get("above", ""))),
            is_included="above" not in each,
            points=str(each["points"]),
            label=each.get("label"),
        )
        for each in bins
    ]
    return tuple(sorted(found, key=order))


def order(line: BinLine) -> tuple[int, Decimal, bool]:
    """Return what bins are sorted by: the open one, then edges as numbers, last what is no number."""
    number = read(line.edge)
    if not line.edge:
        return (0, Decimal(0), False)
    return (2, Decimal(0), False) if number is None else (1, number, not line.is_included)


def read(text: str) -> Decimal | None:
    """Return a typed number, None for anything else."""
    try:
        number = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def total(texts: Sequence[str]) -> Decimal | None:
    """Return the sum of typed numbers; None where one of them is none."""
    numbers = [read(text) for text in texts]
    return None if None in numbers else sum((each for each in numbers if each is not None), Decimal(0))


def is_whole(found: Decimal | None) -> bool:
    """Tell whether weights make 100 %."""
    return found == _WHOLE


def _dimension(each: Mapping[str, Any], known: Mapping[str, Attribute]) -> DimensionLine:
    return DimensionLine(
        name=str(each["name"]),
        label=_words(each["label"]),
        weight=str(each["weight"]),
        indicators=tuple(_indicator(one, known) for one in each["indicators"]),
    )


def _indicator(each: Mapping[str, Any], known: Mapping[str, Attribute]) -> IndicatorLine:
    name = str(each["attribute"])
    attribute = known.get(name)
    points = each["points"]
    own = each.get("label")
    return IndicatorLine(
        name=name_of(each),
        attribute=name,
        label=_words(own) if own else (attribute.label if attribute else Words(zh=name, en=name)),
        unit=attribute.unit if attribute else "",
        weight=str(each["weight"]),
        missing=str(each.get("missing", "")),
        neutral=str(each.get("neutral", "")),
        fresh_for_days=str(each.get("fresh_for_days", "")),
        kind=next((kind for kind in _KINDS if kind in points), "values"),
        bins=bin_lines(points.get("bins", ())),
        values=tuple((str(key), str(value)) for key, value in points.get("values", {}).items()),
        otherwise=str(points.get("otherwise", "")),
        step={key: str(points["step_deduction"][key]) for key in STEP_FIELDS}
        if "step_deduction" in points
        else {},
    )


def _weight_set(each: Mapping[str, Any], labels: Mapping[str, Words]) -> WeightSetLine:
    return WeightSetLine(
        name=str(each["name"]),
        label=_words(each["label"]),
        weights=tuple(
            (str(name), labels.get(str(name), Words(zh=str(name), en=str(name))), str(weight))
            for name, weight in each["weights"].items()
        ),
    )


def when_text(condition: Any) -> str:
    """Return a condition as a person reads and types it: one that is no text of the language is shown as it is written."""
    if isinstance(condition, Mapping):
        return ", ".join(f"{key}: {when_text(value)}" for key, value in condition.items())
    if isinstance(condition, list | tuple):
        return " / ".join(when_text(each) for each in condition)
    return "" if condition is None else str(condition)


def _words(value: Any) -> Words:
    if isinstance(value, Mapping):
        return Words(zh=str(value.get("zh", "")), en=str(value.get("en", "")))
    return Words(zh=str(value), en=str(value))


_KINDS: Final[tuple[Kind, ...]] = ("bins", "values", "step_deduction")
