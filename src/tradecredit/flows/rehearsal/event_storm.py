"""A storm of facts over few customers, from many threads, while events are answered and everybody is scanned.

Note [What the storm proves]
Nothing is lost: every fact is an event that was answered, and rating anybody again afterwards finds nothing new.
At most once a cause: nobody has more ratings than events, and no rating says what the one before it said. In order:
each rating continues the one before it, and the events of a customer were answered in the order of their numbers.
"""

from __future__ import annotations

import functools
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import OperationalError, connections

from tradecredit.apps.scoring import queries
from tradecredit.flows import reactions
from tradecredit.flows.imports import record_facts
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.flows.ratings import rerate_company
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.outbox import draining

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tradecredit.apps.scoring.queries import Step
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company
    from tradecredit.plumbing.outbox.draining import Answered

_EVENT: Final = "fact.recorded"
_PAUSE_SECONDS: Final = 50 / 1000
_LONGEST_MS: Final = 600_000
_NAMES: Final = ("years_in_business", "equity_pledge_ratio")
_YEARS_MOST: Final = 14
_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How many facts, over whom, by how many writers and drainers at once."""

    facts: int
    codes: tuple[str, ...]
    writers: int
    drainers: int
    portion: int
    seed: int


@dataclass(slots=True, kw_only=True)
class Storm:
    """What happened: times, counts, and everything that was wrong."""

    before: int = 0
    sent: int = 0
    answered: int = 0
    ratings: int = 0
    scans: int = 0
    put_off: int = 0
    busy: int = 0
    recording_ms: int = 0
    total_ms: int = 0
    wrong: list[str] = field(default_factory=list)


def blow(*, company: Company, course: Course, actor: Actor) -> Storm:
    """Send the facts, answer their events and scan everybody meanwhile; judge when all is still."""
    rerate_company.rerate_company(company=company, actor=actor, cause="before the storm")
    storm, is_over = Storm(before=len(_steps(company, actor))), threading.Event()
    began = _now_ms()
    with ThreadPoolExecutor(max_workers=course.writers + course.drainers + 1) as pool:
        draining_now = [
            pool.submit(_closing, _drain, company, actor, is_over, storm) for _ in range(course.drainers)
        ]
        scanning = pool.submit(_closing, _scan, company, actor, is_over, storm)
        writing = [pool.submit(_closing, _write, company, actor, part, storm) for part in _portions(course)]
        for work in writing:
            work.result()
        storm.recording_ms = _now_ms() - began
        is_over.set()
        for work in (*draining_now, scanning):
            work.result()
    _settle(company, actor, storm, deadline=began + _LONGEST_MS)
    storm.total_ms = _now_ms() - began
    _judge(company, actor, course, storm)
    return storm


def _now_ms() -> int:
    return time.perf_counter_ns() // 1_000_000


def judge(*, steps: Iterable[Step], answered: Sequence[Answered], storm: Storm) -> None:
    """Note what is wrong with ratings (in the order in which they were recorded) and the answers to events.

    The first ``storm.before`` ratings are from before it; those after it each need a cause of their own.
    """
    causes = Counter(each.subject for each in answered)
    ratings: Counter[str] = Counter()
    before: dict[str, Step] = {}
    for place, step in enumerate(steps):
        customer = str(step.customer_id)
        last = before.get(customer)
        before[customer] = step
        if place < storm.before:
            continue
        ratings[customer] += 1
        if last is not None:
            _compare(storm, last, step)
    storm.wrong += [
        f"{customer}: {count} ratings for {causes[customer]} causes"
        for customer, count in ratings.items()
        if count > causes[customer]
    ]
    storm.ratings = sum(ratings.values())
    _in_order(storm, answered)


def _compare(storm: Storm, last: Step, step: Step) -> None:
    if (step.old_grade, step.old_score) != (last.grade, last.score):
        storm.wrong.append(f"{step.customer_id}: a rating does not continue the one before it")
    if _said(step) == _said(last):
        storm.wrong.append(f"{step.customer_id}: rated twice with the same result")


def _said(step: Step) -> tuple[object, ...]:
    return (step.grade, step.score, step.is_high_risk, dict(step.points))


def _in_order(storm: Storm, answered: Sequence[Answered]) -> None:
    latest: dict[str, Answered] = {}
    for each in sorted(answered, key=lambda one: one.sequence):
        last = latest.get(each.subject)
        if each.processed_at is None:
            storm.wrong.append(f"event {each.sequence} was never answered ({each.failure or 'it waits'})")
        elif last is not None and last.processed_at is not None and each.processed_at < last.processed_at:
            storm.wrong.append(f"event {each.sequence} was answered before event {last.sequence}")
        storm.put_off += each.attempts > 0
        latest[each.subject] = each


def _portions(course: Course) -> list[list[list[FactRow]]]:
    """Deal the facts out to the writers in portions, so that a customer's facts come from all of them."""
    draw = random.Random(course.seed)  # noqa: S311 - a seeded proof, no secret
    rows = [_row(number, draw, course) for number in range(course.facts)]
    portions = [rows[at : at + course.portion] for at in range(0, len(rows), course.portion)]
    return [portions[writer :: course.writers] for writer in range(course.writers)]


