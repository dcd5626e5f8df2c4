"""``bench ledger``: a million entries rebuilt while checks are written; a planted cent must be found and named."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.bench import checks, load, telling
from tradecredit.doors.cli.proving import ground, serving_child

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradecredit.doors.cli.proving.ground import Ground
    from tradecredit.flows.orders.verify_exposure import ExposureVerified

_ACCOUNTS: Final = 1_000
_ACCOUNTS_A_STEP: Final = 50
_PAIRS_A_STEP: Final = 100
_PLANTED_IN: Final = 7
_CLIENTS: Final = 4
_MILLION: Final = 1_000_000


@click.command("ledger")
@click.option("--entries", default=200_000, show_default=True, help="How many entries the books hold.")
@click.option("--long", "is_long", is_flag=True, help="A million entries, as the goal says.")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def ledger_bench(*, entries: int, is_long: bool, is_json: bool) -> None:
    """Measure `ledger verify` beside live checks: seconds a million entries, locks held, a planted 0.01 found."""
    wanted = _MILLION if is_long else entries
    with ground.throw_away(customers=_ACCOUNTS, limit="100000000.00") as place:
        _fill(place, wanted)
        with serving_child.serving(place) as web:
            figures = _measure(place, web.port)
    telling.tell(name="ledger", figures=figures, is_json=is_json)


def _fill(place: Ground, entries: int) -> None:
    from tradecredit.flows.rehearsal import fill_books

    rounds = max(1, round(entries / (_ACCOUNTS * _PAIRS_A_STEP * 2)))
    with place.owner() as owner:
        for part in range(rounds):
            ground.say(f"entries: {part * _ACCOUNTS * _PAIRS_A_STEP * 2:,} of {entries:,} …")
            for first in range(1, _ACCOUNTS, _ACCOUNTS_A_STEP):
                fill_books.post_entries(
                    owner, first=first, accounts=_ACCOUNTS_A_STEP, pairs=_PAIRS_A_STEP, part=part
                )
        owner.run("ANALYZE exposure_exposureentry, exposure_creditaccount")


def _measure(place: Ground, port: int) -> dict[str, Any]:
    ground.say("checks alone …")
    alone = _load(place, port, mark="ALONE", seconds=4)
    ground.say("checks while the ledger is verified …")
    with _checks_beside(place, port) as beside, _locks_watched(place) as locks:
        began = time.perf_counter()
        clean = _verify()
        seconds = time.perf_counter() - began
    ground.say("a planted cent …")
    with place.owner() as owner:
        _plant(owner, "0.01")
        planted = _verify()
        _plant(owner, "-0.01")
    named = [f"{planted.names[one.account_id]} {one.stage} {one.difference:.2f}" for one in planted.drifts]
    return {
        "ledger.seconds_per_million": round(seconds / clean.entries * _MILLION, 2),
        "ledger.drift": f"{clean.drift:.2f}",
        "ledger.lock_ms_max": round(locks.longest * 1000, 1),
        "ledger.planted": named,
        "ledger.planted_found": named == [f"T{_PLANTED_IN} CNY billed 0.01"],
        "ledger.is_whole": clean.is_whole,
        "entries": clean.entries,
        "accounts": clean.accounts,
        "seconds": round(seconds, 2),
        "lock_samples": locks.samples,
        "checks_meanwhile": beside.count,
        "check_p99_ms_alone": round(alone.percentile_ms(0.99), 1),
        "check_p99_ms_meanwhile": round(beside.percentile_ms(0.99), 1),
    }


def _verify() -> ExposureVerified:
    from tradecredit.flows.orders import verify_exposure

    return verify_exposure.verify_exposure(actor=installations.system_actor("proof"))


def _plant(owner: Any, amount: str) -> None:
    from tradecredit.flows.rehearsal import fill_books

    owner.run(
        "UPDATE exposure_creditaccount SET billed = billed + %(amount)s::numeric WHERE id = %(id)s",
        amount=amount,
        id=fill_books.account_of(_PLANTED_IN),
    )


def _load(place: Ground, port: int, *, mark: str, seconds: float) -> load.Load:
    return load.closed_loop(
        host=serving_child.HOST,
        port=port,
        clients=_CLIENTS,
        request=checks.spread(token=place.token, customers=_ACCOUNTS, mark=mark),
        seconds=seconds,
    )


@contextmanager
def _checks_beside(place: Ground, port: int) -> Iterator[load.Load]:
    """Write checks in short rounds until the block ends."""
    total, is_over = load.Load(), threading.Event()

    def write() -> None:
        for turn in range(100_000):
            if is_over.is_set():
                return
            part = _load(place, port, mark=f"BESIDE{turn}", seconds=0.5)
            total.statuses += part.statuses
            total.latencies += part.latencies

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    time.sleep(1)
    try:
        yield total
    finally:
        is_over.set()
        thread.join()


class _Locks:
    """How long anybody waited for the connection that verifies."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.samples = 0


@contextmanager
def _locks_watched(place: Ground) -> Iterator[_Locks]:
    """Ask every few milliseconds who waits for a lock that a verifying connection holds."""
    import psycopg

    locks, is_over = _Locks(), threading.Event()

    def watch() -> None:
        waiting_since: float | None = None
        with psycopg.connect(place.server.url, autocommit=True) as own:
            while not is_over.is_set():
                (count,) = own.execute(_WAITING).fetchone() or (0,)
                moment = time.perf_counter()
                waiting_since = (waiting_since or moment) if count else None
                if waiting_since is not None:
                    locks.longest = max(locks.longest, moment - waiting_since)
                locks.samples += 1
                is_over.wait(0.01)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield locks
    finally:
        is_over.set()
        thread.join()


_WAITING: Final = """
SELECT count(*) FROM pg_stat_activity w JOIN pg_stat_activity v ON v.pid = ANY (pg_blocking_pids(w.pid))
WHERE w.wait_event_type = 'Lock' AND v.query LIKE '%exposure_entry_hash%' AND v.pid <> pg_backend_pid()
"""
