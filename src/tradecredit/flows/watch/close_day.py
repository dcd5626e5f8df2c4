"""Close a business day: reminders, letters, freezes, alerts, expiries. Running it twice changes nothing."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

from tradecredit.analytics.collections import attention
from tradecredit.apps.collections import locks
from tradecredit.apps.monitoring import operations as monitoring
from tradecredit.apps.monitoring import queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.cash import move_bill
from tradecredit.flows.collections import follow_cases
from tradecredit.flows.contracts import watch_contracts
from tradecredit.flows.limits import notify_insurers
from tradecredit.flows.orders import expire_reservations
from tradecredit.flows.policy import begin_policy, hear_colleagues
from tradecredit.flows.ratings import backtest_ratings, rating_ends, review_grades
from tradecredit.flows.watch import (
    follow_overlays,
    freeze_by_hand,
    risky_first,
    run_dunning,
    watch_funding,
    watch_policy,
    watch_signals,
)
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date
    from uuid import UUID

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class Say(Protocol):
    """Hears how far closing a day is: the part at work, and how many of how many customers are done."""

    def __call__(self, part: str, done: int = 0, of: int = 0, /) -> None:
        """Hear it."""


class UnableToCloseDayError(UnableToError):
    """A later day is closed already: letters of the past would be wrong by now."""

    code = "day_not_closed"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDayReport:
    """What closing a day did, as counts; all zeros when it was closed before and nothing came in since."""

    as_of: date
    was_closed: bool
    reminders: int = 0
    letters: int = 0
    tasks: int = 0
    frozen: int = 0
    lifted: int = 0
    marked: int = 0
    unmarked: int = 0
    alerts: int = 0
    became_overdue: int = 0
    expired_reservations: int = 0
    lapsed_bills: int = 0
    accelerated_contracts: int = 0
    reverted_lines: int = 0
    cases: follow_cases.CasesFollowed = field(default_factory=follow_cases.CasesFollowed)

    @property
    def counts(self) -> dict[str, int]:
        """Return the counts by name."""
        found = asdict(self)
        cases = {f"cases_{key}": value for key, value in found.pop("cases").items()}
        return {key: value for key, value in found.items() if key not in {"as_of", "was_closed"}} | cases


def close_day(*, company: Company, as_of: date, actor: Actor, say: Say | None = None) -> CloseDayReport:
    """Do all that a day asks for, in one transaction.

    ``say`` hears which part of the day is at work, and of how many customers how many are done. Re-rating and what
    else follows is put down as events in the same transaction and happens when ``reactions.drain`` runs. Raises UnableToCloseDayError for a day before the latest closed one, and
    UnableToFindPolicyError.
    """
    with _standing_clock(company, as_of), db.unit_of_work(actor):
        locks.lock_company(company.pk)
        latest = queries.latest_closed_day(company_id=company.pk)
        was_closed = queries.closed_day(company_id=company.pk, day=as_of) is not None
        if latest is not None and latest > as_of:
            return _already_passed(as_of, latest, was_closed=was_closed)
        since = latest if latest is not None else as_of - timedelta(days=1)

        say = say or _say_nothing
        say("reminders")
        dunned = run_dunning.run_dunning(company=company, as_of=as_of, actor=actor)
        late = _items_became_late(company, since=since, as_of=as_of)
        say("alerts")
        raised = watch_signals.watch_signals(
            company=company, since=since, as_of=as_of, actor=actor, told=partial(say, "alerts")
        )
        say("expiries")
        report = _of_dunning(dunned, as_of=as_of, was_closed=was_closed)
        report = _with_ends(report, company, since=since, actor=actor)
        _do_without_counting(company, since=since, as_of=as_of, actor=actor)

        cases = follow_cases.follow_day(company=company, as_of=as_of, actor=actor)
        report = replace(report, alerts=dunned.alerts + raised, became_overdue=late, cases=cases)
        if not was_closed:
            monitoring.close_day(company_id=company.pk, day=as_of, report=report.counts)
            events.emit(name="day.closed", company_id=company.pk, payload={"day": as_of})
        return report


def _with_ends(report: CloseDayReport, company: Company, *, since: date, actor: Actor) -> CloseDayReport:
    """End what ends with the day: room, releases, recourse, contracts whose rest falls due, temporary lines."""
    as_of = report.as_of
    expired = _expired(company, actor)
    lapsed = move_bill.lapse_recourse(company=company, actor=actor, as_of=as_of)
    accelerated = watch_contracts.watch_contracts(company=company, as_of=as_of, actor=actor)
    return replace(
        report,
        expired_reservations=expired
        + expire_reservations.expire_releases(company=company, actor=actor, day=as_of),
        lapsed_bills=lapsed,
        accelerated_contracts=accelerated,
        reverted_lines=_lines_ended(company, since=since, as_of=as_of),
    )


def _say_nothing(part: str, done: int = 0, of: int = 0) -> None:
    """Nobody watches how far the day is."""


def _expired(company: Company, actor: Actor) -> int:
    """End every reservation that is due: one call ends no more than a portion."""
    total = 0
    while count := expire_reservations.expire_reservations(company=company, actor=actor):
        total += count
    return total


def _do_without_counting(company: Company, *, since: date, as_of: date, actor: Actor) -> None:
    """Do what the report of the day does not count: insurers, freezes that end, policies that begin, a quarter's review."""
    notify_insurers.notify_insurers(company=company, as_of=as_of, actor=actor)
    freeze_by_hand.end_freezes(company=company, actor=actor, day=as_of)
    begin_policy.begin_due(company_id=company.pk, since=since, as_of=as_of)
    watch_signals.ask_habits(company=company, since=since, as_of=as_of)
    watch_signals.chase_responses(company=company)
    watch_funding.watch_funding(company=company, as_of=as_of)
    follow_overlays.follow_overlays(company=company, since=since, as_of=as_of, actor=actor)
    hear_colleagues.ask_revision(company=company, as_of=as_of)
    rating_ends.tell_ended(company=company, since=since, as_of=as_of)
    review_grades.ask_reviews(company=company, as_of=as_of)
    risky_first.put_first(company=company, as_of=as_of)
    backtest_ratings.write_quarter(company=company, actor=actor, since=since, as_of=as_of)


