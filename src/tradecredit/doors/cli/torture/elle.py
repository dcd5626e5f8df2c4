"""``torture elle``: random reads and appends through our own locks; no circle among the transactions explains itself."""

from __future__ import annotations

import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.proving import ground, verdict
from tradecredit.plumbing import failpoints

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.doors.cli.proving.ground import Ground
    from tradecredit.doors.cli.proving.verdict import Verdict
    from tradecredit.flows.rehearsal.histories import Transaction

_LISTS: Final = 8
_MOST_TOUCHED: Final = 3


@dataclass(slots=True)
class _Record:
    """What the threads committed."""

    history: list[Transaction] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    busy: int = 0
    numbers: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def next_number(self) -> int:
        with self.guard:
            self.numbers += 1
            return self.numbers


@click.command("elle")
@click.option("--seconds", default=30.0, show_default=True, help="How long (the bar: 30).")
@click.option("--clients", default=12, show_default=True, help="Threads with a connection each.")
@click.option("--seed", type=int)
@click.option("--unsafe-skip-lock", is_flag=True, help="Negative control: no locks; must find a circle.")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def elle_command(
    *, seconds: float, clients: int, seed: int | None, unsafe_skip_lock: bool, is_json: bool
) -> None:
    """Transactions that read and append to the ledger of several accounts are as if one came after the other."""
    found = verdict.Verdict(name="elle", seed=verdict.seed_or_new(seed))
    os.environ[failpoints.UNSAFE] = "skip-lock" if unsafe_skip_lock else ""
    try:
        with ground.throw_away(customers=_LISTS, limit="100000000.00") as place:
            _prove(found, place, seconds=seconds, clients=clients)
    finally:
        os.environ.pop(failpoints.UNSAFE, None)
        failpoints.refuse_in_production("proof")
    found.tell(headline="anomalies", is_json=is_json)


def _prove(found: Verdict, place: Ground, *, seconds: float, clients: int) -> None:
    from tradecredit.flows.rehearsal import append_lists, fill_books, histories

    accounts = [fill_books.account_of(number) for number in range(1, _LISTS + 1)]
    record = _Record()
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(clients) as pool:
        tasks = [
            pool.submit(_client, record, accounts, random.Random(found.seed * 1000 + number), until)  # noqa: S311 - a seeded proof, no secret
            for number in range(clients)
        ]
        for task in tasks:
            task.result()
    with place.owner() as owner:
        lists = append_lists.lists(owner, accounts=accounts)
    result = histories.anomalies(
        record.history, lists={str(account): values for account, values in lists.items()}
    )
    appended = sum(len(one.appends) for one in record.history)
    found.figures |= {
        "transactions": len(record.history),
        "reads": sum(len(one.reads) for one in record.history),
        "appends": appended,
        "busy": record.busy,
        "anomalies": result.count,
        "circles": {name: list(circle) for name, circle in result.circles.items()},
    }
    found.require(not record.errors, f"errors: {record.errors[:3]}")
    found.require(result.count == 0, f"circles {dict(result.circles)}, torn reads {result.torn_reads[:3]}")
    kept = sum(len(values) for values in lists.values())
    found.require(kept == appended, f"{appended} values were appended, {kept} stand")
    found.require(bool(record.history), "nothing was committed: the proof was none")


def _client(record: _Record, accounts: list[UUID], draw: random.Random, until: float) -> None:
    from django.db import connection

    try:
        while time.monotonic() < until:
            _transact(record, accounts, draw)
    finally:
        connection.close()


def _transact(record: _Record, accounts: list[UUID], draw: random.Random) -> None:
    from tradecredit.flows.rehearsal import append_lists, histories

    number = record.next_number()
    reads = draw.sample(accounts, draw.randint(1, _MOST_TOUCHED))
    appends = dict.fromkeys(draw.sample(accounts, draw.randint(0, _MOST_TOUCHED - 1)), number)
    try:
        seen = append_lists.transact(reads=reads, appends=appends, actor=installations.system_actor("proof"))
    except Exception as error:  # noqa: BLE001 -- whatever is refused is counted, the proof goes on
        if getattr(error, "code", "") == "account_busy":
            record.busy += 1
        else:
            record.errors.append(f"{type(error).__name__}: {error}"[:300])
        return
    done = histories.Transaction(
        id=number,
        reads={str(account): values for account, values in seen.items()},
        appends={str(account): value for account, value in appends.items()},
    )
    with record.guard:
        record.history.append(done)
