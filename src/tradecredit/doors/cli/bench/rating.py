"""``bench rating``: a scorecard over a million customers, and one customer rated again on an event.

Beside a query written by hand for the same scorecard in the same rounds, and beside toad where a Python that has it is
named (``--toad-python``; it needs numpy < 2 and pandas < 2.2, so it lives in an environment of its own:
``python -m venv toad && toad/bin/pip install "numpy<2" "pandas<2.2" "scikit-learn<1.6" toad``).
"""

from __future__ import annotations

import json
import resource
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli.bench import telling

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradecredit.core.scoring.rating import GradeScale
    from tradecredit.core.scoring.scorecard import Scorecard

_INDICATORS: Final = 20
_POINTS: Final = (20, 60, 80, 100)
_EDGES: Final = (25, 50, 75)
_BANDS: Final = (("A", 85), ("B", 70), ("C", 55), ("D", 0))
_ROUNDS: Final = 5
_EVENTS: Final = 300
_MEGABYTE: Final = 1024


@click.command("rating")
@click.option("--rows", type=int, default=1_000_000, show_default=True)
@click.option("--toad-python", type=click.Path(exists=True, path_type=Path), help="A Python that has toad.")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def rating_command(rows: int, toad_python: Path | None, *, is_json: bool) -> None:
    """Rate a million customers with grade and the three costliest reasons; rate one again on an event."""
    with tempfile.TemporaryDirectory(prefix="tc-bench-") as folder:
        figures = _portfolio(rows, Path(folder), toad_python)
    figures["event.ms"] = _event_milliseconds()
    telling.tell(name="rating", figures=figures, is_json=is_json)
    if toad_python is None:
        click.echo("no toad: name a Python that has it with --toad-python. 未比较 toad。", err=True)


