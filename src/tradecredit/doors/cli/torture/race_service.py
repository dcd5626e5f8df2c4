"""The race at the flow itself: batches of orders of many customers, from many threads with a connection each."""

from __future__ import annotations

import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.proving import ground
from tradecredit.doors.cli.torture import sampling
from tradecredit.plumbing import failpoints

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.doors.cli.proving.ground import Ground
    from tradecredit.doors.cli.proving.verdict import Verdict
    from tradecredit.flows.orders.decision_views import DecisionView
    from tradecredit.flows.orders.order_cases import CheckRequest
    from tradecredit.flows.rehearsal.fill_books import Owner

_CUSTOMERS: Final = 40
_BATCH: Final = 6
_GROUPS: Final = 5
_CANCEL_SHARE: Final = 0.3
_MOVE_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """What each thread sends."""

    orders: int
    largest: Decimal
    has_groups: bool


@dataclass(slots=True)
class _Score:
    """What the threads did."""

    decided: dict[str, str] = field(default_factory=dict)
    sums: dict[int, Decimal] = field(default_factory=dict)
    passed: int = 0
    cancelled: int = 0
    moves: int = 0
    deadlocks: int = 0
    busy: int = 0
    errors: list[str] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)
    # One move at a time, so that the race knows where everybody is; orders go on meanwhile.
    moving: threading.Lock = field(default_factory=threading.Lock)
    homes: dict[int, str] = field(default_factory=dict)

    def took(self, customer: int, amount: Decimal) -> None:
        with self.guard:
            self.sums[customer] = self.sums.get(customer, Decimal(0)) + amount


def run(found: Verdict, options: dict[str, Any]) -> None:
    """Race on an installation of one's own and judge what came of it."""
    switches = [
        name
        for name, is_on in (
            ("skip-lock", options["unsafe_skip_lock"]),
            ("shuffle-locks", options["unsafe_shuffle_locks"]),
        )
        if is_on
    ]
    # This process is the server here: it is told what any server would be told.
    os.environ[failpoints.UNSAFE] = ",".join(switches)
    try:
        with ground.throw_away(customers=_CUSTOMERS, limit=options["limit"]) as place:
            _race(found, place, options)
    finally:
        os.environ.pop(failpoints.UNSAFE, None)
        failpoints.refuse_in_production("proof")


def _race(found: Verdict, place: Ground, options: dict[str, Any]) -> None:
    from tradecredit.flows.rehearsal import fill_books

    limit = Decimal(options["limit"])
    accounts = [fill_books.account_of(number) for number in range(1, _CUSTOMERS + 1)]
    # Three times what the lines can carry is asked for, so that every one of them is contended.
    asked = options["clients"] * options["orders"]
    levels = _levels(place, limit) if options["groups"] else {}
    course = _Course(
        orders=options["orders"], largest=limit * _CUSTOMERS * 6 / asked, has_groups=bool(levels)
    )
    score = _Score()
    began = time.monotonic()
    with place.owner() as watching:
        heights = _Heights(watching, accounts, levels)
        with sampling.sampled(heights.look) as samples, ThreadPoolExecutor(options["clients"]) as pool:
            tasks = [
                pool.submit(_client, place, score, random.Random(found.seed * 1000 + number), number, course)  # noqa: S311 - a seeded race, no secret
                for number in range(options["clients"])
            ]
            for task in tasks:
                task.result()
    found.figures |= {
        "orders": len(score.decided),
        "passed": score.passed,
        "cancelled": score.cancelled,
        "orders_per_s": round(len(score.decided) / (time.monotonic() - began), 1),
        "deadlocks": score.deadlocks,
        "busy_tried_again": score.busy,
        "samples": samples.count,
    }
    found.failures += samples.failures
    found.require(not score.errors, f"errors: {score.errors[:3]}")
    found.require(score.deadlocks == 0, f"{score.deadlocks} deadlocks came to the surface")
    _judge_levels(found, score, heights, levels)
    over = max(samples.highest - limit, Decimal(0))
    found.figures |= {"max_exposure": f"{samples.highest:.2f}", "over_limit": f"{over:.2f}"}
    found.require(over == 0, f"an account reached {samples.highest:.2f}, the line is {limit:.2f}")
    found.require(score.passed > 0, "nothing passed: the race was none")
    _judge_books(found, place, score, accounts)


def _judge_levels(found: Verdict, score: _Score, heights: _Heights, levels: dict[str, Decimal]) -> None:
    found.figures |= {f"max_{code}": f"{highest:.2f}" for code, highest in sorted(heights.highest.items())}
    found.figures["moves"] = score.moves
    above = [code for code, highest in heights.highest.items() if highest > levels[code]]
    found.require(not above, f"levels above their limit: {above}")


def _judge_books(found: Verdict, place: Ground, score: _Score, accounts: list[UUID]) -> None:
    from tradecredit.flows.orders import verify_exposure
    from tradecredit.flows.rehearsal import watch_books

    with place.owner() as owner:
        stored = watch_books.stored_decisions(owner, prefix="RACE-")
        rows = [watch_books.standing_of(owner, account=account) for account in accounts]
    wrong = [
        f"T{number}: {standing.row} instead of {score.sums.get(number, Decimal(0))}"
        for number, standing in enumerate(rows, start=1)
        if not standing.row == standing.reservations + standing.entries == score.sums.get(number, Decimal(0))
    ]
    books = verify_exposure.verify_exposure(actor=installations.system_actor("proof"))
    found.require(not wrong, f"rows, events and answers differ: {wrong[:3]}")
    found.require(stored == score.decided, f"answered {len(score.decided)} decisions, stored {len(stored)}")
    found.require(books.is_whole, f"the ledger drifts by {books.drift}")


