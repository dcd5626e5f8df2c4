"""Run by another Python that has toad: score the same table with the same points, print the seconds and the sum."""

from __future__ import annotations

import json
import sys
import time
from typing import Any


def main(table: str, rules: str) -> None:
    """Print the best seconds of three and the sum of the points, as JSON."""
    import pandas as pd  # type: ignore[import-untyped] # of the peer's environment
    from toad import ScoreCard  # type: ignore[import-not-found] # as above

    frame: Any = pd.read_csv(table).astype("float64")
    card: Any = ScoreCard()
    with open(rules, encoding="utf-8") as file:  # noqa: PTH123 - a script for any Python
        card.load(json.load(file))
    spent, points = [], None
    for _ in range(3):
        start = time.perf_counter()
        points = card.predict(frame)
        pd.cut(points, [-1e9, 55, 70, 85, 1e9], right=False, labels=list("DCBA"))
        spent.append(time.perf_counter() - start)
    print(json.dumps({"seconds": min(spent), "sum": float(points.sum()) if points is not None else 0.0}))


if __name__ == "__main__":
    main(*sys.argv[1:])
