"""Suggest another grade or treatment to the person whom policy names, once a quarter for each rule and customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.scoring import grade_history
from tradecredit.apps.worklist import operations as worklist
from tradecredit.apps.worklist.operations import NewTask
from tradecredit.core.scoring import moves

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.core.scoring.moves import Move
    from tradecredit.core.scoring.values import Value
    from tradecredit.flows.ratings.rating_policy import RatingPolicy

KIND: Final = "grade_move"
_QUARTER_MONTHS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A customer that was just rated, with what is known of it."""

    customer: CustomerRecord
    values: Mapping[str, Value]
    grade: str


def suggest(*, company_id: UUID, policy: RatingPolicy, looked: Sequence[Looked], as_of: date) -> int:
    """Make the tasks of all rules that hold, in the caller's transaction; returns how many were offered."""
    if not policy.moves.rules or not looked:
        return 0
    history = _history(company_id, policy, [each.customer.id for each in looked], as_of=as_of)
    tasks = [
        _task(company_id, each, rule, as_of=as_of)
        for each in looked
        for rule in moves.fired(
            policy.moves,
            values=each.values,
            grade=each.grade,
            grades=policy.scale.grades,
            history={
                name: figures[each.customer.id]
                for name, figures in history.items()
                if each.customer.id in figures
            },
        )
    ]
    return worklist.make(company_id=company_id, tasks=tasks)


def _history(
    company_id: UUID, policy: RatingPolicy, ids: Sequence[UUID], *, as_of: date
) -> dict[str, dict[UUID, Decimal]]:
    """Return the figures of the past that the rules ask about, and only those."""
    asked = policy.moves.names
    found: dict[str, dict[UUID, Decimal]] = {}
    if moves.BEST_GRADE_YEARS in asked:
        found[moves.BEST_GRADE_YEARS] = grade_history.best_grade_years(
            company_id=company_id, customer_ids=ids, best=policy.scale.grades[0], as_of=as_of
        )
    if moves.ALERTS_LATELY in asked:
        found[moves.ALERTS_LATELY] = grade_history.alerts_lately(
            company_id=company_id, customer_ids=ids, days=policy.moves.alert_days, as_of=as_of
        )
    if moves.WARNED_PERIODS in asked:
        found[moves.WARNED_PERIODS] = grade_history.warned_periods(
            company_id=company_id, customer_ids=ids, days=policy.moves.period_days, as_of=as_of
        )
    return found


def _task(company_id: UUID, each: Looked, rule: Move, *, as_of: date) -> NewTask:
    quarter = (as_of.month - 1) // _QUARTER_MONTHS + 1
    return NewTask(
        kind=KIND,
        words=rule.words(each.customer.name),
        dedupe_key=f"move:{company_id}:{rule.name}:{each.customer.id}:{as_of.year}Q{quarter}",
        customer_id=each.customer.id,
        role=rule.role,
        link=f"/customers/{each.customer.code}?tab=rating",
        due_in_days=rule.due_days,
    )
