"""Record exchange rates as dated facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.exposure import node_operations, node_queries
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.core.exposure.rates import Rate
    from tradecredit.plumbing.access import Actor


def record_rates(*, rates: Sequence[Rate], actor: Actor) -> int:
    """Record the rates that are not known yet; returns how many. The latest recorded of a day holds from then on."""
    with db.unit_of_work(actor):
        known: set[tuple[str, str, date, str]] = set()
        for day in {rate.day for rate in rates}:
            known |= {_key(rate) for rate in node_queries.rate_book(as_of=day)}
        new = [rate for rate in rates if _key(rate) not in known]
        node_operations.record_rates(
            [
                node_operations.NewRate(
                    source=rate.source,
                    target=rate.target,
                    rate=rate.rate,
                    valid_from=rate.day,
                    origin=rate.origin,
                )
                for rate in new
            ],
            actor=actor,
        )
        return len(new)


def _key(rate: Rate) -> tuple[str, str, date, str]:
    return (rate.source, rate.target, rate.day, f"{rate.rate.normalize():f}")
