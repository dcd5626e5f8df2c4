"""Learn who goes bad from the company's own history: ratings as recorded on past quarter ends, and what came after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from tradecredit.analytics.scoring import review_rules
from tradecredit.core.kernel import periods
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.ratings import rating_policy
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from tradecredit.core.scoring.attributes import Attribute
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_GOOD_UP: Final = {"higher_is_better": "falling", "lower_is_better": "rising"}


class UnableToLearnFromBooksError(UnableToError):
    """The history holds too few customers, or too few that went bad."""

    code = "too_few_to_learn"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be learned: the kind, the first day, a look every so many months, folds, and what is left out."""

    name: str
    kind: Literal["scorecard", "boosted"]
    first: date
    every_months: int = 3
    folds: int = 10
    leave_out: tuple[str, ...] = ()


def learn_from_books(
    *, company: Company, actor: Actor, wish: Wish, progress: Callable[[int], None]
) -> dict[str, Any]:
    """Return the model's document with its figures, proven on customers that it was not learned from.

    What went bad, and the horizon, are those of the backtest of the policy in force. Risk may only move the way that each
    indicator's direction says. Raises UnableToLearnFromBooksError, UnableToLearnError, UnableToFindPolicyError.
    """
    # Learning needs the numeric library, which a server that never learns does not load.
    from tradecredit.analytics.learning import documents, leakage, own_books, proving  # noqa: PLC0415

    today = clock.today(company)
    with scope.entered(actor):
        policy = rating_policy.in_force(company_id=company.pk, as_of=today)
        rules = review_rules.in_force(company_id=company.pk, as_of=today).rules
        sample = own_books.sample(
            company_id=company.pk,
            days=_days(wish, last=today - timedelta(days=rules.horizon_days)),
            rules=rules,
            known=policy.attributes,
            as_of=today,
            leave_out=wish.leave_out,
        )
    if len(sample) < rules.least_customers or sample.bads < rules.least_bads:
        raise _too_few(len(sample), sample.bads, rules.least_customers, rules.least_bads)
    leakage.refuse_outcomes_in_disguise(sample)
    plan = proving.Plan(kind=wish.kind, folds=wish.folds, trends=_trends(policy.attributes, sample.names))
    definition = Words(
        zh="{n} 天内有账款逾期超过 {days} 天", en="more than {days} days overdue within {n} days"
    ).filled(n=rules.horizon_days, days=rules.days_overdue)
    return documents.of_default(
        sample, plan=plan, name=wish.name, definition=definition.en, progress=progress
    ) | {"source": "own_books"}


def learn_lateness(*, company: Company, actor: Actor, name: str, test_from: date | None) -> dict[str, Any]:
    """Return a model of when instalments are paid, proven on those invoiced from ``test_from`` on.

    Without a day the latest quarter of the invoices proves it. Raises UnableToLearnFromBooksError, UnableToLearnError.
    """
    # As above.
    from tradecredit.analytics.learning import documents, own_invoices  # noqa: PLC0415

    today = clock.today(company)
    with scope.entered(actor):
        rows = [one.history for one in own_invoices.instalments(company_id=company.pk, as_of=today)]
        least = review_rules.in_force(company_id=company.pk, as_of=today).rules.least_customers
    settled = sum(row.settled_on is not None for row in rows)
    if settled < least:
        raise UnableToLearnFromBooksError(
            Words(
                zh="历史太少，学不出模型：只有 {rows} 笔已结清，至少要 {least} 笔。",
                en="Too little history to learn from: {rows} settled instalments; at least {least} are needed.",
            ).filled(rows=settled, least=least)
        )
    since = test_from or rows[len(rows) * 3 // 4].issued_on
    found = documents.of_lateness(rows, test_from=since, known_on=today + timedelta(days=1), name=name)
    return found | {"source": "own_books"}


def _days(wish: Wish, *, last: date) -> list[date]:
    found, day = [], wish.first
    while day <= last:
        found.append(day)
        day = periods.add_months(wish.first, wish.every_months * len(found))
    return found


def _trends(known: Mapping[str, Attribute], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _GOOD_UP[known[name].direction] for name in names if known[name].direction in _GOOD_UP}


def _too_few(rows: int, bads: int, least_rows: int, least_bads: int) -> UnableToLearnFromBooksError:
    return UnableToLearnFromBooksError(
        Words(
            zh="历史太少，学不出模型：{rows} 行、{bads} 行变坏，至少要 {least} 行和 {least_bads} 行。",
            en="Too little history to learn from: {rows} rows, {bads} gone bad; at least {least} and {least_bads} are needed.",
        ).filled(rows=rows, bads=bads, least=least_rows, least_bads=least_bads)
    )
