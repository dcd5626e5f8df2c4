"""``bench dunning``: a day on which everybody is written to, beside COPY of the very rows that it wrote."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.bench import copies, telling
from tradecredit.doors.cli.proving import ground

if TYPE_CHECKING:
    from tradecredit.doors.cli.proving.ground import Ground

_DAY: Final = date(2026, 3, 3)
_LONG: Final = 25_000


@click.command("dunning")
@click.option("--customers", default=5_000, show_default=True, help="Who is written to.")
@click.option("--items", default=4, show_default=True, help="Overdue items of each.")
@click.option("--long", "is_long", is_flag=True, help="25,000 customers.")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def dunning_bench(*, customers: int, items: int, is_long: bool, is_json: bool) -> None:
    """Notices a second, the run beside COPY of the same rows, and what running it again costs."""
    wanted = _LONG if is_long else customers
    with ground.throw_away(customers=wanted, limit="100000000.00") as place:
        figures = _measured(place, customers=wanted, items=items)
    telling.tell(name="dunning", figures=figures, is_json=is_json)


def _measured(place: Ground, *, customers: int, items: int) -> dict[str, Any]:
    from tradecredit.flows.rehearsal import fill_overdue
    from tradecredit.flows.watch import run_dunning
    from tradecredit.plumbing import clock

    actor = installations.system_actor("proof")
    ground.say(f"{customers * items:,} overdue items …")
    with place.owner() as owner, clock.on(place.company, _DAY):
        fill_overdue.fill(
            company=place.company, owner=owner, actor=actor, day=_DAY, customers=customers, items=items
        )
        before = fill_overdue.counts(owner)
        ground.say("the run …")
        seconds: list[float] = []
        for _ in range(2):
            began = time.perf_counter()
            report = run_dunning.run_dunning(company=place.company, as_of=_DAY, actor=actor)
            seconds.append(time.perf_counter() - began)
        written = {name: count - before[name] for name, count in fill_overdue.counts(owner).items()}
        ground.say("COPY of the same rows …")
        copied = copies.seconds(place, tables=fill_overdue.WRITTEN)
    notices = written["collections_notice"]
    return {
        "customers": customers,
        "notices": notices,
        "written": written,
        "again_letters": report.letters,
        "seconds": round(seconds[0], 2),
        "notices_per_s": round(notices / seconds[0]),
        "copy_seconds": round(copied, 2),
        "write.ratio": telling.ratio(seconds[0], copied),
        "repeat.ratio": telling.ratio(seconds[1], seconds[0]),
    }
