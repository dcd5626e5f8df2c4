"""``bench flows``: requests of six steps each, decided by several processes, on a durable installation."""

from __future__ import annotations

import json
import time
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.bench import telling
from tradecredit.doors.cli.proving import ground
from tradecredit.doors.cli.proving.serving_child import Child

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.doors.cli.installation import Installation
    from tradecredit.plumbing.access import Actor

_PAUSE_SECONDS: Final = 0.05
_LONGEST_SECONDS: Final = 3_600


@click.command("flows")
@click.option("--requests", default=1_000, show_default=True, help="How many requests of six steps.")
@click.option("--processes", default=2, show_default=True, help="How many processes decide.")
@click.option(
    "--together", default=50, show_default=True, help="How many requests a person decides at a time."
)
@click.option(
    "--one-by-one", default=50, show_default=True, help="How many requests are decided singly first."
)
@click.option("--share", hidden=True, help="Decide this share of what waits, in the installation given.")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def flows_bench(
    installation: Installation, *, requests: int, processes: int, together: int, one_by_one: int,
    share: str | None, is_json: bool,
) -> None:  # fmt: skip
    """Measure completions of steps a second, and that every request is decided by its six votes.

    People decide many requests at a time, as the page does it; ``one_by_one`` is a transaction for each vote.
    """
    if share is not None:
        _decide(installation, share, together=together)
        return
    with ground.throw_away(customers=1, limit="1000.00") as place:
        from tradecredit.flows.rehearsal import run_flows

        actor = installations.system_actor("proof")
        cast = prepare(place)
        run_flows.ask(company=place.company, count=one_by_one, actor=actor)
        singly, alone = run_flows.vote_all(
            company=place.company, cast=cast, actor=actor, share=run_flows.Share()
        )
        ground.say(f"{requests} requests …")
        run_flows.ask(company=place.company, count=requests, actor=actor)
        ground.say("votes …")
        done, seconds = _all_together(place, processes=processes, together=together)
        found = run_flows.tally(company=place.company, actor=actor)
    figures = {
        "flows.completions_per_second": round(done / seconds, 1),
        "flows.completions": done,
        "flows.requests": found.requests,
        "flows.approved": found.approved,
        "flows.votes": found.votes,
        "flows.doubled": found.doubled,
        "flows.seconds": round(seconds, 2),
        "flows.processes": processes,
        "flows.together": together,
        "flows.one_by_one_per_second": round(singly / alone, 1) if alone else None,
    }
    telling.tell(name="flows", figures=figures, is_json=is_json)


def prepare(place: ground.Ground) -> Mapping[str, Actor]:
    """Publish a policy with the flow of six steps and engage its six people; returns them by role."""
    from tradecredit.flows import ports
    from tradecredit.flows.policy import publish_policy
    from tradecredit.flows.rehearsal import run_flows

    document = {
        **ports.find(ports.PolicyPacks).load_pack("five-pillars"),
        "flows": {run_flows.KIND: run_flows.diagram()},
        # Nobody fills in forms here: it is the steps that are looked at.
        "forms": {},
    }
    publish_policy.publish_policy(
        company=place.company,
        document=document,
        valid_from=date(2000, 1, 2),
        reason="proof",
        actor=installations.system_actor("proof"),
    )
    return run_flows.engage(place.company)


def _all_together(place: ground.Ground, *, processes: int, together: int) -> tuple[int, float]:
    """Let processes decide a share each; returns how many votes in how many seconds from the first to the last."""
    children = [
        Child(
            ground=place,
            arguments=["bench", "flows", "--share", f"{number}/{processes}", "--together", str(together)],
        )
        for number in range(processes)
    ]
    for child in children:
        child.start()
    deadline = time.monotonic() + _LONGEST_SECONDS
    while any(child.is_running for child in children) and time.monotonic() < deadline:
        time.sleep(_PAUSE_SECONDS)
    told: list[dict[str, Any]] = [
        json.loads(path.read_text("utf-8")) for path in sorted(place.data_dir.glob("flows-share-*.json"))
    ]
    if len(told) != processes:
        log = place.data_dir / "log" / "proof-children.log"
        raise click.ClickException(f"a process did not finish:\n{log.read_text(errors='replace')[-3000:]}")
    seconds = max(one["ended"] for one in told) - min(one["began"] for one in told)
    return sum(one["done"] for one in told), seconds


def _decide(installation: Installation, share: str, *, together: int) -> None:
    with installation.awake():
        from tradecredit.flows.rehearsal import run_flows

        number, of = (int(one) for one in share.split("/"))
        company = installations.company_named(ground.COMPANY_CODE)
        cast = run_flows.engage(company)
        began = time.time()
        done, _ = run_flows.vote_all(
            company=company,
            cast=cast,
            actor=installations.system_actor("proof"),
            share=run_flows.Share(number=number, of=of, together=together),
        )
        told = {"done": done, "began": began, "ended": time.time()}
        (installation.data_dir / f"flows-share-{number}.json").write_text(json.dumps(told), "utf-8")
