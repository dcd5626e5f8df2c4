"""The registry of indicators in force: what each is, where the model uses it, how customers and industries stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.scoring import industries, peers, review_rules
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.scoring import queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.core.scoring import attributes, recording
from tradecredit.core.scoring.values import Known
from tradecredit.flows.ratings import rating_policy
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.analytics.scoring.industries import Industry, Spread
    from tradecredit.analytics.scoring.peers import Standing
    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.core.scoring.attributes import Attribute
    from tradecredit.core.scoring.indicator_lines import MissingPolicy
    from tradecredit.flows.ratings.rating_policy import RatingPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_NUMBERS: Final = frozenset({"ratio", "times", "count", "days", "years", "money", "points"})


class UnableToShowIndicatorsError(UnableToError):
    """There is no such customer or industry to compare with."""

    code = "indicators_unknown"
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Where the model in force asks for an indicator: dimension, weight in the whole in percent, freshness in days."""

    dimension: Words
    weight: Decimal
    fresh_for_days: int | None
    missing: MissingPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One indicator: what it is, where it counts, its spread over all customers, and a customer's standing in it."""

    attribute: Attribute
    uses: tuple[Use, ...]
    spread: Spread | None
    mean: Words | None
    own: Words | None = None
    standing: Standing | None = None
    industry_mean: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """Every indicator, and the customer that it was asked for."""

    as_of: date
    lines: tuple[Line, ...]
    customer: CustomerRecord | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One industry with the spread of its indicators beside that of all customers (as people write them)."""

    industry: Industry
    lines: tuple[ProfileLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileLine:
    """An indicator's figures in the industry, and the mean of everybody."""

    attribute: Attribute
    customers: int
    mean: Words
    low: Words
    middle: Words
    high: Words
    everybody: Words | None


def registry(
    *, company: Company, actor: Actor, customer_code: str = "", as_of: date | None = None
) -> Registry:
    """Return every indicator of the policy in force, those that the model weighs first.

    Raises UnableToShowIndicatorsError for an unknown customer, UnableToFindPolicyError.
    """
    day = as_of or clock.today(company)
    with scope.entered(actor):
        policy = rating_policy.in_force(company_id=company.pk, as_of=day)
        uses = _uses(policy)
        found = {
            each.name: each
            for each in industries.spreads(company_id=company.pk, names=_numbers(policy), as_of=day)
        }
        customer = _customer(customer_code) if customer_code else None
        values, standings = _own(company, customer, policy, as_of=day)
    order = sorted(policy.attributes.values(), key=lambda each: each.name not in uses)
    return Registry(
        as_of=day,
        customer=customer,
        lines=tuple(
            _line(each, uses.get(each.name, ()), found.get(each.name), values, standings) for each in order
        ),
    )


def industries_of(*, company: Company, actor: Actor, as_of: date | None = None) -> tuple[Industry, ...]:
    """Return the industries of the company's rated customers, the largest first; raises UnableToFindPolicyError."""
    day = as_of or clock.today(company)
    with scope.entered(actor):
        review = review_rules.in_force(company_id=company.pk, as_of=day)
        return industries.listed(
            company_id=company.pk,
            as_of=day,
            rules=review.rules,
            horizon=timedelta(days=review.rules.horizon_days),
            grades=review.grades,
        )


def profile(*, company: Company, actor: Actor, name: str, as_of: date | None = None) -> Profile:
    """Return one industry's profile; raises UnableToShowIndicatorsError, UnableToFindPolicyError."""
    day = as_of or clock.today(company)
    industry = next(
        (each for each in industries_of(company=company, actor=actor, as_of=day) if each.name == name), None
    )
    if industry is None:
        raise UnableToShowIndicatorsError(
            Words(
                zh="没有行业“{name}”的已评级客户。", en="No rated customer is in the industry {name}."
            ).filled(name=name)
        )
    with scope.entered(actor):
        policy = rating_policy.in_force(company_id=company.pk, as_of=day)
        names = _numbers(policy)
        everybody = {
            each.name: each for each in industries.spreads(company_id=company.pk, names=names, as_of=day)
        }
        own = industries.spreads(company_id=company.pk, names=names, as_of=day, by_industry=True)
    uses = _uses(policy)
    lines = [
        _profile_line(policy.attributes[each.name], each, everybody.get(each.name))
        for each in own
        if each.industry == name
    ]
    return Profile(
        industry=industry,
        lines=tuple(sorted(lines, key=lambda each: each.attribute.name not in uses)),
    )


def _numbers(policy: RatingPolicy) -> list[str]:
    return [each.name for each in policy.attributes.values() if each.unit in _NUMBERS]


def _uses(policy: RatingPolicy) -> dict[str, tuple[Use, ...]]:
    found: dict[str, tuple[Use, ...]] = {}
    for dimension in (each for model in policy.scorecard.every for each in model.dimensions):
        for each in dimension.indicators:
            use = Use(
                dimension=dimension.label,
                weight=dimension.weight * each.weight / 100,
                fresh_for_days=each.fresh_for_days,
                missing=each.missing,
            )
            found[each.attribute.name] = (*found.get(each.attribute.name, ()), use)
    return found


def _customer(code: str) -> CustomerRecord:
    customer = dossier.customer_by_code(code)
    if customer is None:
        raise UnableToShowIndicatorsError(
            Words(zh="没有客户 {code}。", en="There is no customer {code}.").filled(code=code)
        )
    return customer


def _own(
    company: Company, customer: CustomerRecord | None, policy: RatingPolicy, *, as_of: date
) -> tuple[Mapping[str, Known], Mapping[str, Standing]]:
    if customer is None:
        return {}, {}
    latest = queries.latest(company_id=company.pk, customer_ids=[customer.id], as_of=as_of).get(customer.id)
    if latest is None:
        return {}, {}
    read = recording.values_from(latest.inputs, known=policy.attributes)
    values = {name: value for name, value in read.items() if isinstance(value, Known)}
    numbers = {
        policy.attributes[name]: value.value
        for name, value in values.items()
        if isinstance(value.value, Decimal)
    }
    found = peers.standings(
        company_id=company.pk,
        customer_id=customer.id,
        industry=customer.industry,
        own=numbers,
        as_of=as_of,
    )
    return values, {each.attribute.name: each for each in found}


def _line(
    attribute: Attribute,
    uses: tuple[Use, ...],
    spread: Spread | None,
    values: Mapping[str, Known],
    standings: Mapping[str, Standing],
) -> Line:
    own, standing = values.get(attribute.name), standings.get(attribute.name)
    mean = None if standing is None else standing.mean
    return Line(
        attribute=attribute,
        uses=uses,
        spread=spread,
        mean=None if spread is None else attributes.shown(attribute, spread.mean),
        own=None if own is None else attributes.shown(attribute, own.value),
        standing=standing,
        industry_mean=None if mean is None else attributes.shown(attribute, mean),
    )


def _profile_line(attribute: Attribute, own: Spread, everybody: Spread | None) -> ProfileLine:
    return ProfileLine(
        attribute=attribute,
        customers=own.customers,
        mean=attributes.shown(attribute, own.mean),
        low=attributes.shown(attribute, own.low),
        middle=attributes.shown(attribute, own.middle),
        high=attributes.shown(attribute, own.high),
        everybody=None if everybody is None else attributes.shown(attribute, everybody.mean),
    )
