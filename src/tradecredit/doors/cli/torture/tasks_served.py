"""The real web server and the real worker killed at random points while people decide over HTTP."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.proving import ground, serving_child
from tradecredit.doors.cli.proving.serving_child import Child, WebChild
from tradecredit.doors.cli.torture import tasks_voters
from tradecredit.plumbing import failpoints

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.doors.cli.proving.ground import Ground
    from tradecredit.doors.cli.torture.tasks_voters import Voters
    from tradecredit.flows.rehearsal import run_flows

WEB: Final = "web"
WORKER: Final = "worker"
TARGETS: Final = (WEB, WORKER)
_SHORTEST: Final = 0.05
# A web server at work answers at once; a worker looks at its clocks every ten seconds.
_LONGEST: Final = {WEB: 1.5, WORKER: 12.0}
_POINTS: Final = {WEB: ("vote.recorded",), WORKER: ("vote.recorded", "timer.noted")}
_PASSES: Final = 6
_DIES_WITHIN: Final = 25
_FEWEST_OPEN: Final = 40
_MORE: Final = 20
_STALLED_SECONDS: Final = 120
_LAST_LOOKS: Final = 3


@dataclass(slots=True)
class Killing:
    """What was killed: how often, how often while it had work, and how often at a named point."""

    kills: int = 0
    at_work: int = 0
    at_points: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def count(self, *, was_at_work: bool, was_at_point: bool) -> None:
        """Count one kill."""
        with self.guard:
            self.kills += 1
            self.at_work += was_at_work
            self.at_points += was_at_point


def run(
    place: Ground,
    *,
    requests: int,
    kills: int,
    targets: tuple[str, ...],
    seed: int,
    unsafe: Mapping[str, str],
) -> tuple[int, Killing, Voters]:
    """Let people decide while the targets are killed; returns how many requests were asked in the end, and by whom.

    While kills are left, more is asked whenever little waits, so that they always meet somebody at work.
    """
    port = serving_child.free_port()
    web = WebChild(
        ground=place, arguments=["serve", "--port", str(port), "--no-worker"], environment=unsafe, port=port
    )
    worker = Child(ground=place, arguments=["worker"], environment=unsafe)
    voters = tasks_voters.engaged(place, port=port, seed=seed)
    killing = Killing()
    killers = _killers(place, web, worker, voters, killing, seed=seed)
    asked = _ask(place, requests)
    web.start()
    worker.start()
    try:
        with voters.voting():
            asked += _kill(place, killers, _shares(kills, targets))
            _until_decided(place)
    finally:
        web.kill()
        worker.kill()
    _last_looks(place)
    return asked, killing, voters


def _killers(
    place: Ground, web: WebChild, worker: Child, voters: Voters, killing: Killing, *, seed: int
) -> dict[str, _Killer]:
    work = {WEB: lambda: voters.answered, WORKER: lambda: _tally(place).timers}
    return {
        name: _Killer(
            name=name,
            child=child,
            killing=killing,
            work_done=work[name],
            draw=random.Random(f"{seed} {name}"),  # noqa: S311 - a seeded proof, no secret
        )
        for name, child in ((WEB, web), (WORKER, worker))
    }


def _kill(place: Ground, killers: Mapping[str, _Killer], shares: Mapping[str, int]) -> int:
    """Kill each its share, all at a time; returns how many requests were asked meanwhile."""
    asked = 0
    with ThreadPoolExecutor(len(shares)) as pool:
        left = [pool.submit(killers[name].kill, count) for name, count in shares.items()]
        while not all(one.done() for one in left):
            time.sleep(1)
            tally = _tally(place)
            if tally.requests - tally.approved < _FEWEST_OPEN:
                asked += _ask(place, _MORE)
        for one in left:
            one.result()
    return asked


def _tally(place: Ground) -> run_flows.Tally:
    from tradecredit.flows.rehearsal import run_flows

    return run_flows.tally(company=place.company, actor=installations.system_actor("proof"))


def _shares(kills: int, targets: tuple[str, ...]) -> dict[str, int]:
    each, over = divmod(kills, len(targets))
    return {name: each + (number < over) for number, name in enumerate(targets)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Killer:
    """Who kills one of the processes, at moments of their own."""

    name: str
    child: Child
    killing: Killing
    work_done: Callable[[], int]
    draw: random.Random

    def kill(self, count: int) -> None:
        """Kill at random moments, every other time between a vote (or a clock's note) and what follows from it."""
        for number in range(count):
            place = self._once()
            ground.say(f"{self.name}: killed {number + 1} of {count}{place} …")
        self.child.start()

    def _once(self) -> str:
        is_at_point = self.draw.random() < 1 / 2
        point = f"{self.draw.choice(_POINTS[self.name])}={self.draw.randint(1, _PASSES)}"
        self.child.kill()
        self.child.start(**({failpoints.FAILPOINTS: point} if is_at_point else {}))
        if isinstance(self.child, WebChild):
            # At a named point it may die before it is asked how it is.
            with suppress(click.ClickException):
                self.child.wait_until_ready()
        before = self.work_done()
        seconds = _DIES_WITHIN if is_at_point else self.draw.uniform(_SHORTEST, _LONGEST[self.name])
        died = _waited(self.child, seconds=seconds)
        was_at_work = died or self.work_done() > before
        self.killing.count(was_at_work=was_at_work, was_at_point=died and is_at_point)
        self.child.kill()
        return f" at {point}" if died and is_at_point else ""


def _waited(child: Child, *, seconds: float) -> bool:
    """Wait until a process has died by itself, at most so long; tells whether it did."""
    deadline = time.monotonic() + seconds
    while child.is_running and time.monotonic() < deadline:
        time.sleep(_SHORTEST)
    return not child.is_running


def _until_decided(place: Ground) -> None:
    """Wait until nothing is open, or nothing has moved for long: what is stuck then is lost."""
    latest, since = -1, time.monotonic()
    while time.monotonic() - since < _STALLED_SECONDS:
        found = _tally(place)
        if found.approved == found.requests:
            return
        if found.votes + found.approved != latest:
            latest, since = found.votes + found.approved, time.monotonic()
        time.sleep(1)


def _last_looks(place: Ground) -> None:
    for _ in range(_LAST_LOOKS):
        once = Child(ground=place, arguments=["worker", "--once"])
        once.start()
        _waited(once, seconds=_STALLED_SECONDS)
        once.kill()


def _ask(place: Ground, count: int) -> int:
    """Ask so many; the flows of half of them are begun by the worker or by who votes first."""
    from tradecredit.flows.rehearsal import run_flows

    actor = installations.system_actor("proof")
    for begins in (True, False):
        run_flows.ask(company=place.company, count=count // 2, actor=actor, begins=begins)
    return count // 2 * 2