def _row(number: int, draw: random.Random, course: Course) -> FactRow:
    """Return a fact with a value that no other has: none of them says what is known already."""
    name = _NAMES[number % len(_NAMES)]
    whole = draw.randrange(_YEARS_MOST) if name == _NAMES[0] else 0
    parts = number if name == _NAMES[0] else draw.randrange(9) * _MILLION // 10 + number
    return FactRow(
        customer_code=draw.choice(course.codes), fact=name, value=f"{whole}.{parts:06d}", source="storm"
    )


def _closing(work: Callable[..., None], *given: object) -> None:
    try:
        work(*given)
    finally:
        connections["default"].close()


def _once(work: Callable[[], Any], storm: Storm) -> Any:
    """Do the work, again where others held a lock for too long: what was begun was undone."""
    while True:
        try:
            return work()
        except OperationalError:
            storm.busy += 1
            time.sleep(_PAUSE_SECONDS)


def _write(company: Company, actor: Actor, portions: Sequence[Sequence[FactRow]], storm: Storm) -> None:
    for rows in portions:
        done = _once(
            functools.partial(record_facts.record_facts, rows=rows, company=company, actor=actor), storm
        )
        storm.sent += sum(result.status is RowStatus.CREATED for result in done.rows)


def _drain(company: Company, actor: Actor, is_over: threading.Event, storm: Storm) -> None:
    while not is_over.is_set():
        storm.answered += _once(lambda: reactions.drain(actor=actor, company=company), storm)
        is_over.wait(_PAUSE_SECONDS)


def _scan(company: Company, actor: Actor, is_over: threading.Event, storm: Storm) -> None:
    while not is_over.is_set():
        _once(lambda: rerate_company.rerate_company(company=company, actor=actor, cause="day.closed"), storm)
        storm.scans += 1
        is_over.wait(_PAUSE_SECONDS)


def _settle(company: Company, actor: Actor, storm: Storm, *, deadline: int) -> None:
    """Answer what is left, and what was put off when its turn comes again."""
    while _now_ms() < deadline:
        _once(lambda: reactions.drain(actor=actor, company=company), storm)
        with scope.entered(actor):
            if not draining.waiting(company_id=company.pk, name=_EVENT):
                return
        time.sleep(_PAUSE_SECONDS)


def _steps(company: Company, actor: Actor) -> Sequence[Step]:
    with scope.entered(actor):
        return queries.steps(company_id=company.pk)


def _judge(company: Company, actor: Actor, course: Course, storm: Storm) -> None:
    with scope.entered(actor):
        answered = draining.answered(company_id=company.pk, name=_EVENT)
    judge(steps=_steps(company, actor), answered=answered, storm=storm)
    if not storm.sent == len(answered) == course.facts:
        storm.wrong.append(
            f"{course.facts} facts were sent, {storm.sent} taken, {len(answered)} became events"
        )
    stale = [
        each.customer_code
        for each in rerate_company.assess_company(company=company, actor=actor)
        if each.is_new
    ]
    if stale:
        storm.wrong.append(f"{len(stale)} customers' ratings do not know every fact, {stale[:3]} among them")
