"""``bench close-day``: a whole day closed over big books, set-based; twice the books must not take much more than twice."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.bench import telling
from tradecredit.doors.cli.proving import ground

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.doors.cli.proving.ground import Ground

_GOAL_SECONDS: Final = 60
_GOAL_MB: Final = 1536
_GOAL_RATIO: Final = 2.2
_LONG: Final = 200_000


@click.command("close-day")
@click.option("--customers", default=4_000, show_default=True, help="How many customers the books hold.")
@click.option("--items", default=10, show_default=True, help="Open items of each customer.")
@click.option(
    "--long", "is_long", is_flag=True, help="200,000 customers with 2,000,000 open items, as the goal says."
)
@click.option(
    "--twice", "is_twice", is_flag=True, help="Close the same day over fresh books of twice the size as well."
)
@click.option("--pack", default="five-pillars", show_default=True, help="The policy pack in force.")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def close_day_bench(
    *, customers: int, items: int, is_long: bool, is_twice: bool, pack: str, is_json: bool
) -> None:
    """Measure closing a day: the day before is closed first, so that the measured one is a day like any other."""
    size = _LONG if is_long else customers
    figures = _measured(size, items=items, pack=pack)
    if is_twice:
        ground.say("twice the books …")
        figures |= _compared(figures, _measured_apart(2 * size, items=items, pack=pack))
    telling.tell(name="close-day", figures=figures, is_json=is_json)


def _compared(once: dict[str, Any], twice: dict[str, Any]) -> dict[str, Any]:
    return {
        "close_day.ratio": round(twice["close_day.seconds"] / max(once["close_day.seconds"], 0.01), 2),
        "close_day.processor_ratio": round(
            twice["close_day.processor_seconds"] / max(once["close_day.processor_seconds"], 0.01), 2
        ),
        "close_day.ratio_goal": _GOAL_RATIO,
        "twice": {name.removeprefix("close_day."): value for name, value in twice.items()},
    }


def _measured_apart(customers: int, *, items: int, pack: str) -> dict[str, Any]:
    """Measure in a process of its own: one process knows one installation, and its peak is of these books alone."""
    program = Path(sys.executable).with_name("tradecredit")
    sizes = ["--customers", str(customers), "--items", str(items), "--pack", pack]
    done = subprocess.run(  # noqa: S603 - our own program
        [str(program), "bench", "close-day", *sizes, "--json"], check=False, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise click.ClickException("the day over books of twice the size failed: see above")
    found: dict[str, Any] = json.loads(done.stdout)["figures"]
    return found


def _measured(customers: int, *, items: int, pack: str) -> dict[str, Any]:
    """Fill fresh books and close two days: one that tells what was never said, and the measured one.

    Books of each size are an installation of their own and close the same two days, so that they differ in size alone.
    """
    with ground.throw_away(customers=1, limit="100000000.00", pack=pack) as place:
        day = _fill(place, customers, items)
        ground.say("the day before, with all that was never said …")
        opening = _close(place, day - timedelta(days=1))
        ground.say("the day …")
        found = _close(place, day)
        again = _close(place, day)
    return {
        "close_day.seconds": found["seconds"],
        "close_day.processor_seconds": found["processor_seconds"],
        "close_day.goal_seconds": _GOAL_SECONDS,
        "close_day.peak_mb": _peak_mb(),
        "close_day.goal_mb": _GOAL_MB,
        "close_day.reactions_seconds": found["reactions_seconds"],
        "close_day.parts": found["parts"],
        "close_day.counts": found["counts"],
        "close_day.again_seconds": again["seconds"],
        "close_day.again_changed": sum(again["counts"].values()),
        "close_day.opening_seconds": opening["seconds"],
        "close_day.opening_counts": opening["counts"],
        "customers": customers,
        "open_items": customers * items,
    }


def _fill(place: Ground, customers: int, items: int) -> date:
    """Add the customers with their open items; returns the day to measure."""
    from tradecredit.flows.rehearsal import fill_books, fill_open_items, fill_papers
    from tradecredit.plumbing import clock

    day = clock.today(place.company)
    fill_papers.lay_papers(company=place.company, actor=installations.system_actor("proof"))
    with place.owner() as owner:
        fill_books.keep_first_rating(owner, pattern=place.pattern)
        for first in range(2, customers + 1, fill_open_items.PORTION):
            count = min(fill_open_items.PORTION, customers + 1 - first)
            ground.say(f"customers: {first - 1:,} of {customers:,} …")
            fill_books.copy_customers(owner, pattern=place.pattern, count=count, first=first, is_slim=True)
            fill_open_items.copy_open_items(
                owner, first=first, last=first + count - 1, as_of=day - timedelta(days=1), each=items
            )
        fill_open_items.add_addresses(owner)
        fill_open_items.settle(owner)
    return day


def _close(place: Ground, day: date) -> dict[str, Any]:
    from tradecredit.flows import reactions
    from tradecredit.flows.watch import close_day

    actor = installations.system_actor("proof")
    parts = _Parts()
    began, processor = time.perf_counter(), time.process_time()
    report = close_day.close_day(company=place.company, as_of=day, actor=actor, say=parts.say)
    seconds, processor = time.perf_counter() - began, time.process_time() - processor
    parts.end()
    ground.say(f"closed in {seconds:.2f} s, {processor:.2f} s of them of this processor: {parts.seconds}")
    began = time.perf_counter()
    reactions.drain(company=place.company, actor=actor)
    return {
        "seconds": round(seconds, 2),
        "processor_seconds": round(processor, 2),
        "parts": parts.seconds,
        "counts": {name: count for name, count in report.counts.items() if count},
        "reactions_seconds": round(time.perf_counter() - began, 2),
    }


class _Parts:
    """How long each part of the day took, with a bar on standard error while it runs."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._part = ""
        self._began = 0.0

    def say(self, part: str, done: int = 0, of: int = 0, /) -> None:
        """Note that a part is at work."""
        if part != self._part:
            self.end()
            self._part, self._began = part, time.perf_counter()
        if of and sys.stderr.isatty():
            click.echo(f"\r{part}: {done:,} / {of:,}", err=True, nl=done >= of)

    def end(self) -> None:
        """Note that the latest part is over."""
        if self._part:
            self.seconds[self._part] = round(time.perf_counter() - self._began, 2)
            self._part = ""


def _peak_mb() -> int:
    """Return the most memory that this process ever held, in megabytes (the server's is its own)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
