"""``bench cash``: the matcher at scale beside a vectorised pipeline, the generated desk, and the files before it."""

from __future__ import annotations

import math
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli.bench import cash_files, cash_reference, telling
from tradecredit.doors.cli.proving import ground

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PAYMENTS: Final = 10_000
_ITEMS_A_PAYMENT: Final = 10
_SIZES: Final = (25_000, 50_000, 100_000, 200_000)
_ROUNDS: Final = 2
_SEED: Final = 7
_DESK_SEED: Final = 1
_LEARN_SEEDS: Final = range(1000, 1012)
_KILOBYTE: Final = 1024


@click.command("cash")
@click.option(
    "--desk", "is_desk", is_flag=True, help="Only the generated desk: how much is booked, how much rightly."
)
@click.option("--seed", default=_DESK_SEED, show_default=True, help="Of the generated desk.")
@click.option(
    "--files/--no-files", default=True, show_default=True, help="Import invoices and a statement as well."
)
@click.option(
    "--learn",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Only this: write the statistics that are shipped, from desks of other seeds.",
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def cash_bench(*, is_desk: bool, seed: int, files: bool, learn: Path | None, is_json: bool) -> None:
    """Matching: seconds, megabytes and growth; what the desk books by itself and how much of it is right."""
    if learn is not None:
        learn.write_text(_apart(_learned), encoding="utf-8")
        return
    figures = _desk(seed)
    if not is_desk:
        figures |= _matching()
        figures |= cash_files.figures() if files else {}
    telling.tell(name="cash", figures=figures, is_json=is_json)


def _desk(seed: int) -> dict[str, Any]:
    ground.say("the generated desk: 5,000 payments, 20,000 open invoices, 800 customers …")
    report = _apart(_desk_report, seed)
    return {f"desk.{name}": value for name, value in report.items()}


def _desk_report(seed: int) -> dict[str, Any]:
    from tradecredit.flows.rehearsal import cash_desk, try_cash_desk

    policy, chances = _rules()
    done = try_cash_desk.work(cash_desk.build(seed=seed), chances=chances, policy=policy)
    return try_cash_desk.report(done)


def _matching() -> dict[str, Any]:
    """Return the figures of the matcher: each size in processes of its own, the quicker of two rounds."""
    timed: dict[int, _Round] = {}
    for size in _SIZES:
        ground.say(f"{size // _ITEMS_A_PAYMENT:,} payments against {size:,} open items …")
        rounds = [_apart(_one_size, size) for _ in range(_ROUNDS)]
        timed[size] = min(rounds, key=lambda one: one.seconds)
    ground.say("the vectorised pipeline …")
    reference = _apart(cash_reference.run, _PAYMENTS, _SEED)
    asked = timed[_PAYMENTS * _ITEMS_A_PAYMENT]
    rate = _PAYMENTS / asked.processor
    beside = reference.get("payments_per_second")
    return {
        "match.seconds": round(asked.seconds, 2),
        "match.processor_seconds": round(asked.processor, 2),
        "match.payments_per_second": round(rate),
        "match.peak_mb": round(asked.peak),
        "match.growth_exponent": round(_exponent([(size, one.processor) for size, one in timed.items()]), 3),
        "match.n_log_n_exponent": round(_exponent([(size, size * math.log(size)) for size in _SIZES]), 3),
        "match.processor_seconds_by_items": {
            str(size): round(one.processor, 2) for size, one in timed.items()
        },
        "match.reference": reference,
        "match.ratio": None if beside is None else telling.ratio(rate, beside),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """One run of the matcher: seconds by the clock and of the processor, megabytes of the process."""

    seconds: float
    processor: float
    peak: float


def _one_size(items: int) -> _Round:
    """Time the way from values to matches with evidence and probability, in this process.

    Other work on a shared machine moves the clock, not the processor's seconds: rates and growth go by the latter.
    """
    import resource

    from tradecredit.flows.rehearsal import cash_desk, try_cash_desk

    payments = items // _ITEMS_A_PAYMENT
    desk = cash_desk.build(seed=_SEED, customers=payments, items=items, payments=payments)
    policy, chances = _rules()
    began, busy = time.perf_counter(), time.process_time()
    done = try_cash_desk.work(desk, chances=chances, policy=policy)
    seconds, processor = time.perf_counter() - began, time.process_time() - busy
    if len(done) != payments or not all(one.match.words.en for one in done):
        raise RuntimeError("every payment is answered with its evidence")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTE
    return _Round(seconds=seconds, processor=processor, peak=peak)


def _rules() -> tuple[Any, Any]:
    from tradecredit.analytics.receivables import policies
    from tradecredit.flows.cash import match_odds

    policy = policies.default().matcher
    return policy, match_odds.of_nobody(policy=policy)


def _learned() -> str:
    from tradecredit.analytics.receivables import policies
    from tradecredit.flows.rehearsal import cash_desk, try_cash_desk

    desks = (cash_desk.build(seed=seed) for seed in _LEARN_SEEDS)
    tallies = try_cash_desk.learned(desks, policy=policies.default().matcher)
    lines = [f"  {key}: {counts}" for key, counts in try_cash_desk.as_document(tallies).items()]
    return "\n".join([try_cash_desk.STATISTICS_HEAD, *lines, ""])


def _apart(work: Callable[..., Any], *given: Any) -> Any:
    """Run work in a fresh process, so that memory and caches of one round are not those of another."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"), initializer=_awake) as pool:
        return pool.submit(work, *given).result()


def _awake() -> None:
    import os

    import django

    from tradecredit.plumbing import waste

    # As every command and the server do.
    waste.look_seldom()
    # The matcher reads no database: any key will do.
    os.environ.setdefault(
        "TRADECREDIT_SECRET_KEY", "only-for-a-benchmark-0123456789-abcdefghijklmnopqrstuvwxyz"
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradecredit.config.settings.production")
    django.setup()


def _exponent(points: Sequence[tuple[int, float]]) -> float:
    """Return the slope of the points on logarithmic scales, by least squares."""
    logs = [(math.log(size), math.log(value)) for size, value in points]
    mean_x = sum(x for x, _ in logs) / len(logs)
    mean_y = sum(y for _, y in logs) / len(logs)
    over = sum((x - mean_x) * (y - mean_y) for x, y in logs)
    return over / sum((x - mean_x) ** 2 for x, _ in logs)
