"""Score test customers under the model in force and under a changed one, side by side; nothing is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.scoring import near_cut_offs
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.scoring import contributions, rating, scorecard
from tradecredit.flows.ratings import rating_facts, rating_policy, simulate_model
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from tradecredit.core.scoring.contributions import Shift
    from tradecredit.core.scoring.scorecard import ScoreResult
    from tradecredit.core.scoring.values import Value
    from tradecredit.flows.ratings.rating_policy import RatingPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_TESTED: Final = 6
_REASONS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One customer under both models, with the indicators that make the difference."""

    code: str
    name: str
    old_grade: str
    old_score: Decimal | None
    new_grade: str
    new_score: Decimal | None
    shifts: tuple[Shift, ...]

    @property
    def is_moved(self) -> bool:
        """Tell whether the grade is another one."""
        return self.old_grade != self.new_grade


def try_model(
    *,
    company: Company,
    document: Mapping[str, Any],
    actor: Actor,
    codes: Sequence[str] = (),
    as_of: date | None = None,
) -> tuple[Tried, ...]:
    """Return the customers named, or those nearest to a cut-off, under the model in force and the document's.

    Raises UnableToSimulateModelError naming the place of a mistake, and UnableToFindPolicyError.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        policy = rating_policy.in_force(company_id=company.pk, as_of=day)
        draft = simulate_model.changed(policy, document)
        chosen = codes or _near_cut_offs(company, policy, day)
        found = dossier.customers_by_code(chosen)
        customers = {each.id: each for each in found.values() if company.pk in each.company_ids}
        facts = rating_facts.gather(
            company_id=company.pk,
            customers=customers,
            known=draft.attributes,
            currency=policy.limits.currency,
            as_of=day,
        )
    by_code = {each.code: each for each in customers.values()}
    return tuple(
        _tried(
            by_code[code].code,
            by_code[code].name,
            facts[by_code[code].id],
            policy=policy,
            draft=draft,
            day=day,
        )
        for code in chosen
        if code in by_code
    )


def _near_cut_offs(company: Company, policy: RatingPolicy, day: date) -> tuple[str, ...]:
    cut_offs = [band.least_score for band in policy.scale.bands]
    return near_cut_offs.codes(company_id=company.pk, as_of=day, cut_offs=cut_offs, most=_TESTED)


def _tried(
    code: str, name: str, values: Mapping[str, Value], *, policy: RatingPolicy, draft: RatingPolicy, day: date
) -> Tried:
    before, old_grade = _rated(policy, values, day=day)
    after, new_grade = _rated(draft, values, day=day)
    return Tried(
        code=code,
        name=name,
        old_grade=old_grade,
        old_score=before.score,
        new_grade=new_grade,
        new_score=after.score,
        shifts=contributions.shifts(
            contributions.of_result(before), contributions.of_result(after), most=_REASONS
        ),
    )


def _rated(policy: RatingPolicy, values: Mapping[str, Value], *, day: date) -> tuple[ScoreResult, str]:
    result = scorecard.evaluate(policy.scorecard, values=values, as_of=day)
    return result, rating.suggest(policy.scale, result=result, values=values).grade
