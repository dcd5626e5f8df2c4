"""``torture dup``: the same key sent again and again at once, sometimes with another body."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli.proving import ground, serving_child, verdict, wire

if TYPE_CHECKING:
    from tradecredit.doors.cli.proving.ground import Ground
    from tradecredit.doors.cli.proving.verdict import Verdict
    from tradecredit.doors.cli.proving.wire import Wire

_PATH: Final = "/api/v1/credit-checks"
_PREFIX: Final = "DUP-"
_CHANGED_SHARE: Final = 0.15
_CREATED, _IN_USE, _OTHER_BODY, _SERVER_ERROR = 201, 409, 422, 500
_CUSTOMERS: Final = 100


@dataclass(slots=True)
class _Tally:
    """Answers by key."""

    statuses: Counter[int] = field(default_factory=Counter)
    bodies: dict[str, set[bytes]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


@click.command("dup")
@click.option("--keys", default=400, show_default=True, help="How many keys (the bar: 2000).")
@click.option("--copies", default=5, show_default=True, help="How often each is sent at most, all at once.")
@click.option("--seed", type=int)
@click.option(
    "--unsafe-no-idempotency", is_flag=True, help="Negative control: keys are ignored; must double."
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def dup_command(
    *, keys: int, copies: int, seed: int | None, unsafe_no_idempotency: bool, is_json: bool
) -> None:
    """One effect a key: copies get the same answer, another body 422, a copy in flight 409, nothing 5xx."""
    found = verdict.Verdict(name="dup", seed=verdict.seed_or_new(seed))
    unsafe = "no-idempotency" if unsafe_no_idempotency else ""
    with (
        ground.throw_away(customers=_CUSTOMERS, limit="100000000.00") as place,
        serving_child.serving(place, unsafe=unsafe) as web,
    ):
        tally = _Tally()
        wire.run(_all(place, web.port, tally, keys=keys, copies=copies, seed=found.seed))
        _judge(found, place, tally, keys=keys)
    found.tell(headline="effects_doubled", is_json=is_json)


async def _all(place: Ground, port: int, tally: _Tally, *, keys: int, copies: int, seed: int) -> None:
    lines = [await wire.connect(host=serving_child.HOST, port=port) for _ in range(copies)]
    draw = random.Random(seed)  # noqa: S311 - a seeded proof, no secret
    for number in range(keys):
        await _one_key(place, lines, tally, number, draw)
        if number % 100 == 0:
            ground.say(f"key {number} of {keys} …")


async def _one_key(place: Ground, lines: list[Wire], tally: _Tally, number: int, draw: random.Random) -> None:
    key = f"{_PREFIX}{number}"
    own, other = _body(number, "10.00"), _body(number, "20.00")
    sent = [own if draw.random() >= _CHANGED_SHARE else other for _ in range(draw.randint(1, len(lines)))]
    answers = await asyncio.gather(
        *(
            line.ask(wire.post(_PATH, body, token=place.token, key=key))
            for line, body in zip(lines, sent, strict=False)
        )
    )
    tally.statuses.update(answer.status for answer in answers)
    first = {body for body, answer in zip(sent, answers, strict=True) if answer.status == _CREATED}
    created = {answer.body for answer in answers if answer.status == _CREATED}
    tally.bodies[key] = created
    if len(first) != 1 or len(created) != 1:
        tally.wrong.append(
            f"{key}: {len(first)} bodies were accepted, {len(created)} different answers given"
        )
        return
    await _settle(place, lines[0], tally, key, own=next(iter(first)), answer=next(iter(created)))


async def _settle(place: Ground, line: Wire, tally: _Tally, key: str, *, own: bytes, answer: bytes) -> None:
    """When nothing is in flight any more, the same body gets the same answer and another one is refused."""
    again = await line.ask(wire.post(_PATH, own, token=place.token, key=key))
    changed = await line.ask(wire.post(_PATH, own.replace(b".00", b".01"), token=place.token, key=key))
    tally.statuses.update((again.status, changed.status))
    if (again.status, again.body) != (_CREATED, answer):
        tally.wrong.append(f"{key}: sent again, it was answered {again.status} with another body")
    if changed.status != _OTHER_BODY:
        tally.wrong.append(f"{key}: with another body it was answered {changed.status}")


def _judge(found: Verdict, place: Ground, tally: _Tally, *, keys: int) -> None:
    from tradecredit.flows.rehearsal import watch_books

    with place.owner() as owner:
        effects = watch_books.effects_of(owner, prefix=_PREFIX)
    doubled = [reference for reference, counts in effects.items() if counts != (1, 1, 1)]
    server_errors = sum(count for status, count in tally.statuses.items() if status >= _SERVER_ERROR)
    found.figures |= {
        "keys": keys,
        "answers": {str(status): count for status, count in sorted(tally.statuses.items())},
        "effects": len(effects),
        "effects_doubled": len(doubled),
        "http_5xx": server_errors,
    }
    unexpected = set(tally.statuses) - {_CREATED, _IN_USE, _OTHER_BODY}
    found.require(not unexpected, f"unexpected answers: {sorted(unexpected)}")
    found.require(server_errors == 0, f"{server_errors} answers were 5xx")
    found.require(len(effects) == keys, f"{keys} keys had {len(effects)} effects")
    found.require(not doubled, f"{len(doubled)} keys had more than one effect, {doubled[:3]} among them")
    found.require(not tally.wrong, f"{len(tally.wrong)} wrong answers: {tally.wrong[:3]}")


def _body(number: int, amount: str) -> bytes:
    body: dict[str, Any] = {
        "company": ground.COMPANY_CODE,
        "customer": f"T{number % _CUSTOMERS + 1}",
        "reference": f"{_PREFIX}{number}",
        "amount": amount,
        "currency": "CNY",
    }
    return json.dumps(body).encode()
