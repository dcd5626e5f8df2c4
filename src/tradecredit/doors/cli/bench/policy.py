"""``bench policy``: decision tables row by row, with every cell traced, and a million at a time.

Beside zen-engine (when it is installed: it is a development dependency) in the same rounds, on an equivalent table of
20 rows and 4 inputs: single figures of a shared machine move, ratios within a round do not.
"""

from __future__ import annotations

import importlib.util
import json
import statistics
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli.bench import simulation, telling

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradecredit.core.decision_tables.boxes import Table

_GRADES: Final = ("A", "B", "C", "D")
_STEPS: Final = (0, 30, 60, 90, 120)
_ROUNDS: Final = 5
_NAMESPACE: Final = "urn:tradecredit:bench"
_NAMES: Final = ("days", "amount", "grade", "frozen")

Facts = dict[str, Any]


@click.command("policy")
@click.option("--seconds", type=float, default=1.0, show_default=True, help="For each rate in each round.")
@click.option("--rows", type=int, default=1_000_000, show_default=True, help="For the table decided at once.")
@click.option(
    "--simulate", "decisions", type=int, help="Only this: so many recorded decisions under another policy."
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def policy_command(seconds: float, rows: int, decisions: int | None, *, is_json: bool) -> None:
    """Decision tables: rows a second, traced rows a second, seconds for a million rows at once."""
    if decisions is not None:
        telling.tell(name="policy", figures=simulation.figures(decisions), is_json=is_json)
        return
    figures = {**_row_figures(seconds), **_set_figures(rows)}
    document = {"name": "policy", "figures": figures}
    if is_json:
        click.echo(json.dumps(document))
        return
    for name, value in figures.items():
        click.echo(f"{name}\t{'–' if value is None else f'{value:,.2f}'}")
    if figures["row.ratio"] is None:
        click.echo("zen-engine is not installed: no ratios. 未安装 zen-engine，没有对比倍数。", err=True)


def _table() -> Table:
    from tradecredit.core.decision_tables import boxes

    rules = [
        boxes.Rule(
            tests=(f"[{days}..{days + 30})", "< 500000" if grade in "AB" else ">= 0", f'"{grade}"', "-"),
            outputs=(f'"{days}{grade}"',),
        )
        for days in _STEPS
        for grade in _GRADES
    ]
    return boxes.Table(
        inputs=tuple(boxes.InputClause(label=name, expression=name) for name in _NAMES),
        outputs=(boxes.OutputClause(name="outcome"),),
        rules=tuple(rules),
        hit_policy="FIRST",
    )


def _facts() -> list[Facts]:
    return [
        {"days": Decimal(days), "amount": Decimal(days * 1000), "grade": grade, "frozen": False}
        for days in range(0, 150, 7)
        for grade in _GRADES
    ]


def _row_figures(seconds: float) -> dict[str, float | None]:
    from tradecredit.core.decision_tables import quick
    from tradecredit.core.decision_tables.engine import Model
    from tradecredit.core.decision_tables.model import Decision, Definitions, InputData, Key

    types = dict(zip(_NAMES, ("number", "number", "string", "boolean"), strict=True))
    keys = tuple(Key(_NAMESPACE, name) for name in _NAMES)
    facts = tuple(InputData(key=key, name=key.id, type_ref=types[key.id]) for key in keys)
    decision = Decision(key=Key(_NAMESPACE, "outcome"), name="outcome", requires=keys, logic=_table())
    model = Model(Definitions(name="bench", namespace=_NAMESPACE, elements=(*facts, decision)))
    prepared = quick.prepared(model, "outcome")
    if prepared is None:
        raise click.ClickException("the table of the benchmark is not one of constants")
    ours = _facts()
    runs: dict[str, tuple[Callable[[Facts], object], Sequence[Facts]]] = {
        "row.per_s": (prepared.decide, ours),
        "engine.per_s": (lambda one: model.decide("outcome", one), ours),
        "traced.per_s": (lambda one: model.decide("outcome", one, is_traced=True), ours),
    }
    peer = _peer()
    if peer is not None:
        theirs = [{**one, "days": int(one["days"]), "amount": int(one["amount"])} for one in ours]
        runs["zen.per_s"] = (lambda one: peer(one, False), theirs)
        runs["zen_traced.per_s"] = (lambda one: peer(one, True), theirs)
        _check_same(prepared.decide, peer, ours, theirs)
    rates: dict[str, float | None] = dict(_alternating(runs, seconds))
    return {
        "row.ratio": _ratio(rates, "row.per_s", "zen.per_s"),
        "traced.ratio": _ratio(rates, "traced.per_s", "zen_traced.per_s"),
        **rates,
    }


def _check_same(
    ours: Callable[[Facts], Any], peer: Callable[[Facts, bool], Any], facts: list[Facts], theirs: list[Facts]
) -> None:
    """Refuse to compare engines that answer differently."""
    for one, other in zip(facts, theirs, strict=True):
        hit, answer = ours(one), peer(other, False)["result"]["outcome"]
        if hit is None or hit.value != answer:
            raise click.ClickException(f"the engines disagree on {one}: {hit} and {answer}")


def _alternating(
    runs: dict[str, tuple[Callable[[Facts], object], Sequence[Facts]]], seconds: float
) -> dict[str, float]:
    """Return the median rate of each, taken in turns so that a noisy moment hits all alike."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(_ROUNDS):
        for name, (call, facts) in runs.items():
            click.echo(f"\r{name:20}", nl=False, err=True)
            found[name].append(_rate(call, facts, seconds))
    click.echo("\r" + " " * 20 + "\r", nl=False, err=True)
    return {name: statistics.median(rates) for name, rates in found.items()}


def _rate(call: Callable[[Facts], object], facts: Sequence[Facts], seconds: float) -> float:
    count, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        for one in facts:
            call(one)
        count += len(facts)
    return count / spent


def _ratio(rates: dict[str, float | None], ours: str, theirs: str) -> float | None:
    left, right = rates.get(ours), rates.get(theirs)
    return None if left is None or right is None else left / right


def _peer() -> Callable[[Facts, bool], Any] | None:
    """Return zen-engine on the same table, with a compiled content from its loader; None when it is not there."""
    if importlib.util.find_spec("zen") is None:
        return None
    import zen

    content = zen.ZenDecisionContent(json.dumps(_peer_model()))
    engine = zen.ZenEngine({"loader": lambda _key: content})

    def ask(facts: Facts, is_traced: bool) -> Any:  # noqa: FBT001 - called by position a million times
        return (
            engine.evaluate("bench", facts, {"trace": True}) if is_traced else engine.evaluate("bench", facts)
        )

    return ask


def _peer_model() -> dict[str, Any]:
    rules = [
        {
            "_id": f"r{days}{grade}",
            "days": f"[{days}..{days + 30})",
            "amount": "< 500000" if grade in "AB" else ">= 0",
            "grade": f'"{grade}"',
            "frozen": "",
            "outcome": f'"{days}{grade}"',
        }
        for days in _STEPS
        for grade in _GRADES
    ]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in _NAMES],
        "outputs": [{"id": "outcome", "name": "outcome", "field": "outcome"}],
        "rules": rules,
    }
    return {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
            {
                "id": "table",
                "name": "table",
                "type": "decisionTableNode",
                "content": table,
                "position": {"x": 1, "y": 0},
            },
            {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
        ],
        "edges": [
            {"id": "a", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "b", "type": "edge", "sourceId": "table", "targetId": "out"},
        ],
    }


def _set_figures(rows: int) -> dict[str, float | None]:
    """Decide a million rows in the columnar engine: the second of two runs, the first one warms it."""
    import ibis

    from tradecredit.analytics.compiled import decision_tables

    connection = ibis.duckdb.connect()
    connection.raw_sql(
        f"""CREATE TABLE facts AS SELECT (n % 150)::BIGINT AS days, ((n * 7919) % 100000000 / 100)::DECIMAL(18, 2) AS amount,
        ['A', 'B', 'C', 'D'][n % 4 + 1] AS grade, n % 11 = 0 AS frozen FROM range({rows}) AS r(n)"""
    )
    facts = connection.table("facts")
    verdicts = decision_tables.decided(_table(), facts, fact_names=_NAMES)
    spent = []
    for name in ("warm", "measured"):
        start = time.perf_counter()
        connection.create_table(name, verdicts)
        spent.append(time.perf_counter() - start)
    return {"set.seconds": spent[-1], "set.rows": float(rows)}
