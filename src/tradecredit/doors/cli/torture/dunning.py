"""``torture dunning``: hundreds of days of a thousand payers under every pack, killed again and again, twice the same."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.proving import ground, serving_child, verdict
from tradecredit.plumbing import failpoints

if TYPE_CHECKING:
    from pathlib import Path

    from tradecredit.doors.cli.installation import Installation
    from tradecredit.doors.cli.proving.ground import Ground

PACKS: Final = ("five-pillars", "policy-scorecard", "three-tiers", "payment-record", "authority-matrix")
_PLACES: Final = ("dunning.recorded", "letter.sent", "letters.committed")
_PASSES_MOST: Final = 25
_STEP_SECONDS: Final = 3_600
_FIRST_DAY: Final = date(2026, 3, 2)
_LONG: Final = {"days": 400, "customers": 1_000, "kills": 40}
_SHOWN: Final = 5


@click.command("dunning")
@click.option("--days", default=60, show_default=True, help="Days of simulated time (the bar: 400).")
@click.option("--customers", default=200, show_default=True, help="Payers (the bar: 1000).")
@click.option("--kills", default=6, show_default=True, help="How often the worker is killed (the bar: 40).")
@click.option("--pack", "packs", multiple=True, type=click.Choice(PACKS), help="Default: every pack.")
@click.option("--long", "is_long", is_flag=True, help="The bar: 400 days, 1000 customers, 40 kills.")
@click.option("--seed", type=int)
@click.option(
    "--unsafe-blind-send", is_flag=True, help="Negative control: nothing is looked at again before it leaves."
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def dunning_command(**options: Any) -> None:
    """Each item and step once, nobody who paid, contests or promised, every boundary and thaw exact, twice the same."""
    found = verdict.Verdict(name="dunning", seed=verdict.seed_or_new(options["seed"]))
    sizes = {name: options[name] for name in _LONG}
    sizes |= _LONG if options["is_long"] else {}
    found.figures["wrong"] = 0
    for pack in options["packs"] or PACKS:
        killed = _run(pack, found.seed, sizes, is_blind=options["unsafe_blind_send"])
        again = _run(pack, found.seed, {**sizes, "kills": 0}, is_blind=options["unsafe_blind_send"])
        found.figures[pack] = {
            name: value for name, value in killed.items() if name not in {"wrong", "first"}
        }
        found.figures["wrong"] += killed["wrong"] + again["wrong"]
        for one in (killed, again):
            found.failures += [f"{pack}: {text}" for text in one["first"]]
        found.require(killed["notices"] > 0 < killed["told_beforehand"], f"{pack}: nothing was said")
        found.require(
            killed["digest"] == again["digest"], f"{pack}: played again without kills it came out differently"
        )
    found.tell(headline="wrong", is_json=options["is_json"])


def _run(pack: str, seed: int, sizes: dict[str, int], *, is_blind: bool) -> dict[str, Any]:
    """Play one pack on a ground of its own, in a process of its own."""
    arguments = ["torture", "dunning-run", "--pack", pack, "--seed", str(seed)]
    for name, value in sizes.items():
        arguments += [f"--{name}", str(value)]
    command = [sys.executable, "-c", "from tradecredit.doors.cli.main import main; main()", *arguments]
    command += ["--unsafe-blind-send"] if is_blind else []
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise click.ClickException(f"{pack} did not run to its end")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@click.command("dunning-run", hidden=True)
@click.option("--days", type=int, required=True)
@click.option("--customers", type=int, required=True)
@click.option("--kills", type=int, required=True)
@click.option("--pack", required=True)
@click.option("--seed", type=int, required=True)
@click.option("--unsafe-blind-send", is_flag=True)
def dunning_run_command(
    *, days: int, customers: int, kills: int, pack: str, seed: int, unsafe_blind_send: bool
) -> None:
    """Play one pack once and print what was found."""
    with ground.throw_away(customers=customers, limit="100000000.00", pack=pack) as place:
        from tradecredit.flows.rehearsal import dunning_days, dunning_world

        world = dunning_world.invent(seed=seed, days=days, codes=codes_of(customers))
        with place.owner() as owner:
            owner.run("UPDATE dossier_customer SET email = lower(code) || '@example.com'")
        ground.say(f"{pack}: {len(world.fates)} invoices, {days} days, {kills} kills …")
        actor = installations.system_actor("proof")
        dunning_days.lay_invoices(company=place.company, world=world, first_day=_FIRST_DAY, actor=actor)
        sink = place.data_dir / "carried.txt"
        began = time.monotonic()
        at_points = _play(place, world_of=(seed, days, customers), kills=kills, is_blind=unsafe_blind_send)
        answer = _judged(place, world, sink) | {
            "kills": kills,
            "kills_at_named_points": at_points,
            "seconds": round(time.monotonic() - began, 1),
        }
    click.echo(json.dumps(answer, ensure_ascii=False))


def codes_of(customers: int) -> tuple[str, ...]:
    """Return the codes of the copies on a throw-away ground."""
    return tuple(f"T{number + 1}" for number in range(customers))


def _play(place: Ground, *, world_of: tuple[int, int, int], kills: int, is_blind: bool) -> int:
    seed, days, customers = world_of
    child = serving_child.Child(
        ground=place,
        arguments=[
            *("torture", "dunning-play", "--seed", str(seed), "--days", str(days)),
            *("--customers", str(customers)),
        ],
        environment={failpoints.UNSAFE: "blind-send"} if is_blind else {},
    )
    draw = random.Random(seed)  # noqa: S311 - a seeded proof, no secret
    at_points = 0
    for kill in range(kills):
        ground.say(f"kill {kill + 1} of {kills} …")
        if kill % 4 == 3:  # noqa: PLR2004 - every fourth comes from outside, at any moment
            child.start()
            _wait(child, seconds=draw.uniform(3, 9))
        else:
            point = f"{draw.choice(_PLACES)}={draw.randint(1, _PASSES_MOST)}"
            child.start(**{failpoints.FAILPOINTS: point})
            at_points += _wait(child, seconds=_STEP_SECONDS)
    child.start()
    _wait(child, seconds=_STEP_SECONDS)
    if child.process is None or child.process.returncode != 0:
        log = place.data_dir / "log" / "proof-children.log"
        raise click.ClickException(f"the play did not end well:\n{log.read_text(errors='replace')[-3000:]}")
    return at_points


def _wait(child: serving_child.Child, *, seconds: float) -> int:
    """Wait for the end, or kill after so many seconds; tells whether it died by itself, at its point."""
    deadline = time.monotonic() + seconds
    while child.is_running and time.monotonic() < deadline:
        time.sleep(0.05)
    died = not child.is_running and child.process is not None and child.process.returncode != 0
    if child.is_running:
        child.kill()
    return int(died)


def _judged(place: Ground, world: Any, sink: Path) -> dict[str, Any]:
    from tradecredit.flows.collections import strategies
    from tradecredit.flows.rehearsal import dunning_judge
    from tradecredit.plumbing.access import scope

    actor = installations.system_actor("proof")
    with scope.entered(actor):
        strategy = strategies.in_force(company_id=place.company_id, as_of=_FIRST_DAY)
    with place.owner() as owner:
        causes = dict(owner.rows("SELECT id, cause_id FROM outbox_message WHERE cause_kind = 'letter'"))
    lines = sink.read_text().split() if sink.exists() else []
    by_id = {str(message): letter for message, letter in causes.items()}
    found = dunning_judge.judge(
        play=dunning_judge.Play(company=place.company, world=world, first_day=_FIRST_DAY, strategy=strategy),
        carried={by_id[line] for line in lines if line in by_id},
        actor=actor,
    )
    return {
        "notices": found.notices,
        "letters": found.letters,
        "sent": found.sent,
        "dropped_before_sending": found.dropped,
        "freezes": found.freezes,
        "cases": found.cases,
        "told_beforehand": found.told_beforehand,
        "boundaries": dict(sorted(found.boundaries.items())),
        "handed_over_again_with_the_same_id": len(lines) - len(set(lines)),
        "wrong": len(found.wrong),
        "first": found.wrong[:_SHOWN],
        "digest": found.digest,
    }


@click.command("dunning-play", hidden=True)
@click.option("--days", type=int, required=True)
@click.option("--customers", type=int, required=True)
@click.option("--seed", type=int, required=True)
@click.pass_obj
def dunning_play_command(installation: Installation, *, days: int, customers: int, seed: int) -> None:
    """Go on with a play where it stopped, until it is over or this process is killed."""
    with installation.awake():
        from tradecredit.flows.rehearsal import dunning_days, dunning_world

        place = installation.data_dir
        progress = place / "days-played.txt"
        dunning_days.play(
            company=installations.company_named(ground.COMPANY_CODE),
            world=dunning_world.invent(seed=seed, days=days, codes=codes_of(customers)),
            first_day=_FIRST_DAY,
            actor=installations.system_actor("proof"),
            mailer=FileMailer(place / "carried.txt"),
            from_day=int(progress.read_text()) if progress.exists() else 0,
            on_day=lambda day: _note(progress, day + 1),
        )


def _note(path: Path, day: int) -> None:
    part = path.with_suffix(".part")
    part.write_text(str(day))
    part.replace(path)


class FileMailer:
    """Writes down which message was handed over, before it says that it was."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, *, recipient: str, subject: str, body: str, message_id: str) -> None:
        """Append the message's identifier."""
        del recipient, subject, body
        with self._path.open("a") as file:
            file.write(f"{message_id}\n")
