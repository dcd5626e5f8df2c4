"""The map of each kind of request, drawn from the log: which steps, how often, how long, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.approvals import kinds
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import durations, tones
from tradecredit.doors.web.charts import process, svg
from tradecredit.doors.web.templatetags.tc import language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradecredit.analytics.approvals.insight import Insight

    Row = dict[str, Any]

_START: Final = "*asked"
# What takes less is nobody's bottleneck.
_LONG: Final = timedelta(minutes=1)
_MADE: Final = Words(zh="发起", en="Asked")


@dataclass(frozen=True, slots=True)
class Map:
    """The picture of one kind of request."""

    kind: str
    kind_words: Words
    chart: svg.Chart


def of_log(found: Insight) -> list[Map]:
    """Return a map for each kind whose requests ran by a flow, those asked most first."""
    by_kind: dict[str, list[Row]] = {}
    for row in found.ways:
        by_kind.setdefault(row["kind"], []).append(row)
    steps = {(row["kind"], row["node_id"]): row for row in found.steps}
    maps = [
        _map(kind, rows, {row["node_id"]: steps.get((kind, row["node_id"])) for row in rows})
        for kind, rows in by_kind.items()
    ]
    return [one for one, _ in sorted(maps, key=lambda each: -each[1])]


def _map(kind: str, rows: Sequence[Row], steps: dict[str, Row | None]) -> tuple[Map, int]:
    asked = sum(row["begun"] for row in rows)
    timed = {
        node: step for node, step in steps.items() if step and step["median"] and step["median"] >= _LONG
    }
    slowest = max(timed, key=lambda node: timed[node]["median"]) if timed else ""
    names = {row["node_id"]: _word(row["name_zh"], row["name_en"]) for row in rows}
    stops = _stops(rows, steps, names, asked=asked, slowest=slowest)
    arcs = _arcs(rows)
    words = kinds.KINDS.get(kind, Words(zh=kind, en=kind))
    name = f"{words.in_language(language())} · {_finding(asked, names.get(slowest), timed.get(slowest))}"
    labels = {stop.id: stop.label for stop in stops}
    is_zh = language() == "zh"
    chart = svg.Chart(
        wide=process.draw(stops, arcs, name=name, is_wide=True),
        narrow=process.draw(stops, arcs, name=name, is_wide=False),
        finding=name,
        basis="线越粗走得越多；虚线是往回走；红框是最慢的一步"
        if is_zh
        else "Thicker lines are taken more often; dashed ones go back; the slowest step is framed in red",
        table=svg.Table(
            headers=("从", "到", "次数") if is_zh else ("From", "To", "Times"),
            rows=tuple((labels[arc.source], labels[arc.target], str(arc.times)) for arc in arcs),
        ),
    )
    return Map(kind, words, chart), asked


def _stops(
    rows: Sequence[Row], steps: dict[str, Row | None], names: dict[str, str], *, asked: int, slowest: str
) -> list[process.Stop]:
    ends = _sums((row["outcome"], row["times"]) for row in rows if row["outcome"])
    return [
        process.Stop(_START, _MADE.in_language(language()), kind="start", times=asked),
        *(
            process.Stop(node, names[node], _note(step), is_slowest=node == slowest)
            for node, step in steps.items()
        ),
        *(process.Stop(f"*{outcome}", _ended(outcome), kind="end", times=times) for outcome, times in ends),
    ]


def _arcs(rows: Sequence[Row]) -> list[process.Arc]:
    begun = _sums((row["node_id"], row["begun"]) for row in rows)
    return [
        *(process.Arc(_START, node, times) for node, times in begun if times),
        *(process.Arc(row["node_id"], row["next_id"] or f"*{row['outcome']}", row["times"]) for row in rows),
    ]


def _finding(asked: int, name: str | None, step: Row | None) -> str:
    is_zh = language() == "zh"
    if name is None or step is None:
        return f"{asked} 件" if is_zh else f"{asked} asked"
    span = durations.written(step["median"]).in_language(language())
    if is_zh:
        return f"{asked} 件，最慢的一步是“{name}”，中位 {span}"
    return f"{asked} asked, slowest at {name}: median {span}"


def _note(step: Row | None) -> str:
    """Return how often a step was reached and how long it takes."""
    if step is None:
        return ""
    is_zh = language() == "zh"
    times = f"{step['steps']} 次" if is_zh else f"{step['steps']} ×"
    if step["median"] is None:
        return times
    return f"{times} · {durations.written(step['median']).in_language(language())}"


def _ended(outcome: str) -> str:
    return tones.of("task", outcome).words.in_language(language())


def _word(zh: str, en: str) -> str:
    return Words(zh=zh, en=en).in_language(language())


def _sums(pairs: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    totals: dict[str, int] = {}
    for key, times in pairs:
        totals[key] = totals.get(key, 0) + times
    return list(totals.items())
