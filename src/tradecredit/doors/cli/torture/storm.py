"""``torture storm``: ten thousand facts at once over few customers, answered while everybody is scanned."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.proving import ground, verdict
from tradecredit.plumbing import failpoints

if TYPE_CHECKING:
    from tradecredit.doors.cli.proving.ground import Ground
    from tradecredit.doors.cli.proving.verdict import Verdict
    from tradecredit.flows.rehearsal.event_storm import Storm

_DRAINERS: Final = 2
_SHOWN: Final = 5
_LIMIT: Final = "1000000.00"


@click.command("storm")
@click.option("--facts", default=2000, show_default=True, help="How many facts (the bar: 10000).")
@click.option("--customers", default=100, show_default=True)
@click.option("--writers", default=4, show_default=True, help="How many record facts at once.")
@click.option("--portion", default=10, show_default=True, help="How many facts share a call.")
@click.option("--within", type=float, help="Fail when recording and rating take more seconds than this.")
@click.option("--seed", type=int)
@click.option(
    "--unsafe-skip-lock", is_flag=True, help="Negative control: ratings are not locked; must break the order."
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def storm_command(
    *, facts: int, customers: int, writers: int, portion: int, within: float | None, seed: int | None,
    unsafe_skip_lock: bool, is_json: bool,
) -> None:  # fmt: skip
    """No fact lost, each customer rated at most once a cause, every rating the next one of its history."""
    found = verdict.Verdict(name="storm", seed=verdict.seed_or_new(seed))
    # This process is the server here: it is told what any server would be told.
    os.environ[failpoints.UNSAFE] = "skip-lock" if unsafe_skip_lock else ""
    try:
        with ground.throw_away(customers=customers, limit=_LIMIT) as place:
            storm = _blown(
                place, facts=facts, customers=customers, writers=writers, portion=portion, seed=found.seed
            )
    finally:
        os.environ.pop(failpoints.UNSAFE, None)
        failpoints.refuse_in_production("proof")
    _judge(found, storm, within=within)
    found.tell(headline="facts", is_json=is_json)


def _blown(place: Ground, *, facts: int, customers: int, writers: int, portion: int, seed: int) -> Storm:
    # Models are there once the installation is awake.
    from tradecredit.flows.rehearsal import event_storm

    ground.say(f"{facts} facts by {writers} writers …")
    course = event_storm.Course(
        facts=facts,
        codes=tuple(f"T{number + 1}" for number in range(customers)),
        writers=writers,
        drainers=_DRAINERS,
        portion=portion,
        seed=seed,
    )
    return event_storm.blow(company=place.company, course=course, actor=installations.system_actor())


def _judge(found: Verdict, storm: Storm, *, within: float | None) -> None:
    found.figures = {
        "facts": storm.sent,
        "ratings": storm.ratings,
        "scans": storm.scans,
        "put_off": storm.put_off,
        "busy": storm.busy,
        "recording_seconds": round(storm.recording_ms / 1000, 1),
        "seconds": round(storm.total_ms / 1000, 1),
        "wrong": len(storm.wrong),
    }
    found.failures.extend(storm.wrong[:_SHOWN])
    found.require(storm.ratings > 0 < storm.scans, "nobody was rated or scanned: it proves nothing")
    if within is not None:
        seconds = storm.total_ms / 1000
        found.require(seconds <= within, f"it took {seconds:.1f} s, at most {within:g}")
