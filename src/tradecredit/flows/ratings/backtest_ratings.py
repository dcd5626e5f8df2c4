"""Backtest the ratings: as known a horizon ago, against what became of the customers since; a finding asks for a change.

The quarter's review writes itself when the first day of the next quarter is closed (or later, when it was missed).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.scoring import characteristics, outcomes, review_rules
from tradecredit.apps.scoring import models_kept
from tradecredit.apps.worklist import operations as worklist
from tradecredit.apps.worklist.operations import NewTask
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import backtest, backtest_document, movements
from tradecredit.core.scoring.backtest import Judged
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.analytics.scoring.outcomes import RatedCustomer
    from tradecredit.analytics.scoring.review_rules import Review
    from tradecredit.apps.scoring.models_kept import StoredBacktest
    from tradecredit.core.scoring.movements import Vintage
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_QUARTER_MONTHS: Final = 3
_INTAKES: Final = 4
_PERIOD_DAYS: Final = 30
_TASK_DAYS: Final = 14


def backtest_ratings(*, company: Company, actor: Actor, as_of: date | None = None) -> dict[str, Any]:
    """Return the backtest as of the day as plain values; nothing is recorded.

    Raises UnableToFindPolicyError where no policy is in force.
    """
    day = as_of or clock.today(company)
    with scope.entered(actor), db.unit_of_work(actor):
        return _document(company.pk, day=day)


def write_backtest(
    *, company: Company, actor: Actor, as_of: date | None = None, quarter: str = ""
) -> StoredBacktest:
    """Record the backtest; findings open one proposal to change the model, as a task for the risk director."""
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        document = _document(company.pk, day=day)
        stored = models_kept.record_backtest(
            company_id=company.pk,
            as_of=day,
            quarter=quarter,
            document=document,
            findings=len(document["findings"]),
            recorded_by=actor.name,
        )
        _propose(company, stored)
    return stored


def write_quarter(*, company: Company, actor: Actor, since: date, as_of: date) -> StoredBacktest | None:
    """Write the review of a quarter that ended after ``since`` and before the day, once; None where none did."""
    end = _quarter_end_before(as_of)
    quarter = f"{end.year}Q{(end.month - 1) // _QUARTER_MONTHS + 1}"
    if since > end:
        return None
    with db.unit_of_work(actor):
        if models_kept.has_backtest_of(company_id=company.pk, quarter=quarter):
            return None
        return write_backtest(company=company, actor=actor, as_of=end, quarter=quarter)


def written(*, company: Company, actor: Actor) -> tuple[StoredBacktest, ...]:
    """Return the recorded backtests, newest first."""
    with scope.entered(actor):
        return models_kept.backtests(company_id=company.pk)


def _document(company_id: UUID, *, day: date) -> dict[str, Any]:
    review = review_rules.in_force(company_id=company_id, as_of=day)
    rated_on = day - timedelta(days=review.rules.horizon_days)
    customers = _fates(company_id, review, rated_on)
    earlier = _fates(company_id, review, rated_on - timedelta(days=review.rules.horizon_days))
    counted = [each for each in customers if each.counts]
    found = backtest.report(
        [Judged(grade=each.grade, score=each.score, is_bad=each.bad_on is not None) for each in counted],
        grades=review.grades,
        rules=review.rules,
        earlier=[each.grade for each in earlier],
        migration=_migration(company_id, review, customers, day=day),
        vintages=_vintages(company_id, review, day=day),
        characteristics=characteristics.drifts(company_id=company_id, before=rated_on, after=day),
    )
    return backtest_document.as_dict(
        found,
        rules=review.rules,
        grades=review.grades,
        as_of=day,
        rated_on=rated_on,
        left_out=len(customers) - len(counted),
    )


def _fates(
    company_id: UUID, review: Review, rated_on: date, horizon: int | None = None
) -> tuple[RatedCustomer, ...]:
    return outcomes.rated_customers(
        company_id=company_id,
        rated_on=rated_on,
        horizon_days=review.rules.horizon_days if horizon is None else horizon,
        bad_days=review.rules.days_overdue,
        trifle=review.rules.trifle,
    )


def _migration(
    company_id: UUID, review: Review, customers: Sequence[RatedCustomer], *, day: date
) -> movements.Migration:
    now = {each.code: each.grade for each in _fates(company_id, review, day, 0)}
    pairs = [(each.grade, now[each.code]) for each in customers if each.code in now]
    return movements.migration(pairs, grades=review.grades)


def _vintages(company_id: UUID, review: Review, *, day: date) -> tuple[Vintage, ...]:
    """Return the last quarters' ratings with what had gone bad after each 30 days since."""
    found: list[tuple[str, int | None]] = []
    periods: dict[str, int] = {}
    end = day
    for _ in range(_INTAKES):
        end = _quarter_end_before(end)
        name, elapsed = end.isoformat(), (day - end).days
        periods[name] = min(elapsed, review.rules.horizon_days) // _PERIOD_DAYS
        customers = _fates(company_id, review, end, min(elapsed, review.rules.horizon_days))
        found += [
            (name, None if each.bad_on is None else (each.bad_on - end).days // _PERIOD_DAYS)
            for each in customers
            if each.counts
        ]
    return movements.vintages(found, periods=periods)


def _propose(company: Company, stored: StoredBacktest) -> None:
    findings = stored.document["findings"]
    if not findings:
        return
    first = findings[0]["words"]
    words = Words(
        zh="回溯检验有 {n} 项发现，请提出模型修改方案：{text}",
        en="The backtest found {n}: propose a change of the model. {text}",
    )
    task = NewTask(
        kind="model_change",
        words=Words(
            zh=words.zh.format(n=len(findings), text=first["zh"]),
            en=words.en.format(n=len(findings), text=first["en"]),
        ),
        dedupe_key=f"backtest:{company.pk}:{stored.quarter or stored.as_of.isoformat()}",
        role="risk_director",
        link="/ratings/backtest",
        due_in_days=_TASK_DAYS,
    )
    worklist.make(company_id=company.pk, tasks=[task])


def _quarter_end_before(day: date) -> date:
    first_month = (day.month - 1) // _QUARTER_MONTHS * _QUARTER_MONTHS + 1
    return date(day.year, first_month, 1) - timedelta(days=1)
