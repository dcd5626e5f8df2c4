"""One customer's rating told: what changed last and why, what would lift the grade, and what people say beside it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.scoring import peers
from tradecredit.apps.decisions import policies
from tradecredit.apps.decisions.policies import UnableToFindPolicyError
from tradecredit.apps.scoring import queries
from tradecredit.core.scoring import attributes, contributions, counterfactual, overrides, recording
from tradecredit.core.scoring.values import Known
from tradecredit.flows.ratings import forecasts, group_rating, propose_grade, rating_policy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.scoring.queries import RatingRecord
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.scoring.contributions import Shift
    from tradecredit.core.scoring.counterfactual import Way
    from tradecredit.core.scoring.group_support import Supported
    from tradecredit.core.scoring.overrides import Override
    from tradecredit.flows.ratings.forecasts import Forecast
    from tradecredit.flows.ratings.rating_policy import RatingPolicy

_SHIFTS: Final = 5
_WAYS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One indicator beside the industry's average, with the percentage of the others that it beats."""

    label: Words
    own: Words
    mean: Words | None
    beats: Decimal | None
    others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The latest change with what is behind it, ways to a better grade, and the grade that people set or asked for."""

    words: Words
    shifts: tuple[Shift, ...]
    policy_number: int | None
    ways: tuple[Way, ...]
    system_grade: str
    grades: tuple[str, ...]
    override: Override | None
    asked: RequestRecord | None
    industry: str
    peers: tuple[Beside, ...]
    group: Supported | None
    forecast: Forecast | None
    forecast_words: tuple[Words, ...]


def tell(
    ratings: Sequence[RatingRecord], *, company_id: UUID, as_of: date, industry: str = "", code: str = ""
) -> Told | None:
    """Return what is to be told of a customer's ratings, newest first; None for one never rated.

    Ways are by the policy in force on the day, and on the values as they were recorded.
    """
    if not ratings:
        return None
    latest = ratings[0]
    before = next(iter(ratings[1:2]), None)
    customer_id = latest.customer_id
    version = policies.find(latest.policy_version_id)
    policy = _policy(company_id, as_of)
    forecast = None if policy is None else _forecast(latest, policy, company_id=company_id, as_of=as_of)
    set_by_people = queries.overrides(company_id=company_id, customer_ids=[customer_id])
    return Told(
        words=recording.change_of(latest.result),
        shifts=()
        if before is None
        else contributions.shifts(
            contributions.of_recorded(before.result), contributions.of_recorded(latest.result), most=_SHIFTS
        ),
        policy_number=None if version is None else version.number,
        ways=() if policy is None else _ways(latest, policy, as_of=as_of),
        system_grade=latest.suggested_grade,
        grades=() if policy is None else policy.scale.grades,
        override=overrides.final(
            system_grade=latest.suggested_grade, overrides=set_by_people.get(customer_id, ()), as_of=as_of
        ).override,
        asked=propose_grade.open_request(company_id=company_id, customer_id=customer_id),
        industry=industry,
        peers=()
        if policy is None
        else _peers(latest, policy, industry=industry, company_id=company_id, as_of=as_of),
        group=_group(latest, policy, code=code, company_id=company_id, as_of=as_of),
        forecast=forecast,
        forecast_words=_reasons(forecast, policy),
    )


def _group(
    latest: RatingRecord, policy: RatingPolicy | None, *, code: str, company_id: UUID, as_of: date
) -> Supported | None:
    if policy is None or not code:
        return None
    return group_rating.tell(latest, code=code, policy=policy, company_id=company_id, as_of=as_of)


def _reasons(forecast: Forecast | None, policy: RatingPolicy | None) -> tuple[Words, ...]:
    if forecast is None or policy is None:
        return ()
    return tuple(policy.attributes[name].label for name in forecast.reasons if name in policy.attributes)


def _peers(
    latest: RatingRecord, policy: RatingPolicy, *, industry: str, company_id: UUID, as_of: date
) -> tuple[Beside, ...]:
    values = recording.values_from(latest.inputs, known=policy.attributes)
    model = policy.scorecard.for_customer(values)
    asked = {each.attribute.name for dimension in model.dimensions for each in dimension.indicators}
    own = {
        policy.attributes[name]: value.value
        for name, value in values.items()
        if name in asked and isinstance(value, Known) and isinstance(value.value, Decimal)
    }
    found = peers.standings(
        company_id=company_id, customer_id=latest.customer_id, industry=industry, own=own, as_of=as_of
    )
    return tuple(
        Beside(
            label=each.attribute.label,
            own=attributes.shown(each.attribute, each.own),
            mean=None if each.mean is None else attributes.shown(each.attribute, each.mean),
            beats=each.beats,
            others=each.others,
        )
        for each in found
    )


def _forecast(
    latest: RatingRecord, policy: RatingPolicy, *, company_id: UUID, as_of: date
) -> Forecast | None:
    values = recording.values_from(latest.inputs, known=policy.attributes)
    return forecasts.tell(values, company_id=company_id, as_of=as_of)


def _policy(company_id: UUID, as_of: date) -> RatingPolicy | None:
    try:
        return rating_policy.in_force(company_id=company_id, as_of=as_of)
    except UnableToFindPolicyError:
        return None


def _ways(latest: RatingRecord, policy: RatingPolicy, *, as_of: date) -> tuple[Way, ...]:
    return counterfactual.ways(
        policy.scorecard,
        policy.scale,
        values=recording.values_from(latest.inputs, known=policy.attributes),
        as_of=as_of,
        most=_WAYS,
    )
