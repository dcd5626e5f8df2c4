"""Reading of the scorecard section of a policy pack."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, get_args

from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.scoring import conditions, default_probability, measures, ranges
from tradecredit.core.scoring.attributes import REGISTRY, Attribute, Direction, Unit
from tradecredit.core.scoring.indicator_lines import Dimension, Indicator, MissingPolicy, WeightSet
from tradecredit.core.scoring.scorecard import Scorecard

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from tradecredit.core.scoring.measures import Measure

_WHOLE = Decimal(100)
_MISSING: tuple[MissingPolicy, ...] = get_args(MissingPolicy)
_UNITS: tuple[Unit, ...] = get_args(Unit)
_DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
_TOP_KEYS = (
    "source",
    "reason",
    "name",
    "label",
    "digits",
    "missing",
    "attributes",
    "dimensions",
    "weight_sets",
    "model_decides",
    "own_models",
)
# What a model for some customers says itself; what it leaves out is the whole scorecard's.
_OWN_KEYS = ("when", "name", "label", "digits", "missing", "dimensions", "weight_sets", "model_decides")


def parse(section: Mapping[str, Any]) -> Scorecard:
    """Return the scorecard of the section; raises PolicyError naming the place of a wrong value."""
    node = Node(section, "scorecard").only(*_TOP_KEYS)
    known = attributes_of(section)
    found = _model(node, node, known=known)
    own = node.optional("own_models")
    models = tuple(
        (
            conditions.parse(each.only(*_OWN_KEYS).child("when"), known=frozenset(known)),
            _model(each, node, known=known),
        )
        for each in (own.items() if own else ())
    )
    if own is not None:
        _check_distinct(own, [found.name, *(model.name for _, model in models)])
    return replace(found, own_models=models)


def own_section(section: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the part of a scorecard's section that is the model of a name: one for some customers, else the section."""
    own = section.get("own_models") or ()
    return next((each for each in own if str(each.get("name")) == name), section)


