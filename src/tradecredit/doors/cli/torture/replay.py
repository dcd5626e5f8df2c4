"""``torture replay``: very many decisions recomputed identical, before and after the policy changes."""

from __future__ import annotations

import copy
import json
import random
import time
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.proving import ground, serving_child, verdict, wire

if TYPE_CHECKING:
    from tradecredit.doors.cli.proving.ground import Ground
    from tradecredit.doors.cli.proving.verdict import Verdict
    from tradecredit.flows.orders.replay_decisions import Replay

_CUSTOMERS: Final = 2_000
_BATCH: Final = 500
_LIMIT: Final = Decimal("100000.00")
_ORDINARY: Final = 10
_BATCH_PATH: Final = "/api/v1/credit-checks/batch"
_CREATED: Final = 201


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """An order to be checked."""

    customer: str
    reference: str
    amount: Decimal
    terms_days: int | None


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
    """Let most decisions be made by the quick door and each tenth batch by the ordinary flow: both are replayed."""
    draw = random.Random(found.seed)  # noqa: S311 - a seeded proof, no secret
    began = time.monotonic()
    with serving_child.serving(place) as web:
        for turn, first in enumerate(range(0, decisions, _BATCH)):
            orders = [_order(draw, number) for number in range(first, min(first + _BATCH, decisions))]
            if turn % _ORDINARY == 0:
                ground.say(f"decisions: {first:,} of {decisions:,} …")
                _through_the_flow(place, orders)
            else:
                _through_the_door(place, orders, port=web.port)
    seconds = time.monotonic() - began
    with place.owner() as owner:
        counted = owner.rows(
            "SELECT outcome, count(*) FROM decisions_decision GROUP BY outcome ORDER BY outcome"
        )
    found.figures |= {"outcomes": dict(counted), "decided_per_s": round(decisions / seconds, 1)}


def _order(draw: random.Random, number: int) -> _Order:
    return _Order(
        customer=f"T{draw.randint(1, _CUSTOMERS)}",
        reference=f"REPLAY-{number}",
        amount=(_LIMIT * draw.randint(1, 4000) / 100_000).quantize(Decimal("0.01")),
        terms_days=draw.choice([None, 15, 30, 60, 90]),
    )


def _through_the_flow(place: Ground, orders: list[_Order]) -> None:
    from tradecredit.core.kernel.money import Money
    from tradecredit.flows.orders import check_order_credit
    from tradecredit.flows.orders.order_cases import CheckRequest

    requests = [
        CheckRequest(
            company=place.company,
            customer_code=one.customer,
            reference=one.reference,
            amount=Money(one.amount, "CNY"),
            terms_days=one.terms_days,
        )
        for one in orders
    ]
    check_order_credit.check_order_credit(requests=requests, actor=installations.system_actor("proof"))


def _through_the_door(place: Ground, orders: list[_Order], *, port: int) -> None:
    checks = [
        {
            "company": ground.COMPANY_CODE,
            "customer": one.customer,
            "reference": one.reference,
            "amount": f"{one.amount:f}",
            "currency": "CNY",
            **({} if one.terms_days is None else {"terms_days": one.terms_days}),
        }
        for one in orders
    ]
    body = json.dumps({"checks": checks}).encode()
    request = wire.post(_BATCH_PATH, body, token=place.token, key=orders[0].reference)

    async def ask() -> None:
        line = await wire.connect(host=serving_child.HOST, port=port)
        answer = await line.ask(request)
        line.close()
        if answer.status != _CREATED:
            raise click.ClickException(f"the batch was answered {answer.status}: {answer.body[:300]!r}")

    wire.run(ask())


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
