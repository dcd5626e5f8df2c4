"""``torture crash``: kill -9 of the web process, the worker and the database, at named points and at random ones."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.proving import ground, serving_child, verdict
from tradecredit.doors.cli.torture import crash_database, crash_worker, writers
from tradecredit.plumbing import failpoints

if TYPE_CHECKING:
    from tradecredit.doors.cli.proving.ground import Ground
    from tradecredit.doors.cli.proving.serving_child import WebChild
    from tradecredit.doors.cli.proving.verdict import Verdict

_TARGETS: Final = ("web", "worker", "db")
_PLACES: Final = ("account.locked", "answer.committed")
_PASSES_MOST: Final = 40
_RECOVERY_SECONDS: Final = 30
_FAILPOINT_SECONDS: Final = 45


@click.command("crash")
@click.option("--target", default="web,worker,db", show_default=True, help="What is killed, comma-separated.")
@click.option(
    "--kills", default=6, show_default=True, help="Kills a target (the bar: 40 web and worker, 10 db)."
)
@click.option("--seed", type=int)
@click.option(
    "--unsafe-no-idempotency", is_flag=True, help="Negative control of web: keys are ignored; must double."
)
@click.option(
    "--unsafe-async-commit", is_flag=True, help="Negative control of db: commits not awaited; must lose."
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def crash_command(**options: Any) -> None:
    """Kill while 16 writers write: nothing acknowledged is lost, nothing is done twice, back within 30 seconds."""
    targets = [target.strip() for target in options["target"].split(",")]
    unknown = set(targets) - set(_TARGETS)
    if unknown:
        raise click.UsageError(
            f"unknown targets {', '.join(sorted(unknown))}; choose from {', '.join(_TARGETS)}"
        )
    found = verdict.Verdict(name="crash", seed=verdict.seed_or_new(options["seed"]))
    draw = random.Random(found.seed)  # noqa: S311 - a seeded proof, no secret
    found.figures |= {"lost": 0, "doubled": 0}
    with ground.throw_away(customers=writers.CUSTOMERS, limit="100000000.00") as place:
        if "web" in targets or "db" in targets:
            _with_writers(found, place, options, draw, targets)
        if "worker" in targets:
            crash_worker.run(found, place, kills=options["kills"], draw=draw)
        _judge_books(found)
    found.tell(headline="lost", is_json=options["is_json"])


def _with_writers(
    found: Verdict, place: Ground, options: dict[str, Any], draw: random.Random, targets: list[str]
) -> None:
    if options["unsafe_async_commit"]:
        crash_database.do_not_wait_for_commits(place)
    unsafe = "no-idempotency" if options["unsafe_no_idempotency"] else ""
    with serving_child.serving(place, unsafe=unsafe) as web:
        crew = writers.Writers(port=web.port, token=place.token)
        crew.start()
        recoveries: list[float] = []
        if "web" in targets:
            recoveries += _kill_web(found, web, crew, kills=options["kills"], draw=draw)
        if "db" in targets:
            recoveries += crash_database.kill_often(found, place, crew, kills=options["kills"], draw=draw)
        crew.finish()
        _judge_writers(found, place, crew, recoveries)


def _kill_web(
    found: Verdict, web: WebChild, crew: writers.Writers, *, kills: int, draw: random.Random
) -> list[float]:
    recoveries, starts, at_points = [], [], 0
    for kill in range(kills):
        ground.say(f"web: kill {kill + 1} of {kills} …")
        crew.wait_for_answer(after=time.monotonic())
        if kill % 3 == 2:  # noqa: PLR2004 - every third kill comes from outside, at any moment
            time.sleep(draw.uniform(0.05, 0.6))
        else:
            # The process is started anew, told where to die.
            web.kill()
            place = f"{draw.choice(_PLACES)}={draw.randint(1, _PASSES_MOST)}"
            # Writers wait at the door: it may die before anybody else sees it answer.
            web.start(**{failpoints.FAILPOINTS: place})
            at_points += _wait_for_end(web)
        killed_at = time.monotonic()
        web.kill()
        starts.append(web.start_and_wait())
        recoveries.append(crew.wait_for_answer(after=killed_at))
    found.figures |= {"web_kills": kills, "web_kills_at_named_points": at_points}
    found.figures["web_start_s_max"] = round(max(starts, default=0.0), 1)
    return recoveries


def _wait_for_end(web: WebChild) -> int:
    deadline = time.monotonic() + _FAILPOINT_SECONDS
    while web.is_running and time.monotonic() < deadline:
        time.sleep(0.05)
    return int(not web.is_running)


def _judge_writers(found: Verdict, place: Ground, crew: writers.Writers, recoveries: list[float]) -> None:
    from tradecredit.flows.rehearsal import watch_books

    with place.owner() as owner:
        stored = watch_books.stored_decisions(owner, prefix=writers.PREFIX)
        effects = watch_books.effects_of(owner, prefix=writers.PREFIX)
    lost = [reference for reference, decision in crew.acknowledged.items() if decision not in stored]
    doubled = [reference for reference, counts in effects.items() if counts != (1, 1, 1)]
    unknown = set(effects) - set(crew.acknowledged)
    slowest = max(recoveries, default=0.0)
    found.figures |= {
        "acknowledged": len(crew.acknowledged),
        "sent_without_answer": crew.without_answer,
        "lost": len(lost),
        "doubled": len(doubled),
        "recovery_s_max": round(slowest, 1),
    }
    found.require(bool(crew.acknowledged), "nothing was acknowledged")
    found.require(not lost, f"{len(lost)} acknowledged effects are lost, {lost[:3]} among them")
    found.require(not doubled, f"{len(doubled)} effects happened more than once, {doubled[:3]} among them")
    found.require(not crew.given_up, f"{len(crew.given_up)} requests were never answered")
    found.require(not unknown, f"{len(unknown)} effects belong to no answer")
    found.require(slowest <= _RECOVERY_SECONDS, f"the slowest recovery took {slowest:.1f} s")


def _judge_books(found: Verdict) -> None:
    from tradecredit.flows.orders import verify_exposure

    books = verify_exposure.verify_exposure(actor=installations.system_actor("proof"))
    found.figures["drift"] = f"{books.drift:.2f}"
    found.require(books.is_whole, f"the ledger drifts by {books.drift}")