def _portfolio(rows: int, folder: Path, toad_python: Path | None) -> dict[str, Any]:
    import ibis

    from tradecredit.analytics.compiled import scorecards

    connection = ibis.duckdb.connect()
    connection.raw_sql("SET memory_limit = '450MB'")
    path = folder / "customers.parquet"
    _make_table(connection, rows=rows, path=path)
    card, scale = _card()
    compiled = ibis.to_sql(
        scorecards.rated(card, scale, connection.table("customers"), as_of=_day()).select(
            "id", "score", "grade", "reasons"
        ),
        dialect="duckdb",
    )
    runs = {"ours": str(compiled), "hand": _by_hand()}
    # Ours runs alone first: the peak until then is ours.
    _timed(connection, "ours", runs["ours"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE
    spent: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(_ROUNDS):
        for name, sql in runs.items():
            spent[name].append(_timed(connection, name, sql))
    _require_same(connection)
    seconds = {name: telling.median(found) for name, found in spent.items()}
    toad = None if toad_python is None else _toad_seconds(toad_python, connection, folder)
    return {
        "portfolio.seconds": round(seconds["ours"], 3),
        "portfolio.hand_seconds": round(seconds["hand"], 3),
        "portfolio.ratio": telling.ratio(seconds["ours"], seconds["hand"]),
        **_beside_toad(toad, seconds["ours"]),
        "portfolio.mb": round(peak),
        "portfolio.rows": rows,
    }


def _day() -> Any:
    from datetime import date

    return date(2026, 1, 1)


def _make_table(connection: Any, *, rows: int, path: Path) -> None:
    columns = ", ".join(
        f"(hash(n * {number + 7}) % 10000 / 100)::DECIMAL(9, 2) AS i{number:02}"
        for number in range(_INDICATORS)
    )
    connection.raw_sql(
        f"COPY (SELECT n AS id, {columns} FROM range({rows}) AS r(n)) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 122880)"
    )
    connection.raw_sql(f"CREATE VIEW customers AS SELECT * FROM read_parquet('{path}')")


def _card() -> tuple[Scorecard, GradeScale]:
    """Return 20 indicators of 5 % with four bins each, and four grades."""
    from tradecredit.core.scoring import rating, scorecard_document

    label = {"zh": "基准", "en": "Bench"}
    low, middle, high = (str(edge) for edge in _EDGES)
    bins = [
        {"below": low, "points": str(_POINTS[0])},
        {"from": low, "below": middle, "points": str(_POINTS[1])},
        {"from": middle, "below": high, "points": str(_POINTS[2])},
        {"from": high, "points": str(_POINTS[3])},
    ]
    names = [f"i{number:02}" for number in range(_INDICATORS)]
    indicators = [{"attribute": name, "weight": "5", "points": {"bins": bins}} for name in names]
    section = {
        "name": "bench", "label": label, "digits": "2", "missing": "reallocate",
        "attributes": {name: {"label": label, "unit": "times", "direction": "higher_is_better"} for name in names},
        "dimensions": [{"name": "all", "label": label, "weight": "100", "indicators": indicators}],
    }  # fmt: skip
    grades = [{"grade": name, "label": label, "from": str(least)} for name, least in _BANDS]
    known = scorecard_document.attributes_of(section)
    return scorecard_document.parse(section), rating.parse(
        {"grades": grades, "without_score": "D"}, known=known
    )


def _by_hand() -> str:
    """Return the query that a skilful person writes for this scorecard: points, score, grade, three costliest."""
    names = [f"i{number:02}" for number in range(_INDICATORS)]
    low, middle, high = _EDGES
    least, some, more, most = _POINTS
    points = ", ".join(
        f"CASE WHEN {name} < {low} THEN {least} WHEN {name} < {middle} THEN {some} WHEN {name} < {high} THEN {more} "
        f"WHEN {name} IS NOT NULL THEN {most} END AS p_{name}"
        for name in names
    )
    total = " + ".join(f"coalesce(p_{name}, 0)" for name in names)
    known = " + ".join(f"(p_{name} IS NOT NULL)::INT" for name in names)
    # Equal weights: the order of the costs is that of the points missing; the name breaks ties.
    costs = ", ".join(
        f"coalesce((100 - p_{name}) * 32 + {_INDICATORS - place}, 0)" for place, name in enumerate(names)
    )
    bands = " ".join(f"WHEN score >= {least} THEN '{name}'" for name, least in _BANDS)
    listed = ", ".join(f"'{name}'" for name in reversed(names))
    return f"""
        WITH p AS (SELECT id, {points} FROM customers),
        s AS (SELECT id, round(({total})::DECIMAL(18, 4) / ({known}), 2)::DECIMAL(18, 2) AS score,
            list_reverse_sort([{costs}])[1:3] AS worst FROM p)
        SELECT id, score, CASE {bands} END AS grade,
            list_transform(list_filter(worst, lambda w: w >= 32), lambda w: [{listed}][w % 32]) AS reasons
        FROM s"""


def _timed(connection: Any, name: str, sql: str) -> float:
    connection.raw_sql(f"DROP TABLE IF EXISTS result_{name}")
    start = time.perf_counter()
    connection.raw_sql(f"CREATE TABLE result_{name} AS {sql}")
    return time.perf_counter() - start


def _require_same(connection: Any) -> None:
    """Refuse to compare queries that answer differently."""
    (count,) = connection.raw_sql(
        """SELECT count(*) FROM result_ours o JOIN result_hand h USING (id)
        WHERE o.score IS DISTINCT FROM h.score OR o.grade IS DISTINCT FROM h.grade OR o.reasons IS DISTINCT FROM h.reasons"""
    ).fetchone()
    if count:
        raise click.ClickException(f"the two queries disagree on {count} customers")


def _beside_toad(toad: dict[str, float] | None, ours: float) -> dict[str, Any]:
    """Return toad's seconds for the same answer (score, grade, three reasons), and for scores and grades alone."""
    if toad is None:
        return {"portfolio.toad_seconds": None, "portfolio.times_toad": None}
    return {
        "portfolio.toad_seconds": round(toad["explained"], 3),
        "portfolio.times_toad": telling.ratio(toad["explained"], ours),
        "portfolio.toad_scores_only_seconds": round(toad["scored"], 3),
    }


def _toad_seconds(python: Path, connection: Any, folder: Path) -> dict[str, float] | None:
    low, middle, high = _EDGES
    spans = (f"[-inf ~ {low})", f"[{low} ~ {middle})", f"[{middle} ~ {high})", f"[{high} ~ inf)")
    rules = {
        f"i{number:02}": {span: points / _INDICATORS for span, points in zip(spans, _POINTS, strict=True)}
        for number in range(_INDICATORS)
    }
    path, table = folder / "rules.json", folder / "customers.csv"
    connection.raw_sql(f"COPY (SELECT * EXCLUDE id FROM customers) TO '{table}' (FORMAT csv)")
    path.write_text(json.dumps(rules))
    peer = Path(__file__).with_name("rating_peer.py")
    done = subprocess.run(  # noqa: S603 - the Python that the caller named
        [str(python), str(peer), str(table), str(path)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        click.echo(f"toad did not run: {done.stderr.strip().splitlines()[-1:]}", err=True)
        return None
    return {name: float(found) for name, found in json.loads(done.stdout).items()}


def _event_milliseconds() -> float:
    """Return the median time of one re-rating without the database: facts to values, score, grade, change, record."""
    return round(telling.median([_one_event(number) for number in range(_EVENTS)]) * 1000, 3)


def _one_event(number: int) -> float:
    rerate = _prepared_event()
    # The time of this thread alone: neighbours on a shared machine do not count as our code.
    start = time.thread_time()
    rerate(number)
    return time.thread_time() - start


_events: list[Callable[[int], object]] = []


def _prepared_event() -> Callable[[int], object]:
    """Return what a single re-rating does in our code, on the shipped pack with every indicator known."""
    if _events:
        return _events[0]
    from decimal import Decimal
    from importlib import resources

    from tradecredit.core.kernel import canonical
    from tradecredit.core.scoring import rating, recording, scorecard, scorecard_document
    from tradecredit.core.scoring.recording import Rated
    from tradecredit.core.scoring.values import Known, Value
    from tradecredit.plumbing import yaml_texts

    folder = resources.files("tradecredit.policies") / "five-pillars"
    document: dict[str, Any] = {
        name: yaml_texts.read_plain((folder / f"{name}.yaml").read_text(encoding="utf-8"))
        for name in ("scorecard", "grades")
    }
    known = scorecard_document.attributes_of(document["scorecard"])
    card = scorecard_document.parse(document["scorecard"])
    scale = rating.parse(document["grades"], known=known)
    lines = [line for dimension in card.dimensions for line in dimension.indicators]

    def rerate(number: int) -> object:
        values: dict[str, Value] = {
            line.attribute.name: Known(
                value="x" if line.attribute.unit == "text" else Decimal(number % 50) / 7
            )
            for line in lines
        }
        result = scorecard.evaluate(card, values=values, as_of=_day())
        suggestion = rating.suggest(scale, result=result, values=values)
        new = recording.snapshot_of(result, grade=suggestion.grade)
        change = rating.compare(scale, old=None, new=new)
        rated = Rated(result=result, suggestion=suggestion, grade=suggestion.grade, change=change)
        return canonical.dumps(recording.as_dict(rated, scorecard=card) | recording.values_as_dict(values))

    _events[:] = [rerate]
    return rerate
