"""What one check costs as the books grow: customers, a customer's open orders, its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.doors.cli.bench import checks, telling
from tradecredit.doors.cli.proving import ground, wire

if TYPE_CHECKING:
    from tradecredit.doors.cli.bench.running import Bench

_ROUNDS: Final = 5
_CHECKS_A_ROUND: Final = 150
_CUSTOMERS_A_STEP: Final = 50_000
_PAIRS_A_STEP: Final = 5_000
_DECISIONS_A_STEP: Final = 50_000
# Customers with nothing else to do: plain, with many open orders, with a long history.
_PLAIN, _BUSY, _OLD = 901, 902, 903
_ASKED: Final = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sizes:
    customers_before: int
    customers_after: int
    open_orders: int
    history_before: int
    history_after: int


_QUICK: Final = _Sizes(
    customers_before=1_000,
    customers_after=20_000,
    open_orders=2_000,
    history_before=1_000,
    history_after=20_000,
)
_LONG: Final = _Sizes(
    customers_before=10_000,
    customers_after=1_000_000,
    open_orders=2_000,
    history_before=1_000,
    history_after=1_000_000,
)


def measure(bench: Bench) -> dict[str, Any]:
    """Return the worst of three growths of the median latency, and the three."""
    sizes = _LONG if bench.is_long else _QUICK
    _customers(bench, first=1_001, last=sizes.customers_before)
    _history(bench, number=_PLAIN, count=sizes.history_before)
    few = _in_pages(bench)
    _open_orders(bench, sizes)
    _history(bench, number=_OLD, count=sizes.history_after)
    plain, busy, old = _alternating(bench, (_PLAIN, _BUSY, _OLD))
    _customers(bench, first=sizes.customers_before + 1, last=sizes.customers_after)
    many = _in_pages(bench)
    ratios = {
        "growth.customers": round(many / few, 3),
        "growth.open_orders": round(busy / plain, 3),
        "growth.history": round(old / plain, 3),
    }
    return {
        "growth.ratio": max(ratios.values()),
        **ratios,
        "growth.p50_ms": round(plain, 3),
        "growth.sizes": f"{sizes.customers_before:,} → {sizes.customers_after:,} customers, 0 → {sizes.open_orders:,}"
        f" open orders, {sizes.history_before:,} → {sizes.history_after:,} decisions and entries",
    }


def _alternating(bench: Bench, customers: tuple[int, ...]) -> list[float]:
    """Return each customer's median latency; they take turns, so that the machine's moods meet all of them."""
    found: dict[int, list[float]] = {customer: [] for customer in customers}
    for _ in range(_ROUNDS):
        for customer in customers:
            request = checks.hot(token=bench.place.token, mark=bench.mark(), customer=customer)
            found[customer].append(bench.run(request, clients=1, most=_CHECKS_A_ROUND).percentile_ms(0.5))
    return [telling.median(values) for values in found.values()]


def _in_pages(bench: Bench) -> float:
    """Return the median latency of a check as a multiple of a page's: the machine's mood changes between sizes.

    Rounds of both take turns; a page with one row does not know how many customers there are.
    """
    page = wire.get("/alive")
    found = []
    for _ in range(_ROUNDS):
        request = checks.spread(token=bench.place.token, customers=_ASKED, mark=bench.mark())
        ours = bench.run(request, clients=1, most=_CHECKS_A_ROUND).percentile_ms(0.5)
        found.append(ours / bench.run(lambda _: page, clients=1, most=_CHECKS_A_ROUND).percentile_ms(0.5))
    return telling.median(found)


def _customers(bench: Bench, *, first: int, last: int) -> None:
    from tradecredit.flows.rehearsal import fill_books

    with bench.place.owner() as owner:
        for start in range(first, last + 1, _CUSTOMERS_A_STEP):
            count = min(_CUSTOMERS_A_STEP, last + 1 - start)
            ground.say(f"  customers: {start - 1:,} of {last:,} …")
            fill_books.copy_customers(
                owner, pattern=bench.place.pattern, count=count, first=start, is_slim=True
            )


def _open_orders(bench: Bench, sizes: _Sizes) -> None:
    from tradecredit.flows.rehearsal import fill_books

    with bench.place.owner() as owner:
        fill_books.copy_orders(owner, number=_BUSY, count=sizes.open_orders)


def _history(bench: Bench, *, number: int, count: int) -> None:
    """Give a customer so many decisions and as many entries."""
    from tradecredit.flows.rehearsal import fill_books

    with bench.place.owner() as owner:
        for start in range(0, count, _DECISIONS_A_STEP):
            ground.say(f"  history: {start:,} of {count:,} …")
            fill_books.copy_decisions(
                owner, pattern=bench.place.pattern, number=number, count=min(_DECISIONS_A_STEP, count - start)
            )
        for part, start in enumerate(range(0, count // 2, _PAIRS_A_STEP)):
            fill_books.post_entries(
                owner, first=number, accounts=1, pairs=min(_PAIRS_A_STEP, count // 2 - start), part=part
            )
        owner.run("ANALYZE exposure_exposureentry, exposure_creditaccount, decisions_decision")