def _client(place: Ground, score: _Score, draw: random.Random, number: int, course: _Course) -> None:
    from django.db import connection

    mine: list[tuple[str, int, Decimal]] = []
    try:
        for turn in range(0, course.orders, _BATCH):
            batch = [
                (f"RACE-{number}-{turn + place_}", draw.randint(1, _CUSTOMERS), _amount(draw, course))
                for place_ in range(min(_BATCH, course.orders - turn))
            ]
            mine += _check(place, score, batch)
            if course.has_groups and draw.random() < _MOVE_SHARE:
                _move(place, score, draw)
            if mine and draw.random() < _CANCEL_SHARE:
                _cancel(place, score, *mine.pop(draw.randrange(len(mine))))
    finally:
        connection.close()


def _move(place: Ground, score: _Score, draw: random.Random) -> None:
    from tradecredit.flows.rehearsal import lay_levels

    customer, to = draw.randint(1, _CUSTOMERS), lay_levels.group_of(draw.randrange(_GROUPS))
    with _noting(score) as done, score.moving:
        leaves = score.homes.get(customer, lay_levels.group_of(customer % _GROUPS))
        if leaves != to and lay_levels.move(
            company=place.company,
            customer=customer,
            leaves=leaves,
            to=to,
            actor=installations.system_actor("proof"),
        ):
            score.homes[customer] = to
            score.moves += 1
        done.append(None)


def _levels(place: Ground, limit: Decimal) -> dict[str, Decimal]:
    from tradecredit.flows.rehearsal import lay_levels

    return lay_levels.lay_levels(
        company=place.company,
        customers=_CUSTOMERS,
        groups=_GROUPS,
        line=limit,
        actor=installations.system_actor("proof"),
    )


class _Heights:
    """The highest sum seen of each level; one look at all levels and accounts."""

    def __init__(self, owner: Owner, accounts: list[UUID], levels: dict[str, Decimal]) -> None:
        self._owner, self._accounts, self._levels = owner, accounts, levels
        self.highest: dict[str, Decimal] = {}

    def look(self) -> Decimal:
        from tradecredit.flows.rehearsal import lay_levels, watch_books

        if self._levels:
            for code, total in lay_levels.totals(self._owner).items():
                self.highest[code] = max(self.highest.get(code, Decimal(0)), total)
        return watch_books.highest_total(self._owner, accounts=self._accounts)


def _amount(draw: random.Random, course: _Course) -> Decimal:
    return (course.largest * draw.randint(1, 1000) / 1000).quantize(Decimal("0.01"))


def _check(
    place: Ground, score: _Score, batch: list[tuple[str, int, Decimal]]
) -> list[tuple[str, int, Decimal]]:
    from tradecredit.flows.orders.order_cases import CheckRequest

    requests = [
        CheckRequest(
            company=place.company,
            customer_code=f"T{customer}",
            reference=reference,
            amount=Money(amount, "CNY"),
        )
        for reference, customer, amount in batch
    ]
    with _noting(score) as done:
        views = _until_free(score, requests)
        done.append(views)
    if not done:
        return []
    passed = []
    for view, (reference, customer, amount) in zip(done[0], batch, strict=True):
        score.decided[str(view.id)] = reference
        if view.decision.outcome.lets_through:
            score.took(customer, amount)
            passed.append((reference, customer, amount))
    score.passed += len(passed)
    return passed


def _until_free(score: _Score, requests: list[CheckRequest]) -> tuple[DecisionView, ...]:
    """Check the batch, again where an account stayed locked too long: that is refused with nothing done, not failed."""
    from tradecredit.flows.orders import check_order_credit

    actor = installations.system_actor("proof")
    while True:
        try:
            return check_order_credit.check_order_credit(requests=requests, actor=actor)
        except UnableToError as error:
            if error.code != "account_busy":
                raise
            score.busy += 1


def _cancel(place: Ground, score: _Score, reference: str, customer: int, amount: Decimal) -> None:
    from tradecredit.flows.orders import move_order

    with _noting(score) as done:
        move_order.cancel_order(
            company=place.company, reference=reference, actor=installations.system_actor("proof")
        )
        done.append(None)
    if done:
        score.took(customer, -amount)
        score.cancelled += 1


class _noting:  # noqa: N801 - a context manager, read as a verb
    """Note what a flow raises instead of ending the race; the list stays empty then."""

    def __init__(self, score: _Score) -> None:
        self._score = score
        self._done: list[Any] = []

    def __enter__(self) -> list[Any]:
        return self._done

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is None:
            return True
        self._done.clear()
        if "deadlock" in str(error).lower():
            self._score.deadlocks += 1
        elif getattr(error, "code", "") == "account_busy":
            self._score.busy += 1
        else:
            self._score.errors.append(f"{type(error).__name__}: {error}"[:300])
        return isinstance(error, Exception)
