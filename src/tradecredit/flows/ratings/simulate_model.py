"""Try a changed scorecard on the whole portfolio before anybody publishes it: who moves, from where to where, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.dossier.models import Customer
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError, UnableToError
from tradecredit.core.scoring import contributions, movements, rating, scorecard, scorecard_document
from tradecredit.flows.ratings import rating_facts, rating_policy
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.core.scoring.rating import GradeScale
    from tradecredit.core.scoring.scorecard import Scorecard
    from tradecredit.core.scoring.values import Value
    from tradecredit.flows.ratings.rating_policy import RatingPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_MOVERS_LISTED: Final = 1_000
_REASONS: Final = 3
Verdict = dict[str, Any]


class UnableToSimulateModelError(UnableToError):
    """The document is not a sound scorecard."""

    code = "model_unsound"
    status = 422


def simulate_model(
    *, company: Company, document: Mapping[str, Any], actor: Actor, as_of: date | None = None
) -> dict[str, Any]:
    """Return who would move under the model, as plain values; nothing is recorded.

    ``document`` holds ``scorecard`` and, where the scale changes too, ``grades``; what it leaves out is as in force.
    Raises UnableToSimulateModelError naming the place of a mistake, and UnableToFindPolicyError.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        policy = rating_policy.in_force(company_id=company.pk, as_of=day)
        draft = changed(policy, document)
        ids = list(Customer.objects.filter(company_ids__contains=[company.pk]).values_list("pk", flat=True))
        customers = dossier.customers_by_id(ids)
        facts = rating_facts.gather(
            company_id=company.pk, customers=customers, known=draft.attributes,
            currency=policy.limits.currency, as_of=day,
        )  # fmt: skip
    known = {customers[each].code: values for each, values in facts.items()}
    names = {each.code: each.name for each in customers.values()}
    before = verdicts(policy, known, day=day)
    after = verdicts(draft, known, day=day)
    moved = [code for code in sorted(known) if before[code]["grade"] != after[code]["grade"]]
    pairs = [(before[code]["grade"], after[code]["grade"]) for code in known]
    matrix = movements.migration(pairs, grades=draft.scale.grades)
    return {
        "as_of": day.isoformat(),
        "model": draft.scorecard.name,
        "customers": len(known),
        "moved": len(moved),
        "improved": matrix.improved,
        "worsened": matrix.worsened,
        "migration": {"grades": list(matrix.grades), "counts": [list(line) for line in matrix.counts]},
        "movers": [
            {"customer": code, "name": names[code]}
            | _mover(before[code], after[code], policy=policy, draft=draft, values=known[code], day=day)
            for code in moved[:_MOVERS_LISTED]
        ],
    }


def changed(policy: RatingPolicy, document: Mapping[str, Any]) -> RatingPolicy:
    """Return the policy with the model of the document; raises UnableToSimulateModelError naming a mistake."""
    try:
        section = document["scorecard"]
        known = scorecard_document.attributes_of(section)
        scale = rating.parse(document["grades"], known=known) if "grades" in document else policy.scale
        return replace(policy, attributes=known, scorecard=scorecard_document.parse(section), scale=scale)
    except PolicyError as error:
        raise UnableToSimulateModelError(
            Words(zh=f"模型有误：{error}", en=f"The model is not sound: {error}"), place=str(error)
        ) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise UnableToSimulateModelError(
            Words(zh="文件里没有评分卡（scorecard）。", en="The document holds no scorecard.")
        ) from error


def verdicts(
    policy: RatingPolicy, known: Mapping[str, Mapping[str, Value]], *, day: date
) -> dict[str, Verdict]:
    """Rate everybody through the compiled scorecard; one that does not compile is evaluated customer by customer."""
    # The columnar engine is large: a server that never simulates does not load it.
    from tradecredit.analytics.compiled.formulas import UnableToCompileError  # noqa: PLC0415

    if not known:
        return {}
    try:
        return _compiled(policy.scorecard, policy.scale, known, policy, day=day)
    except UnableToCompileError:
        return {code: _evaluated(policy, values, day=day) for code, values in known.items()}


def _compiled(
    card: Scorecard,
    scale: GradeScale,
    known: Mapping[str, Mapping[str, Value]],
    policy: RatingPolicy,
    *,
    day: date,
) -> dict[str, Verdict]:
    from tradecredit.analytics.compiled import (  # noqa: PLC0415 - as above
        customer_tables,
        engines,
        scorecards,
    )

    engine = engines.chosen()
    attributes = customer_tables.attributes_of(card, scale, known=policy.attributes)
    table = engine.loaded(customer_tables.table(known, attributes=attributes))
    chosen = scorecards.rated(card, scale, table, as_of=day).select(
        customer_tables.KEY, "score", "grade", "reasons"
    )
    return {row[customer_tables.KEY]: row for row in engine.answer(chosen)}


def _evaluated(policy: RatingPolicy, values: Mapping[str, Value], *, day: date) -> Verdict:
    result = scorecard.evaluate(policy.scorecard, values=values, as_of=day)
    grade = rating.suggest(policy.scale, result=result, values=values).grade
    return {
        "score": result.score,
        "grade": grade,
        "reasons": [part.indicator for part in result.weakest(count=_REASONS)],
    }


def _mover(
    before: Verdict,
    after: Verdict,
    *,
    policy: RatingPolicy,
    draft: RatingPolicy,
    values: Mapping[str, Value],
    day: date,
) -> dict[str, Any]:
    """Return one customer's move with the indicators whose contribution changed most."""
    moved = contributions.shifts(
        contributions.of_result(scorecard.evaluate(policy.scorecard, values=values, as_of=day)),
        contributions.of_result(scorecard.evaluate(draft.scorecard, values=values, as_of=day)),
        most=_REASONS,
    )
    return {
        "before": {"grade": before["grade"], "score": _text(before["score"])},
        "after": {"grade": after["grade"], "score": _text(after["score"])},
        "because": [
            {
                "indicator": each.indicator,
                "label": each.label.as_dict(),
                "from": None if each.before is None else _text(each.before.given),
                "to": None if each.after is None else _text(each.after.given),
                "words": each.words.as_dict(),
            }
            for each in moved
        ],
    }


def _text(number: Any) -> str | None:
    return None if number is None else f"{number:f}"
