"""Ratings are looked at again by people: which are due, the task that says so, and the look itself on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.scoring import latest_reviews
from tradecredit.apps.decisions.policies import UnableToFindPolicyError
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.scoring import operations, queries
from tradecredit.apps.worklist import operations as worklist
from tradecredit.apps.worklist.operations import NewTask
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.ratings import rating_policy
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.analytics.scoring.latest_reviews import Reviewed
    from tradecredit.core.scoring.review_calendar import ReviewCalendar
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_LINK: Final = "/ratings/reviews"


class UnableToReviewRatingError(UnableToError):
    """There is no rating of such a customer to look at."""

    code = "rating_not_reviewed"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A customer and the day on which its rating is to be looked at."""

    customer: Reviewed
    due_on: date
    is_large: bool


def calendar(*, company: Company, actor: Actor, as_of: date | None = None) -> tuple[Due, ...]:
    """Return every rated customer with its day, the first due first; nothing where the policy has no calendar.

    Raises UnableToFindPolicyError.
    """
    day = as_of or clock.today(company)
    with scope.entered(actor):
        rules = rating_policy.in_force(company_id=company.pk, as_of=day).reviews
        return () if rules is None else _calendar(company, rules, day=day)


def ask_reviews(*, company: Company, as_of: date) -> int:
    """Make one task a month for all that is due, in the caller's transaction; returns how many customers are due."""
    try:
        rules = rating_policy.in_force(company_id=company.pk, as_of=as_of).reviews
    except UnableToFindPolicyError:
        return 0
    due = (
        []
        if rules is None
        else [each for each in _calendar(company, rules, day=as_of) if each.due_on <= as_of]
    )
    if rules is None or not due:
        return 0
    words = Words(
        zh="{count} 个客户的评级到期应复查，最早的是 {name}（{day}）",
        en="The ratings of {count} customers are due for review, first {name} ({day})",
    )
    task = NewTask(
        kind="rating_review",
        words=words.filled(count=len(due), name=due[0].customer.name, day=due[0].due_on),
        dedupe_key=f"rating_review:{company.pk}:{as_of:%Y-%m}",
        role=rules.role,
        link=_LINK,
        due_in_days=rules.due_days,
    )
    worklist.make(company_id=company.pk, tasks=[task])
    return len(due)


def record_review(*, company: Company, customer_code: str, note: str, actor: Actor) -> None:
    """Record that the person looked at the customer's rating today; raises UnableToReviewRatingError."""
    day = clock.today(company)
    with db.unit_of_work(actor):
        customer = dossier.customer_by_code(customer_code)
        ids = [] if customer is None else [customer.id]
        rating = next(iter(queries.latest(company_id=company.pk, customer_ids=ids, as_of=day).values()), None)
        if customer is None or rating is None:
            raise UnableToReviewRatingError(
                Words(
                    zh="没有这个客户，或它还没有评级；请先评级。",
                    en="There is no such customer, or it has no rating yet: rate it first.",
                )
            )
        operations.record_review(
            company_id=company.pk,
            customer_id=customer.id,
            reviewed_on=day,
            grade=rating.grade,
            note=note.strip(),
            actor=actor,
        )
        words = Words(
            zh="{name} 复查评级 {grade}：{note}", en="{name} looked at the rating {grade}: {note}"
        ).filled(name=actor.name, grade=rating.grade, note=note.strip() or "–")
        entry = log.NewEntry(
            stream=f"customer:{customer.id}",
            kind="rating.reviewed",
            words=words,
            payload={"grade": rating.grade},
        )
        log.append(company_id=company.pk, actor=actor, entries=[entry])


def _calendar(company: Company, rules: ReviewCalendar, *, day: date) -> tuple[Due, ...]:
    found = latest_reviews.customers(company_id=company.pk, currency=company.base_currency, as_of=day)
    days = [(each, rules.due_on(last=each.last, grade=each.grade, line=each.line)) for each in found]
    due = [
        Due(customer=each, due_on=on, is_large=rules.is_large(each.line))
        for each, on in days
        if on is not None
    ]
    return tuple(sorted(due, key=lambda each: (each.due_on, each.customer.code)))
