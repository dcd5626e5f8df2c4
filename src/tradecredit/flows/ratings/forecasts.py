"""What the champion among the learned models forecasts for customers, as one more attribute of theirs.

A model that was learned from figures which our customers do not have says nothing of them: the attribute is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.scoring import models_kept
from tradecredit.core.scoring import default_probability, scorecard, scorecard_document
from tradecredit.core.scoring.default_probability import ScoreLine
from tradecredit.core.scoring.values import Known, Missing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.scoring.models_kept import StoredModel
    from tradecredit.core.scoring.scorecard import Scorecard
    from tradecredit.core.scoring.values import Plain, Value

_KINDS: Final = ("scorecard", "boosted")
_REASONS: Final = 3
# A stored model never changes, so what was read from it may be kept.
_read: dict[UUID, tuple[Scorecard, ScoreLine]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """One customer's probability of default by the champion, and the attributes that weigh most against it."""

    model: str
    number: int
    definition: str
    probability: Decimal
    reasons: tuple[str, ...]


def added(known: Mapping[UUID, Mapping[str, Value]], *, company_id: UUID, as_of: date) -> dict[UUID, Value]:
    """Return what the champion of the day forecasts for each customer; nothing where there is no champion."""
    champion = models_kept.champion(company_id=company_id, kinds=_KINDS, as_of=as_of)
    if champion is None or not known:
        return {}
    found = _probabilities(champion, known, as_of=as_of)
    source = f"model {champion.name}:{champion.number}"
    return {
        customer_id: Missing(cause="not_computable")
        if probability is None
        else Known(value=probability, source=source, known_on=as_of)
        for customer_id, probability in found.items()
    }


def tell(values: Mapping[str, Value], *, company_id: UUID, as_of: date) -> Forecast | None:
    """Return the champion's forecast on these values with its reasons; None where it says nothing of them."""
    champion = models_kept.champion(company_id=company_id, kinds=_KINDS, as_of=as_of)
    if champion is None:
        return None
    probability = _probabilities(champion, {champion.id: values}, as_of=as_of)[champion.id]
    if probability is None:
        return None
    return Forecast(
        model=champion.name,
        number=champion.number,
        definition=champion.document["target"]["definition"],
        probability=probability,
        reasons=_reasons(champion, values, as_of=as_of),
    )


def _probabilities(
    champion: StoredModel, known: Mapping[UUID, Mapping[str, Value]], *, as_of: date
) -> dict[UUID, Decimal | None]:
    if champion.kind == "boosted":
        return _of_trees(champion.document, known)
    if "score_line" not in champion.document["model"]:
        return dict.fromkeys(known)
    card, line = _scorecard(champion)
    found: dict[UUID, Decimal | None] = {}
    for customer_id, values in known.items():
        result = scorecard.evaluate(card, values=values, as_of=as_of)
        says = result.score is not None and result.completeness > 0
        found[customer_id] = (
            default_probability.of_score(result.score, line=line)
            if says and result.score is not None
            else None
        )
    return found


def _of_trees(
    document: Mapping[str, Any], known: Mapping[UUID, Mapping[str, Value]]
) -> dict[UUID, Decimal | None]:
    # Trees need the numeric library, which a server without a boosted champion does not load.
    from tradecredit.analytics.learning import forecasting  # noqa: PLC0415

    features = set(document["model"]["features"])
    rows = {customer_id: _plain(values, features) for customer_id, values in known.items()}
    asked = [customer_id for customer_id, row in rows.items() if row]
    rates = forecasting.rates(
        document, [rows[each] for each in asked], digits=default_probability.DIGITS
    ) if asked else []  # fmt: skip
    return dict.fromkeys(known) | dict(zip(asked, rates, strict=True))


def _reasons(champion: StoredModel, values: Mapping[str, Value], *, as_of: date) -> tuple[str, ...]:
    if champion.kind == "boosted":
        from tradecredit.analytics.learning import forecasting  # noqa: PLC0415 - as above

        row = _plain(values, set(champion.document["model"]["features"]))
        return tuple(forecasting.reasons(champion.document, row))
    card, _ = _scorecard(champion)
    result = scorecard.evaluate(card, values=values, as_of=as_of)
    return tuple(part.attribute for part in result.weakest(count=_REASONS) if not part.is_missing)


def _plain(values: Mapping[str, Value], names: set[str]) -> dict[str, Plain]:
    return {name: value.value for name, value in values.items() if name in names and isinstance(value, Known)}


def _scorecard(champion: StoredModel) -> tuple[Scorecard, ScoreLine]:
    found = _read.get(champion.id)
    if found is None:
        model, outer = champion.document["model"], champion.document["calibration"]
        inner = model["score_line"]
        slope = Decimal(outer["slope"])
        line = ScoreLine(
            intercept=Decimal(outer["intercept"]) + slope * Decimal(inner["intercept"]),
            slope=slope * Decimal(inner["slope"]),
        )
        found = _read[champion.id] = (scorecard_document.parse(model["scorecard"]), line)
    return found
