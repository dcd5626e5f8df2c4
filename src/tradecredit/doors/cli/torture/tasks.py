"""``torture tasks``: kill -9 of whoever decides and of whoever watches clocks; no task lost, doubled or decided twice."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.bench import flows as bench_flows
from tradecredit.doors.cli.proving import ground, verdict
from tradecredit.doors.cli.proving.serving_child import Child
from tradecredit.plumbing import failpoints

if TYPE_CHECKING:
    from tradecredit.doors.cli.installation import Installation
    from tradecredit.doors.cli.proving.verdict import Verdict
    from tradecredit.flows.rehearsal.run_flows import Tally

_SHORTEST: Final = 0.05
_LONGEST: Final = 0.4
_START_SECONDS: Final = 60
_END_SECONDS: Final = 600
_STEPS: Final = 6
# Between a vote and what follows from it a process dies at one of its first so many votes.
_PASSES: Final = 8
_MOST_TOGETHER: Final = 3
_WATCH: Final = "watch"


@click.command("tasks")
@click.option("--requests", default=300, show_default=True, help="How many requests of six steps.")
@click.option(
    "--kills",
    default=6,
    show_default=True,
    help="How often a deciding or watching process is killed (the bar: 40).",
)
@click.option("--seed", type=int)
@click.option(
    "--unsafe-split-vote", is_flag=True,
    help="Negative control: a vote is committed before what follows from it; must lose tasks.",
)  # fmt: skip
@click.option(
    "--child", hidden=True, help="Decide so many at a time, or watch clocks, in the installation given."
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def tasks_command(
    installation: Installation, *, requests: int, kills: int, seed: int | None, unsafe_split_vote: bool,
    child: str | None, is_json: bool,
) -> None:  # fmt: skip
    """Kill while votes are cast and clocks looked at: every request ends with its six votes, each once, timers once."""
    if child is not None:
        _work(installation, child)
        return
    found = verdict.Verdict(name="tasks", seed=verdict.seed_or_new(seed))
    draw = random.Random(found.seed)  # noqa: S311 - a seeded proof, no secret
    unsafe = {failpoints.UNSAFE: "one-transaction"} if unsafe_split_vote else {}
    with ground.throw_away(customers=1, limit="1000.00") as place:
        from tradecredit.flows.rehearsal import run_flows

        actor = installations.system_actor("proof")
        bench_flows.prepare(place)
        run_flows.ask(company=place.company, count=requests, actor=actor)
        lived = 0
        for kill in range(kills):
            ground.say(f"kill {kill + 1} of {kills} …")
            lived += _killed(place, draw, unsafe=unsafe)
        for work in ("10", _WATCH):
            _finished(
                Child(ground=place, arguments=["torture", "tasks", "--child", work], environment=unsafe)
            )
        tally = run_flows.tally(company=place.company, actor=actor)
    found.figures |= {
        "kills": kills,
        "kills_at_work": lived,
        "requests": tally.requests,
        "votes": tally.votes,
    }
    _judge(found, tally, requests=requests)
    found.tell(headline="lost", is_json=is_json)


def _judge(found: Verdict, tally: Tally, *, requests: int) -> None:
    found.figures |= {
        "lost": tally.requests - tally.approved,
        "doubled": tally.doubled,
        "timers": tally.timers,
        "timers_fired_again": tally.fired_again,
    }
    found.require(tally.approved == requests, f"{tally.approved} of {requests} requests are decided")
    found.require(tally.votes == requests * _STEPS, f"{tally.votes} votes for {requests} requests")
    found.require(tally.doubled == 0, f"{tally.doubled} votes are double")
    found.require(tally.open_steps == 0, f"{tally.open_steps} steps are still open")
    found.require(tally.fired_again == 0, f"{tally.fired_again} timers fired again")
    found.require(
        found.figures["kills_at_work"] * 2 >= found.figures["kills"],
        "most kills met nobody at work: ask for more",
    )
    found.require(tally.timers > 0, "no clock ran out: it proves nothing of timers")


def _work(installation: Installation, kind: str) -> None:
    with installation.awake():
        from tradecredit.flows.approvals import watch_flows
        from tradecredit.flows.rehearsal import run_flows

        company = installations.company_named(ground.COMPANY_CODE)
        actor = installations.system_actor("proof")
        if kind == _WATCH:
            while watch_flows.watch_flows(company=company, actor=actor):
                pass
            return
        cast = run_flows.engage(company)
        share = run_flows.Share(together=int(kind))
        run_flows.vote_all(company=company, cast=cast, actor=actor, share=share)


def _killed(place: ground.Ground, draw: random.Random, *, unsafe: dict[str, str]) -> bool:
    """Let a process decide and another watch, and kill both; tells whether they were at work.

    Every other time the deciding one dies by itself between a vote and what follows from it.
    """
    together = draw.randint(1, _MOST_TOGETHER)
    deciding = Child(
        ground=place, arguments=["torture", "tasks", "--child", str(together)], environment=unsafe
    )
    watching = Child(ground=place, arguments=["torture", "tasks", "--child", _WATCH])
    dies_alone = draw.random() < 1 / 2
    point = {failpoints.FAILPOINTS: f"vote.recorded={draw.randint(1, _PASSES)}"} if dies_alone else {}
    before = _done(place)
    watching.start()
    deciding.start(**point)
    deadline = time.monotonic() + _START_SECONDS
    while deciding.is_running and time.monotonic() < deadline and (dies_alone or _done(place) == before):
        time.sleep(_SHORTEST)
    time.sleep(0 if dies_alone else draw.uniform(_SHORTEST, _LONGEST))
    was_at_work = dies_alone or deciding.is_running
    deciding.kill()
    watching.kill()
    return was_at_work


def _done(place: ground.Ground) -> int:
    from tradecredit.flows.rehearsal import run_flows

    return run_flows.tally(company=place.company, actor=installations.system_actor("proof")).votes


def _finished(child: Child) -> None:
    child.start()
    deadline = time.monotonic() + _END_SECONDS
    while child.is_running and time.monotonic() < deadline:
        time.sleep(_SHORTEST)
    child.kill()
