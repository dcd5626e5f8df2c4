"""``torture tasks``: kill -9 of whoever decides and of whoever watches clocks; no task lost, doubled or decided twice.

With ``--target web,worker`` those killed are the server that ``tradecredit serve`` starts, with people deciding over
HTTP, and the worker beside it.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.bench import flows as bench_flows
from tradecredit.doors.cli.proving import ground, verdict
from tradecredit.doors.cli.proving.serving_child import Child
from tradecredit.doors.cli.torture import tasks_served
from tradecredit.plumbing import failpoints

if TYPE_CHECKING:
    from tradecredit.doors.cli.installation import Installation
    from tradecredit.doors.cli.proving.ground import Ground
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
_DECIDERS: Final = "deciders"


@click.command("tasks")
@click.option("--requests", default=300, show_default=True, help="How many requests of six steps.")
@click.option(
    "--kills",
    default=6,
    show_default=True,
    help="How often a deciding or watching process is killed (the bar: 40).",
)
@click.option(
    "--target",
    default=_DECIDERS,
    show_default=True,
    help="Who is killed: deciders (processes that call the flow), or web, worker or web,worker as they are served.",
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
    installation: Installation, *, requests: int, kills: int, target: str, seed: int | None,
    unsafe_split_vote: bool, child: str | None, is_json: bool,
) -> None:  # fmt: skip
    """Kill while votes are cast and clocks looked at: every request ends with its six votes, each once, timers once."""
    if child is not None:
        _work(installation, child)
        return
    targets = _targets(target)
    found = verdict.Verdict(name="tasks", seed=verdict.seed_or_new(seed))
    unsafe = {failpoints.UNSAFE: "one-transaction"} if unsafe_split_vote else {}
    with ground.throw_away(customers=1, limit="1000.00") as place:
        from tradecredit.flows.rehearsal import run_flows

        bench_flows.prepare(place)
        if targets:
            requests = _served(found, place, targets, requests=requests, kills=kills, unsafe=unsafe)
        else:
            _decided(found, place, requests=requests, kills=kills, unsafe=unsafe)
        tally = run_flows.tally(company=place.company, actor=installations.system_actor("proof"))
    _judge(found, tally, requests=requests)
    found.tell(headline="lost", is_json=is_json)


def _targets(text: str) -> tuple[str, ...]:
    """Return which served processes are killed; none for the deciders. Raises BadParameter."""
    names = tuple(dict.fromkeys(one.strip() for one in text.split(",")))
    if names == (_DECIDERS,):
        return ()
    if not set(names) <= set(tasks_served.TARGETS):
        raise click.BadParameter(f"{text}: say {_DECIDERS}, web, worker or web,worker", param_hint="--target")
    return names


def _decided(found: Verdict, place: Ground, *, requests: int, kills: int, unsafe: dict[str, str]) -> None:
    from tradecredit.flows.rehearsal import run_flows

    draw = random.Random(found.seed)  # noqa: S311 - a seeded proof, no secret
    run_flows.ask(company=place.company, count=requests, actor=installations.system_actor("proof"))
    lived = 0
    for kill in range(kills):
        ground.say(f"kill {kill + 1} of {kills} …")
        lived += _killed(place, draw, unsafe=unsafe)
    for work in ("10", _WATCH):
        _finished(Child(ground=place, arguments=["torture", "tasks", "--child", work], environment=unsafe))
    found.figures |= {"kills": kills, "kills_at_work": lived}


def _served(
    found: Verdict, place: Ground, targets: tuple[str, ...], *, requests: int, kills: int,
    unsafe: dict[str, str],
) -> int:  # fmt: skip
    asked, killing, voters = tasks_served.run(
        place, requests=requests, kills=kills, targets=targets, seed=found.seed, unsafe=unsafe
    )
    found.figures |= {
        "kills": killing.kills,
        "kills_at_work": killing.at_work,
        "kills_at_named_points": killing.at_points,
        "answers": voters.answered,
        "answers_broken_off": voters.broken,
        "server_errors": voters.server_errors,
        "voted_again": voters.again,
    }
    found.require(voters.again_counted == 0, f"{voters.again_counted} votes counted twice under another key")
    found.require(not voters.unexpected, f"the people stopped: {voters.unexpected}")
    return asked


def _judge(found: Verdict, tally: Tally, *, requests: int) -> None:
    found.figures |= {
        "requests": tally.requests,
        "votes": tally.votes,
        "lost": tally.requests - tally.approved,
        "doubled": tally.doubled,
        "timers": tally.timers,
        "timers_fired_again": tally.fired_again,
        "timers_untold": tally.untold,
    }
    found.require(tally.approved == requests, f"{tally.approved} of {requests} requests are decided")
    found.require(tally.votes == requests * _STEPS, f"{tally.votes} votes for {requests} requests")
    found.require(tally.doubled == 0, f"{tally.doubled} votes are double")
    found.require(tally.open_steps == 0, f"{tally.open_steps} steps are still open")
    found.require(tally.fired_again == 0, f"{tally.fired_again} timers fired again")
    found.require(tally.untold == 0, f"{tally.untold} timers are noted, and nobody was told")
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
