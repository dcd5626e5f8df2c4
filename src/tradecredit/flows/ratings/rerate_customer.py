"""Rate customers again: gather what is known, score and grade it, record what changed and tell the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.analytics.dossier import verified
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.scoring import locks, operations, queries
from tradecredit.apps.scoring.operations import NewRating
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import causes, overrides, rating, recording, scorecard
from tradecredit.core.scoring.recording import Rated
from tradecredit.flows.ratings import rating_facts, rating_policy, suggest_moves
from tradecredit.flows.ratings.suggest_moves import Looked
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.apps.scoring.queries import RatingRecord
    from tradecredit.core.scoring.overrides import Override
    from tradecredit.core.scoring.values import Value
    from tradecredit.flows.ratings.rating_policy import RatingPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

HIGH_RISK = "high_risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingChange:
    """A rating that was recorded because something in it is new."""

    customer_id: UUID
    rating_id: UUID
    old_grade: str
    new_grade: str
    old_score: Decimal | None
    new_score: Decimal | None
    is_high_risk: bool
    is_grade_change: bool
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerating:
    """How many customers were rated, and what changed."""

    rated: int
    changes: tuple[RatingChange, ...]
    # New customers of whom the register has not been asked yet, nor was it waived: they are not rated.
    unverified: int = 0

    @property
    def unchanged(self) -> int:
        """Return how many came out as before, and so were not recorded again."""
        return self.rated - len(self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A rating as it would be; ``recorded`` is the whole of it, as ratings are recorded."""

    customer_code: str
    customer_name: str
    is_high_risk: bool
    is_new: bool
    recorded: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    customer_id: UUID
    rated: Rated
    is_high_risk: bool
    before: RatingRecord | None
    values: Mapping[str, Value]

    @property
    def is_new(self) -> bool:
        return self.rated.change.is_change or self.is_mark_change

    @property
    def is_mark_change(self) -> bool:
        return self.before is not None and self.before.is_high_risk is not self.is_high_risk

    @property
    def is_grade_change(self) -> bool:
        return self.rated.change.direction != "same" or self.is_mark_change


def rerate_customers(
    *, company: Company, customer_ids: Iterable[UUID], cause: str, actor: Actor, as_of: date | None = None
) -> Rerating:
    """Rate the customers as of the day; a rating is recorded only where score, grade, mark or a part is new.

    A new customer of whom the register was not asked is left out (``unverified``). Raises UnableToFindPolicyError where no
    policy is in force on the day.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        customers = dossier.customers_by_id(customer_ids)
        waiting = verified.lacking(customers=customers, company_id=company.pk, as_of=day)
        customers = {one: customer for one, customer in customers.items() if one not in waiting}
        locks.lock_customers(company_id=company.pk, customer_ids=customers)
        policy = rating_policy.in_force(company_id=company.pk, as_of=day)

        outcomes = _outcomes(company, customers=customers, policy=policy, day=day)

        changed = [outcome for outcome in outcomes if outcome.is_new]
        changes = _record(changed, company=company, policy=policy, cause=cause, actor=actor, day=day)
        looked = [
            Looked(customer=customers[each.customer_id], values=each.values, grade=each.rated.grade)
            for each in outcomes
        ]
        suggest_moves.suggest(company_id=company.pk, policy=policy, looked=looked, as_of=day)
    return Rerating(rated=len(outcomes), changes=changes, unverified=len(waiting))


def assess_customers(
    *, company: Company, customer_ids: Iterable[UUID], actor: Actor, as_of: date | None = None
) -> tuple[Assessment, ...]:
    """Return what each customer's rating would be on the day, by customer code; nothing is recorded.

    Raises UnableToFindPolicyError where no policy is in force on the day.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        customers = dossier.customers_by_id(customer_ids)
        policy = rating_policy.in_force(company_id=company.pk, as_of=day)
        outcomes = _outcomes(company, customers=customers, policy=policy, day=day)
    found = [
        Assessment(
            customer_code=customers[outcome.customer_id].code,
            customer_name=customers[outcome.customer_id].name,
            is_high_risk=outcome.is_high_risk,
            is_new=outcome.is_new,
            recorded=recording.as_dict(outcome.rated, scorecard=policy.scorecard),
        )
        for outcome in outcomes
    ]
    return tuple(sorted(found, key=lambda each: each.customer_code))


