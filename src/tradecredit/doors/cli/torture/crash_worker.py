"""Kill -9 an import and a worker half-way, until both have done their work; nothing may be missing or double."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.doors.cli.proving import ground
from tradecredit.doors.cli.proving.serving_child import Child
from tradecredit.plumbing import failpoints

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from tradecredit.doors.cli.proving.ground import Ground
    from tradecredit.doors.cli.proving.verdict import Verdict

_PREFIX: Final = "CRASHED-"
_ROWS: Final = 5_000
_CUSTOMERS: Final = 100
_STEP_SECONDS: Final = 120


def run(found: Verdict, place: Ground, *, kills: int, draw: random.Random) -> None:
    """Import a file and answer its events, each killed again and again; then let both end and judge."""
    file = _file(place.data_dir)
    importing = Child(
        ground=place, arguments=["import", "invoices", str(file), "--company", ground.COMPANY_CODE]
    )
    working = Child(ground=place, arguments=["worker", "--once"])
    at_points = 0
    for kill in range(kills):
        ground.say(f"worker: kill {kill + 1} of {kills} …")
        is_import = kill % 2 == 0
        child = importing if is_import else working
        point = f"import.batch={draw.randint(1, 2)}" if is_import else f"outbox.reacted={draw.randint(1, 2)}"
        child.start(**{failpoints.FAILPOINTS: point})
        at_points += _wait(child, most=_STEP_SECONDS)
    for child in (importing, working):
        child.start()
        _wait(child, most=_STEP_SECONDS)
        found.require(
            child.process is not None and child.process.returncode == 0,
            f"{child.arguments[0]} did not end well",
        )
    found.figures |= {"worker_kills": kills, "worker_kills_at_named_points": at_points}
    _judge(found, place)


def _judge(found: Verdict, place: Ground) -> None:
    from tradecredit.flows.rehearsal import watch_books

    with place.owner() as owner:
        count, total, billed = watch_books.invoices_recorded(owner, prefix=_PREFIX)
        waiting, failed = watch_books.events_waiting(owner)
    found.figures |= {"invoices": count, "events_waiting": waiting, "events_failed": len(failed)}
    expected = Decimal(_ROWS) * 10
    found.require(count == _ROWS, f"{count} of {_ROWS} invoices are recorded")
    found.require(total == billed == expected, f"invoices sum to {total}, accounts hold {billed}")
    found.require(waiting == 0, f"{waiting} events still wait")
    found.require(not failed, f"the reactions to {len(failed)} events failed: {failed[:2]}")


def _wait(child: Child, *, most: int) -> int:
    """Wait for the end; kill what does not end. Tells whether it was killed by itself, at its point."""
    deadline = time.monotonic() + most
    while child.is_running and time.monotonic() < deadline:
        time.sleep(0.05)
    died = not child.is_running and child.process is not None and child.process.returncode != 0
    child.kill()
    return int(died)


def _file(folder: Path) -> Path:
    path = folder / "crashed-invoices.csv"
    rows = ["invoice number,customer code,invoice date,due date,amount,currency"]
    rows += [
        f"{_PREFIX}{number},T{number % _CUSTOMERS + 1},2026-01-05,2099-03-05,10.00,CNY"
        for number in range(_ROWS)
    ]
    path.write_text("\n".join(rows) + "\n")
    return path