def alone(section: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the model of a name as a section by itself, with what it leaves out from the whole."""
    own = own_section(section, name)
    if own is section:
        return {key: value for key, value in section.items() if key != "own_models"}
    shared = {
        key: section[key] for key in ("source", "reason", "digits", "missing", "attributes") if key in section
    }
    return {**shared, **{key: value for key, value in own.items() if key != "when"}}


def _model(node: Node, whole: Node, *, known: Mapping[str, Attribute]) -> Scorecard:
    """Read one model; digits and what to do about missing data are the whole scorecard's where it does not say them."""
    default = _missing_policy((node if node.has("missing") else whole).child("missing"))
    dimensions = tuple(
        _dimension(each, known=known, default=default) for each in node.child("dimensions").items()
    )
    _check_whole(node.child("dimensions"), (each.weight for each in dimensions))
    _check_distinct(node.child("dimensions"), [each.name for each in dimensions])
    _check_distinct(node.child("dimensions"), [line.name for each in dimensions for line in each.indicators])
    sets, decides = node.optional("weight_sets"), node.optional("model_decides")
    if decides is None or not decides.flag():
        _check_second_opinion(node.child("dimensions"), dimensions)
    return Scorecard(
        name=node.child("name").text(),
        label=node.child("label").words(),
        dimensions=dimensions,
        weight_sets=tuple(
            _weight_set(each, dimensions=dimensions, known=known) for each in (sets.items() if sets else ())
        ),
        digits=(node if node.has("digits") else whole).child("digits").count(),
    )


def attributes_of(section: Mapping[str, Any]) -> dict[str, Attribute]:
    """Return the ready-made attributes and those that the section itself declares; a formula asks those before it."""
    declared = Node(section, "scorecard").optional("attributes")
    known = dict(REGISTRY)
    for name, node in declared.entries() if declared else ():
        known[name] = _attribute(name, node, known=known)
    return known


def _attribute(name: str, node: Node, *, known: Mapping[str, Attribute]) -> Attribute:
    node.only("label", "unit", "direction", "formula")
    if name in REGISTRY:
        raise node.error(f"{name!r} is a ready-made attribute and cannot be declared again")
    unit = next(each for each in _UNITS if each == node.child("unit").one_of(*_UNITS))
    direction = next(each for each in _DIRECTIONS if each == node.child("direction").one_of(*_DIRECTIONS))
    label, formula = node.child("label").words(), node.optional("formula")
    if formula is None:
        return Attribute(name, label, unit, direction, "fact")
    asks = conditions.used_names(formula, known=frozenset(known))
    return Attribute(name, label, unit, direction, "formula", formula.text(), asks)


def _dimension(node: Node, *, known: Mapping[str, Attribute], default: MissingPolicy) -> Dimension:
    node.only("name", "label", "weight", "indicators")
    indicators = tuple(
        _indicator(each, known=known, default=default) for each in node.child("indicators").items()
    )
    _check_whole(node.child("indicators"), (each.weight for each in indicators))
    return Dimension(
        name=node.child("name").text(),
        label=node.child("label").words(),
        weight=node.child("weight").number(least="0", most="100"),
        indicators=indicators,
    )


def _indicator(node: Node, *, known: Mapping[str, Attribute], default: MissingPolicy) -> Indicator:
    node.only("attribute", "name", "label", "weight", "missing", "neutral", "fresh_for_days", "points")
    name = node.child("attribute").text()
    if name not in known:
        raise node.child("attribute").error(f"there is no attribute {name!r}")
    attribute = known[name]
    own_name, label, missing = node.optional("name"), node.optional("label"), node.optional("missing")
    fresh, neutral = node.optional("fresh_for_days"), node.optional("neutral")
    policy = _missing_policy(missing) if missing else default
    if policy == "neutral" and neutral is None:
        raise node.error("missing: neutral needs the points in 'neutral'")
    return Indicator(
        name=own_name.text() if own_name else name,
        attribute=attribute,
        label=label.words() if label else attribute.label,
        weight=node.child("weight").number(least="0", most="100"),
        measure=_measure(node.child("points"), attribute=attribute),
        missing=policy,
        neutral=neutral.number(least="0", most="100") if neutral else Decimal(0),
        fresh_for_days=fresh.count(least=1) if fresh else None,
    )


def _missing_policy(node: Node) -> MissingPolicy:
    word = node.one_of(*_MISSING)
    return next(each for each in _MISSING if each == word)


def _measure(node: Node, *, attribute: Attribute) -> Measure:
    if node.has("bins"):
        return _bins(node.only("bins").child("bins"), attribute=attribute)
    if node.has("step_deduction"):
        return _step_deduction(node.only("step_deduction").child("step_deduction"), attribute=attribute)
    node.only("values", "otherwise")
    otherwise = node.optional("otherwise")
    return measures.ValueMap(
        tuple((name, each.number(least="0", most="100")) for name, each in node.child("values").entries()),
        otherwise.number(least="0", most="100") if otherwise else None,
    )


def _bins(node: Node, *, attribute: Attribute) -> measures.Bins:
    _check_is_number(node, attribute)
    bins = []
    for each in node.items():
        each.only("above", "from", "below", "up_to", "points", "label")
        label = each.optional("label")
        points = each.child("points").number(least="0", most="100")
        bins.append(measures.Bin(ranges.parse(each), points, label.words() if label else None))
    findings = ranges.gaps_and_overlaps([each.within for each in bins])
    if findings:
        raise node.error("; ".join(findings))
    return measures.Bins(tuple(bins))


def _step_deduction(node: Node, *, attribute: Attribute) -> measures.StepDeduction:
    _check_is_number(node, attribute)
    node.only("line", "step", "points", "mode", "unit", "beyond")
    step = node.child("step").number()
    line = node.child("line").number()
    unit = node.child("unit").one_of("pp", "relative")
    if step <= 0:
        raise node.child("step").error("a step is greater than 0")
    if unit == "relative" and line == 0:
        raise node.child("line").error("a relative step needs a line other than 0")
    return measures.StepDeduction(
        line=line,
        step=step,
        points=node.child("points").number(least="0", most="100"),
        mode="floor" if node.child("mode").one_of("floor", "linear") == "floor" else "linear",
        unit="pp" if unit == "pp" else "relative",
        beyond="above" if node.child("beyond").one_of("above", "below") == "above" else "below",
    )


def _weight_set(
    node: Node, *, dimensions: tuple[Dimension, ...], known: Mapping[str, Attribute]
) -> WeightSet:
    node.only("name", "label", "when", "weights")
    given = {name: each.number(least="0", most="100") for name, each in node.child("weights").entries()}
    if set(given) != {each.name for each in dimensions}:
        raise node.child("weights").error("every dimension needs its weight here, and no other name")
    _check_whole(node.child("weights"), given.values())
    return WeightSet(
        name=node.child("name").text(),
        label=node.child("label").words(),
        when=conditions.parse(node.child("when"), known=frozenset(known)),
        weights=given,
    )


def _check_is_number(node: Node, attribute: Attribute) -> None:
    if attribute.unit in {"text", "flag"}:
        raise node.error(f"{attribute.name} is not a number: give its points with 'values'")


def _check_second_opinion(node: Node, dimensions: tuple[Dimension, ...]) -> None:
    """Refuse a score that a learned model alone decides: one that weighs more than all the rest together."""
    weight = sum(
        (
            each.weight * line.weight
            for each in dimensions
            for line in each.indicators
            if default_probability.NAME in {line.attribute.name, *line.attribute.asks}
        ),
        Decimal(0),
    )
    if weight * 2 > _WHOLE * _WHOLE:
        raise node.error(
            "a learned model would weigh more than all the rest: lower its weight, or say model_decides: yes"
        )


def _check_whole(node: Node, weights: Iterable[Decimal]) -> None:
    whole = sum(weights, Decimal(0))
    if whole != _WHOLE:
        raise node.error(f"the weights sum to {whole} %, not to 100 %")


def _check_distinct(node: Node, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise node.error(f"used twice: {', '.join(twice)}; give each its own 'name'")
