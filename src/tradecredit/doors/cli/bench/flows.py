"""``bench flows``: requests of six steps each, decided one vote a transaction, on a durable installation."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.bench import telling
from tradecredit.doors.cli.proving import ground

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.plumbing.access import Actor


@click.command("flows")
@click.option("--requests", default=1_000, show_default=True, help="How many requests of six steps.")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def flows_bench(*, requests: int, is_json: bool) -> None:
    """Measure completions of steps a second, and that every request is decided by its six votes."""
    with ground.throw_away(customers=1, limit="1000.00") as place:
        from tradecredit.flows.rehearsal import run_flows

        actor = installations.system_actor("proof")
        cast = prepare(place)
        ground.say(f"{requests} requests …")
        run_flows.ask(company=place.company, count=requests, actor=actor)
        ground.say("votes …")
        done, seconds = run_flows.vote_all(company=place.company, cast=cast, actor=actor)
        found = run_flows.tally(company=place.company, actor=actor)
    figures = {
        "flows.completions_per_second": round(done / seconds, 1),
        "flows.completions": done,
        "flows.requests": found.requests,
        "flows.approved": found.approved,
        "flows.votes": found.votes,
        "flows.doubled": found.doubled,
        "flows.seconds": round(seconds, 2),
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
    }
    publish_policy.publish_policy(
        company=place.company,
        document=document,
        valid_from=date(2000, 1, 2),
        reason="proof",
        actor=installations.system_actor("proof"),
    )
    return run_flows.engage(place.company)
