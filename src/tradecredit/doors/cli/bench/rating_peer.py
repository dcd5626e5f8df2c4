"""Run by another Python that has toad: the same table, points, grades and three reasons; print the seconds."""

from __future__ import annotations

import json
import sys
import time
from typing import Any


def main(table: str, rules: str) -> None:
    """Print the best of three, as JSON: seconds to score and grade, and seconds with three reasons a row as well."""
    import pandas as pd  # type: ignore[import-untyped] # of the peer's environment
    from toad import ScoreCard  # type: ignore[import-not-found] # as above

    frame: Any = pd.read_csv(table).astype("float64")
    card: Any = ScoreCard()
    with open(rules, encoding="utf-8") as file:  # noqa: PTH123 - a script for any Python
        card.load(json.load(file))
    scored, explained = [], []
    for _ in range(3):
        start = time.perf_counter()
        pd.cut(card.predict(frame), [-1e9, 55, 70, 85, 1e9], right=False, labels=list("DCBA"))
        scored.append(time.perf_counter() - start)
        # The whole answer; get_reason scores by itself once more, which is left out to toad's advantage.
        start = time.perf_counter()
        card.get_reason(frame, keep=3)
        explained.append(time.perf_counter() - start)
    print(json.dumps({"scored": min(scored), "explained": min(explained)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
