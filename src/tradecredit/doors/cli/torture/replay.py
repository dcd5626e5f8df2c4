"""``torture replay``: very many decisions recomputed identical, before and after the policy changes."""

from __future__ import annotations

import copy
import random
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.proving import ground, verdict

if TYPE_CHECKING:
    from tradecredit.doors.cli.proving.ground import Ground
    from tradecredit.doors.cli.proving.verdict import Verdict
    from tradecredit.flows.orders.replay_decisions import Replay

_CUSTOMERS: Final = 500
_BATCH: Final = 500
_LIMIT: Final = Decimal("100000.00")


@click.command("replay")
@click.option("--decisions", default=2_000, show_default=True, help="How many (the bar: 100000).")
@click.option("--seed", type=int)
@click.option(
    "--unsafe-edit", is_flag=True, help="Negative control: one recorded verdict is edited; must be found."
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def replay_command(*, decisions: int, seed: int | None, unsafe_edit: bool, is_json: bool) -> None:
    """Decide, replay, change the policy, replay again: every verdict is the one recorded, to the last figure."""
    found = verdict.Verdict(name="replay", seed=verdict.seed_or_new(seed))
    with ground.throw_away(customers=_CUSTOMERS, limit=f"{_LIMIT:f}") as place:
        _decide(found, place, decisions)
        if unsafe_edit:
            _edit_one(place)
        _replay(found, "before")
        _publish_another_policy(place)
        _replay(found, "after")
    found.require(
        found.figures["replayed"] >= decisions,
        f"{found.figures['replayed']} of {decisions} decisions were replayed",
    )
    found.tell(headline="different", is_json=is_json)


def _decide(found: Verdict, place: Ground, decisions: int) -> None:
    from tradecredit.core.kernel.money import Money
    from tradecredit.flows.orders import check_order_credit
    from tradecredit.flows.orders.order_cases import CheckRequest

    draw = random.Random(found.seed)  # noqa: S311 - a seeded proof, no secret
    began = time.monotonic()
    outcomes: dict[str, int] = {}
    for first in range(0, decisions, _BATCH):
        ground.say(f"decisions: {first:,} of {decisions:,} …")
        requests = [
            CheckRequest(
                company=place.company,
                customer_code=f"T{draw.randint(1, _CUSTOMERS)}",
                reference=f"REPLAY-{number}",
                amount=Money((_LIMIT * draw.randint(1, 4000) / 100_000).quantize(Decimal("0.01")), "CNY"),
                terms_days=draw.choice([None, 15, 30, 60, 90]),
            )
            for number in range(first, min(first + _BATCH, decisions))
        ]
        views = check_order_credit.check_order_credit(
            requests=requests, actor=installations.system_actor("proof")
        )
        for view in views:
            outcomes[view.decision.outcome.text] = outcomes.get(view.decision.outcome.text, 0) + 1
    found.figures |= {"outcomes": outcomes, "decided_per_s": round(decisions / (time.monotonic() - began), 1)}


def _replay(found: Verdict, when: str) -> None:
    from tradecredit.flows.orders import replay_in_parts

    began = time.monotonic()
    replayed: Replay = replay_in_parts.replay_in_parts(actor=installations.system_actor("proof"))
    seconds = time.monotonic() - began
    found.figures |= {
        "replayed": replayed.replayed,
        "different": found.figures.get("different", 0) + len(replayed.different),
        f"seconds_{when}_the_change": round(seconds, 1),
        f"replayed_per_s_{when}": round(replayed.replayed / seconds, 1),
    }
    examples = [f"{one.reference}: {one.places[:2]}" for one in replayed.different[:3]]
    found.require(not examples, f"{len(replayed.different)} differ {when} the change of policy: {examples}")


def _publish_another_policy(place: Ground) -> None:
    """Publish a stricter order control from today on; what was decided under the one before stays as it was."""
    from tradecredit.flows import ports
    from tradecredit.flows.policy import publish_policy
    from tradecredit.plumbing import clock

    document: dict[str, Any] = copy.deepcopy(dict(ports.find(ports.PolicyPacks).load_pack("payment-record")))
    publish_policy.publish_policy(
        company=place.company,
        document=document,
        valid_from=clock.today(place.company),
        reason="proof: another policy",
        actor=installations.system_actor("proof"),
    )


def _edit_one(place: Ground) -> None:
    with place.owner() as owner:
        owner.run("SET session_replication_role = replica")
        owner.run(
            "UPDATE decisions_decision SET outcome = 'reject', headroom_after = headroom_after - 0.01,"
            " verdict = replace(verdict, '\"approve\"', '\"reject\"')"
            " WHERE id = (SELECT min(id::text)::uuid FROM decisions_decision WHERE outcome = 'approve')"
        )
        owner.run("SET session_replication_role = origin")
