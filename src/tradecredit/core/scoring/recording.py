"""A rating as it is recorded and read back: plain values, decimals as text, sentences in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import attributes, conditions
from tradecredit.core.scoring.rating import Snapshot
from tradecredit.core.scoring.values import Known, Missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.core.scoring.attributes import Attribute
    from tradecredit.core.scoring.rating import Change, Suggestion
    from tradecredit.core.scoring.scorecard import Part, Scorecard, ScoreResult
    from tradecredit.core.scoring.values import Value

_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """Everything that one rating of one customer says."""

    result: ScoreResult
    suggestion: Suggestion
    grade: str
    change: Change

    @property
    def snapshot(self) -> Snapshot:
        """Return what later ratings are compared with."""
        return snapshot_of(self.result, grade=self.grade)


def snapshot_of(result: ScoreResult, *, grade: str) -> Snapshot:
    """Return grade, score and points by indicator."""
    points = {part.indicator: part.points for part in result.parts}
    return Snapshot(grade=grade, score=result.score, points=points)


def as_dict(rated: Rated, *, scorecard: Scorecard) -> dict[str, Any]:
    """Return the whole rating for recording: score, interval, parts, reasons, marks and what changed."""
    scorecard = scorecard.named(rated.result.model)
    result, suggestion, gap = rated.result, rated.suggestion, rated.result.most_worth_getting
    return {
        "model": scorecard.name,
        "model_label": scorecard.label.as_dict(),
        "weight_set": result.weight_set,
        "score": _number(result.score),
        "low": _number(result.low),
        "high": _number(result.high),
        "completeness": _number(result.completeness),
        "blocked_by": list(result.blocked_by),
        "band_grade": suggestion.band_grade,
        "suggested_grade": suggestion.grade,
        "grade": rated.grade,
        "marks": list(suggestion.marks),
        "fired": list(suggestion.fired),
        "reasons": [words.as_dict() for words in suggestion.reasons],
        "weakest": [part.indicator for part in result.weakest(count=_REASONS)],
        "most_worth_getting": None if gap is None else gap.indicator,
        "dimensions": _dimensions(result, scorecard),
        "parts": [_part(part) for part in result.parts],
        "change": {
            "direction": rated.change.direction,
            "moved": list(rated.change.moved),
            "words": rated.change.words.as_dict(),
        },
    }


def snapshot_from(recorded: Mapping[str, Any]) -> Snapshot:
    """Read the snapshot back from a recorded rating."""
    return Snapshot(
        grade=recorded["grade"],
        score=_decimal(recorded["score"]),
        points={part["indicator"]: _decimal(part["points"]) for part in recorded["parts"]},
    )


def change_of(recorded: Mapping[str, Any]) -> Words:
    """Return the sentence of a recorded rating about what changed."""
    words = recorded["change"]["words"]
    return Words(zh=words["zh"], en=words["en"])


def values_as_dict(values: Mapping[str, Value]) -> dict[str, Any]:
    """Return the attribute values for recording, with their source and day."""
    return {name: _value(value) for name, value in sorted(values.items())}


def values_from(inputs: Mapping[str, Any], *, known: Mapping[str, Attribute]) -> dict[str, Value]:
    """Read recorded attribute values back; what nobody knows any more is left out."""
    return {name: _value_from(known[name], each) for name, each in inputs.items() if name in known}


def _value_from(attribute: Attribute, recorded: Mapping[str, Any]) -> Value:
    if "missing" in recorded:
        return Missing(cause=recorded["missing"])
    day = recorded["known_on"]
    return attributes.read(
        attribute,
        recorded["value"],
        source=recorded["source"],
        known_on=None if day is None else date.fromisoformat(day),
    )


def _dimensions(result: ScoreResult, scorecard: Scorecard) -> Sequence[dict[str, Any]]:
    return [
        {
            "dimension": dimension.name,
            "label": dimension.label.as_dict(),
            "weight": _number(sum((part.weight for part in parts), Decimal(0))),
            "contribution": _number(sum((part.contribution for part in parts), Decimal(0))),
        }
        for dimension in scorecard.dimensions
        if (parts := [part for part in result.parts if part.dimension == dimension.name])
    ]


def _part(part: Part) -> dict[str, Any]:
    return {
        "indicator": part.indicator,
        "dimension": part.dimension,
        "attribute": part.attribute,
        "label": part.label.as_dict(),
        "value": _value(part.value),
        "points": _number(part.points),
        "weight": _number(part.weight),
        "used_weight": _number(part.used_weight),
        "contribution": _number(part.contribution),
        "sentence": part.sentence.as_dict(),
    }


def _value(value: Value) -> dict[str, Any]:
    match value:
        case Known():
            day = None if value.known_on is None else value.known_on.isoformat()
            return {"value": conditions.as_text(value.value), "source": value.source, "known_on": day}
        case Missing():
            return {"missing": value.cause}


def _number(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