def _of_dunning(dunned: run_dunning.DunningReport, *, as_of: date, was_closed: bool) -> CloseDayReport:
    return CloseDayReport(
        as_of=as_of,
        was_closed=was_closed,
        reminders=dunned.reminders,
        letters=dunned.letters,
        tasks=dunned.tasks,
        frozen=dunned.switched.frozen,
        lifted=dunned.switched.lifted,
        marked=dunned.switched.marked,
        unmarked=dunned.switched.unmarked,
    )


def _standing_clock(company: Company, as_of: date) -> AbstractContextManager[None]:
    """Let a sandbox company's night run stand on its own day; a real company's moments are real."""
    if company.is_sandbox and not clock.is_given():
        return clock.on(company, as_of, hour=20)
    return nullcontext()


def _already_passed(as_of: date, latest: date, *, was_closed: bool) -> CloseDayReport:
    if was_closed:
        return CloseDayReport(as_of=as_of, was_closed=True)
    raise UnableToCloseDayError(
        Words(
            zh=f"{latest} 已经日结，不能再补做 {as_of}：过期的提醒和函件会与现状不符。请从 {latest + timedelta(days=1)} 起日结。",
            en=f"{latest} is closed already, so {as_of} cannot be closed any more: its letters would be wrong by now."
            f" Go on from {latest + timedelta(days=1)}.",
        ),
        as_of=as_of.isoformat(),
        latest=latest.isoformat(),
    )


def _items_became_late(company: Company, *, since: date, as_of: date) -> int:
    """Say once for each customer that items entered a stage; rating and the worklist react to it."""
    policy = watch_policy.in_force(company_id=company.pk, as_of=as_of)
    days = [step.from_days for step in policy.strategy.steps if step.kind == "stage"]
    late: Sequence[attention.LateItems] = attention.became_late(
        company_id=company.pk, since=since, as_of=as_of, days=days
    )
    payloads: list[tuple[UUID, Mapping[str, object]]] = [
        (one.customer_id, {"customer_id": one.customer_id, "items": one.count, "days_max": one.days_max})
        for one in late
    ]
    events.emit_many(name="item.overdue", company_id=company.pk, payloads=payloads)
    return sum(one.count for one in late)


def _lines_ended(company: Company, *, since: date, as_of: date) -> int:
    """Say once that a temporary line ended; the line in force follows from the days by itself."""
    ended = attention.ended_lines(company_id=company.pk, since=since, as_of=as_of)
    events.emit_many(
        name="limit.changed",
        company_id=company.pk,
        payloads=[
            (customer, {"customer_id": customer, "cause": "temporary line ended"}) for customer in ended
        ],
    )
    return len(ended)
