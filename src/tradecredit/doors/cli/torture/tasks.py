"""``torture tasks``: kill -9 of whoever decides, at random points; no task lost, doubled or decided twice."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.bench import flows as bench_flows
from tradecredit.doors.cli.proving import ground, verdict
from tradecredit.doors.cli.proving.serving_child import Child

if TYPE_CHECKING:
    from tradecredit.doors.cli.installation import Installation

_SHORTEST: Final = 0.05
_LONGEST: Final = 1.0
_START_SECONDS: Final = 30
_END_SECONDS: Final = 600
_STEPS: Final = 6


@click.command("tasks")
@click.option("--requests", default=300, show_default=True, help="How many requests of six steps.")
@click.option(
    "--kills", default=6, show_default=True, help="How often the deciding process is killed (the bar: 40)."
)
@click.option("--seed", type=int)
@click.option("--child", is_flag=True, hidden=True, help="Decide whatever waits, in the installation given.")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def tasks_command(
    installation: Installation, *, requests: int, kills: int, seed: int | None, child: bool, is_json: bool
) -> None:
    """Kill while votes are cast: every request ends with its six votes, each once."""
    if child:
        _decide(installation)
        return
    found = verdict.Verdict(name="tasks", seed=verdict.seed_or_new(seed))
    draw = random.Random(found.seed)  # noqa: S311 - a seeded proof, no secret
    with ground.throw_away(customers=1, limit="1000.00") as place:
        from tradecredit.flows.rehearsal import run_flows

        actor = installations.system_actor("proof")
        bench_flows.prepare(place)
        run_flows.ask(company=place.company, count=requests, actor=actor)
        deciding = Child(ground=place, arguments=["torture", "tasks", "--child"])
        done = 0
        for kill in range(kills):
            ground.say(f"kill {kill + 1} of {kills} …")
            done += _killed(deciding, place, draw)
        deciding.start()
        _wait(deciding)
        tally = run_flows.tally(company=place.company, actor=actor)
    found.figures |= {
        "lost": tally.requests - tally.approved,
        "doubled": tally.doubled,
        "kills": kills,
        "kills_between_votes": done,
        "votes": tally.votes,
        "requests": tally.requests,
    }
    found.require(tally.approved == requests, f"{tally.approved} of {requests} requests are decided")
    found.require(tally.votes == requests * _STEPS, f"{tally.votes} votes for {requests} requests")
    found.require(tally.doubled == 0, f"{tally.doubled} votes are double")
    found.require(tally.open_steps == 0, f"{tally.open_steps} steps are still open")
    found.tell(headline="lost", is_json=is_json)


def _decide(installation: Installation) -> None:
    with installation.awake():
        from tradecredit.flows.rehearsal import run_flows

        company = installations.company_named(ground.COMPANY_CODE)
        actor = installations.system_actor("proof")
        run_flows.vote_all(company=company, cast=run_flows.engage(company), actor=actor)


def _killed(deciding: Child, place: ground.Ground, draw: random.Random) -> int:
    """Start the deciding process, wait until it has begun to vote, kill it a random moment later; tells whether it lived."""
    from tradecredit.flows.rehearsal import run_flows

    actor = installations.system_actor("proof")
    before = run_flows.tally(company=place.company, actor=actor).votes
    deciding.start()
    deadline = time.monotonic() + _START_SECONDS
    while deciding.is_running and time.monotonic() < deadline:
        if run_flows.tally(company=place.company, actor=actor).votes > before:
            break
        time.sleep(_SHORTEST)
    time.sleep(draw.uniform(_SHORTEST, _LONGEST))
    lived = deciding.is_running
    deciding.kill()
    return int(lived)


def _wait(child: Child) -> None:
    deadline = time.monotonic() + _END_SECONDS
    while child.is_running and time.monotonic() < deadline:
        time.sleep(_SHORTEST)
    child.kill()
