"""How a benchmark tells its figures."""

from __future__ import annotations

import json
import statistics
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def tell(*, name: str, figures: Mapping[str, Any], is_json: bool) -> None:
    """Print the figures, as one JSON document or one a line."""
    if is_json:
        click.echo(json.dumps({"name": name, "figures": dict(figures)}, ensure_ascii=False))
        return
    width = max((len(key) for key in figures), default=0)
    for key, value in figures.items():
        click.echo(f"{key:<{width}}  {value}")


def median(values: Sequence[float]) -> float:
    """Return the median, nought of nothing."""
    return statistics.median(values) if values else 0.0


def ratio(ours: float, theirs: float) -> float | None:
    """Return ours as a multiple of theirs, rounded; None where there is nothing to compare with."""
    return round(ours / theirs, 3) if theirs else None
