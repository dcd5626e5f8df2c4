"""``bench order-check``: checks over HTTP beside pgbench running our own statement and a page with one row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli.bench import checks, growth, pgbench, telling
from tradecredit.doors.cli.bench.running import Bench
from tradecredit.doors.cli.proving import ground, serving_child, wire

if TYPE_CHECKING:
    from collections.abc import Callable


CUSTOMERS: Final = 1_000
_PARTS: Final = ("spread", "hot", "batch", "growth", "memory")
_CLIENTS: Final = 64
_HOT_CLIENTS: Final = 32
_SPREAD_PGBENCH_CLIENTS: Final = 8
_BATCH_CLIENTS: Final = 4
_BATCH_SIZE: Final = 100
_PAGE_CLIENTS: Final = 16
_ROUNDS: Final = 3
_MEMORY_CHECKS: Final = {False: 20_000, True: 200_000}
_WARM_CHECKS: Final = 2_000
# Of 16 MB each: more than the rounds of a part write.
_LOG_FILES: Final = 48


@click.command("order-check")
@click.option("--seconds", default=4.0, show_default=True, help="For each rate in each round.")
@click.option("--part", "parts", multiple=True, type=click.Choice(_PARTS), help="Only these (default: all).")
@click.option("--long", "is_long", is_flag=True, help="A million customers and entries, 200,000 checks.")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def order_check_bench(*, seconds: float, parts: tuple[str, ...], is_long: bool, is_json: bool) -> None:
    """Checks a second and their latency, durable, as ratios of references measured in the same run."""
    chosen = parts or _PARTS
    if {"spread", "hot"} & set(chosen):
        pgbench.find()
    figures: dict[str, Any] = {}
    with (
        ground.throw_away(customers=CUSTOMERS, limit="1000000000.00") as place,
        serving_child.serving(place) as web,
    ):
        bench = Bench(place=place, web=web, seconds=seconds, is_long=is_long)
        _warm(bench)
        for name in chosen:
            ground.say(f"{name} …")
            figures |= _MEASURES[name](bench)
    telling.tell(name="order-check", figures=figures, is_json=is_json)


def _warm(bench: Bench) -> None:
    """Let every customer be checked once and twice, then teach the database the statement that pgbench runs.

    A new database makes each file of its write-ahead log anew, and everybody waits meanwhile; one that has run for a
    day uses them again. So files are made and given back first, for both sides.
    """
    from tradecredit.flows.rehearsal import own_statement
    from tradecredit.plumbing import clock

    bench.run(_spread(bench), clients=_CLIENTS, most=_CLIENTS)
    with bench.place.owner() as owner:
        own_statement.install(owner, company_id=bench.place.company_id, day=clock.today(bench.place.company))
        owner.run("ANALYZE")
        for _ in range(_LOG_FILES):
            owner.rows("SELECT pg_logical_emit_message(true, 'bench', '')")
            owner.rows("SELECT pg_switch_wal()")
        owner.run("CHECKPOINT")
    bench.run(_spread(bench), clients=_CLIENTS, most=_WARM_CHECKS)


def _spread(bench: Bench) -> Callable[[int], bytes]:
    return checks.spread(token=bench.place.token, customers=CUSTOMERS, mark=bench.mark())


def _measure_spread(bench: Bench) -> dict[str, Any]:
    ours, theirs, pages = [], [], []
    worst = 0.0
    page = wire.get("/alive")
    for _ in range(_ROUNDS):
        found = bench.run(_spread(bench), clients=_CLIENTS, seconds=bench.seconds)
        ours.append(found.per_second)
        worst = max(worst, found.percentile_ms(0.99))
        theirs.append(bench.pgbench(clients=_SPREAD_PGBENCH_CLIENTS, last=CUSTOMERS))
        pages.append(bench.run(lambda _: page, clients=_PAGE_CLIENTS, seconds=bench.seconds / 2).per_second)
    return {
        "spread.ratio": _median_ratio(ours, theirs),
        "spread.page_ratio": _median_ratio(ours, pages),
        "spread.p99_ms": round(worst, 1),
        "spread.checks_per_s": round(telling.median(ours), 1),
        "spread.pgbench_per_s": round(telling.median(theirs), 1),
        "spread.page_per_s": round(telling.median(pages), 1),
    }


def _measure_hot(bench: Bench) -> dict[str, Any]:
    ours, theirs = [], []
    worst = 0.0
    for _ in range(_ROUNDS):
        request = checks.hot(token=bench.place.token, mark=bench.mark())
        found = bench.run(request, clients=_HOT_CLIENTS, seconds=bench.seconds)
        ours.append(found.per_second)
        worst = max(worst, found.percentile_ms(0.99))
        theirs.append(bench.pgbench(clients=_HOT_CLIENTS, last=1))
    return {
        "hot.ratio": _median_ratio(ours, theirs),
        "hot.checks_per_s": round(telling.median(ours), 1),
        "hot.pgbench_per_s": round(telling.median(theirs), 1),
        "hot.p99_ms": round(worst, 1),
    }


def _measure_batch(bench: Bench) -> dict[str, Any]:
    rates = []
    for _ in range(_ROUNDS):
        request = checks.batches(
            token=bench.place.token, customers=CUSTOMERS, mark=bench.mark(), size=_BATCH_SIZE
        )
        found = bench.run(request, clients=_BATCH_CLIENTS, seconds=bench.seconds)
        rates.append(found.per_second * _BATCH_SIZE)
    return {"batch.decisions_per_s": round(telling.median(rates), 1)}


def _measure_growth(bench: Bench) -> dict[str, Any]:
    return growth.measure(bench)


def _measure_memory(bench: Bench) -> dict[str, Any]:
    def resident() -> float:
        return serving_child.resident_megabytes(bench.web.tree())

    bench.run(_spread(bench), clients=_CLIENTS, most=_WARM_CHECKS)
    before = resident()
    count = _MEMORY_CHECKS[bench.is_long]
    bench.run(_spread(bench), clients=_CLIENTS, most=count)
    after = resident()
    return {
        "memory.growth_mb": round(after - before, 1),
        "memory.before_mb": round(before, 1),
        "memory.after_mb": round(after, 1),
        "memory.checks": count,
    }


def _median_ratio(ours: list[float], theirs: list[float]) -> float:
    """Return the median of the rounds' ratios: what moves the machine moves both sides of a round."""
    return round(telling.median([mine / other for mine, other in zip(ours, theirs, strict=True)]), 3)


_MEASURES: Final[dict[str, Callable[[Bench], dict[str, Any]]]] = {
    "spread": _measure_spread,
    "hot": _measure_hot,
    "batch": _measure_batch,
    "growth": _measure_growth,
    "memory": _measure_memory,
}