def _outcomes(
    company: Company, *, customers: Mapping[UUID, CustomerRecord], policy: RatingPolicy, day: date
) -> list[_Outcome]:
    known = rating_facts.gather(
        company_id=company.pk,
        customers=customers,
        known=policy.attributes,
        currency=policy.limits.currency,
        as_of=day,
    )
    before = queries.latest(company_id=company.pk, customer_ids=customers, as_of=day)
    set_by_people = queries.overrides(company_id=company.pk, customer_ids=customers)
    return [
        _rate(
            customer_id,
            values=values,
            policy=policy,
            before=before.get(customer_id),
            set_by_people=set_by_people.get(customer_id, ()),
            day=day,
        )
        for customer_id, values in known.items()
    ]


def _rate(
    customer_id: UUID,
    *,
    values: Mapping[str, Value],
    policy: RatingPolicy,
    before: RatingRecord | None,
    set_by_people: Sequence[Override],
    day: date,
) -> _Outcome:
    result = scorecard.evaluate(policy.scorecard, values=values, as_of=day)
    suggestion = rating.suggest(policy.scale, result=result, values=values)
    final = overrides.final(system_grade=suggestion.grade, overrides=set_by_people, as_of=day)
    change = rating.compare(
        policy.scale,
        old=None if before is None else recording.snapshot_from(before.result),
        new=recording.snapshot_of(result, grade=final.grade),
    )
    return _Outcome(
        customer_id=customer_id,
        rated=Rated(result=result, suggestion=suggestion, grade=final.grade, change=change),
        is_high_risk=HIGH_RISK in suggestion.marks,
        before=before,
        values=values,
    )


def _record(
    outcomes: Sequence[_Outcome],
    *,
    company: Company,
    policy: RatingPolicy,
    cause: str,
    actor: Actor,
    day: date,
) -> tuple[RatingChange, ...]:
    ids = operations.record_ratings(
        company_id=company.pk,
        as_of=day,
        policy_version_id=policy.version_id,
        recorded_by=actor.name,
        ratings=[_new_rating(outcome, policy=policy, cause=cause) for outcome in outcomes],
    )
    changes = tuple(
        _change(outcome, rating_id=rating_id) for outcome, rating_id in zip(outcomes, ids, strict=True)
    )
    _tell(changes, company=company, cause=cause, actor=actor)
    return changes


def _new_rating(outcome: _Outcome, *, policy: RatingPolicy, cause: str) -> NewRating:
    rated, before = outcome.rated, outcome.before
    return NewRating(
        customer_id=outcome.customer_id,
        result=rated.result,
        suggested_grade=rated.suggestion.grade,
        grade=rated.grade,
        is_high_risk=outcome.is_high_risk,
        old_grade="" if before is None else before.grade,
        old_score=None if before is None else before.score,
        cause=cause,
        recorded=recording.as_dict(rated, scorecard=policy.scorecard),
        inputs=recording.values_as_dict(outcome.values),
    )


def _change(outcome: _Outcome, *, rating_id: UUID) -> RatingChange:
    before = outcome.before
    return RatingChange(
        customer_id=outcome.customer_id,
        rating_id=rating_id,
        old_grade="" if before is None else before.grade,
        new_grade=outcome.rated.grade,
        old_score=None if before is None else before.score,
        new_score=outcome.rated.result.score,
        is_high_risk=outcome.is_high_risk,
        is_grade_change=outcome.is_grade_change,
        words=outcome.rated.change.words,
    )


def _tell(changes: Sequence[RatingChange], *, company: Company, cause: str, actor: Actor) -> None:
    """Put changes of grade or mark on the customer's timeline and into the outbox."""
    told = [change for change in changes if change.is_grade_change]
    why = causes.words_of(cause)
    payloads = [
        (
            change.customer_id,
            {
                "customer_id": change.customer_id,
                "rating_id": change.rating_id,
                "old_grade": change.old_grade,
                "new_grade": change.new_grade,
                "is_high_risk": change.is_high_risk,
                "cause": cause,
            },
        )
        for change in told
    ]
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{change.customer_id}",
                kind="rating.changed",
                words=Words(
                    zh=f"{change.words.zh}（原因：{why.zh}）", en=f"{change.words.en} (cause: {why.en})"
                ),
                payload=payload,
            )
            for change, (_, payload) in zip(told, payloads, strict=True)
        ],
    )
    events.emit_many(name="rating.changed", company_id=company.pk, payloads=payloads)
