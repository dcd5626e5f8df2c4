"""The map of a process drawn from its log: steps from top to bottom, arcs as thick as they are often taken."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.utils.html import format_html

from tradecredit.doors.web.charts import svg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.safestring import SafeString

_STEP: Final = 92
_BOX: Final = 46
_END: Final = 28
_GAP: Final = 14
# Room on the right of the boxes for arcs that go back up, and on the left for those that pass over layers.
_MARGIN: Final = 34
_WIDEST: Final = 230
_THICKEST: Final = 7
_LETTER: Final = Decimal("6.6")
_HALF: Final = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Stop:
    """A place in the process; ``kind`` is start, step or end, ``times`` how many passed it."""

    id: str
    label: str
    note: str = ""
    kind: str = "step"
    times: int = 0
    is_slowest: bool = False


@dataclass(frozen=True, slots=True)
class Arc:
    """How many went from one stop straight to another."""

    source: str
    target: str
    times: int


@dataclass(frozen=True, slots=True)
class _Box:
    x: Decimal
    y: Decimal
    width: Decimal
    height: int

    @property
    def middle(self) -> Decimal:
        return self.x + self.width / 2


def draw(stops: Sequence[Stop], arcs: Sequence[Arc], *, name: str, is_wide: bool) -> SafeString:
    """Return the map; arcs that go back up run on the right and are dashed, those over a layer on the left."""
    width = svg.WIDE if is_wide else svg.NARROW
    layers = layers_of(stops, arcs)
    places = _places(stops, layers, width=width)
    most = max((arc.times for arc in arcs), default=1)
    # What is taken most is drawn last, so that no thin line crosses over it.
    lines = [
        _arc(arc, places, layers, most=most, width=width) for arc in sorted(arcs, key=lambda arc: arc.times)
    ]
    boxes = [_stop(stop, places[stop.id]) for stop in stops]
    height = max((box.y + box.height for box in places.values()), default=Decimal(0)) + 4
    css = "wide" if is_wide else "narrow"
    return svg.picture(width, height, svg.join([*lines, *boxes]), name=name, css=f"process {css}")


def layers_of(stops: Sequence[Stop], arcs: Sequence[Arc]) -> dict[str, int]:
    """Return how far down each stop stands: below all that lead to it, arcs that close a circle left aside.

    The ways taken most are followed first, so a seldom way back is what closes the circle. Ends stand lowest.
    """
    onward: dict[str, list[str]] = {stop.id: [] for stop in stops}
    for arc in sorted(arcs, key=lambda arc: -arc.times):
        if arc.source in onward and arc.target in onward:
            onward[arc.source].append(arc.target)
    forward = _without_circles(onward, roots=[stop.id for stop in stops])
    layers = dict.fromkeys(onward, 0)
    # As many rounds as stops are enough for the longest way.
    for _ in stops:
        for source, target in forward:
            layers[target] = max(layers[target], layers[source] + 1)
    lowest = max((layers[stop.id] for stop in stops if stop.kind != "end"), default=0) + 1
    return layers | {stop.id: lowest for stop in stops if stop.kind == "end"}


def _without_circles(onward: Mapping[str, Sequence[str]], *, roots: Sequence[str]) -> list[tuple[str, str]]:
    """Return the arcs without those that lead back to a stop on the way to their source."""
    kept: list[tuple[str, str]] = []
    seen: set[str] = set()
    for root in roots:
        if root in seen:
            continue
        seen.add(root)
        way = [(root, iter(onward[root]))]
        while way:
            here, rest = way[-1]
            target = next(rest, None)
            if target is None:
                way.pop()
            elif target not in {each for each, _ in way}:
                kept.append((here, target))
                if target not in seen:
                    seen.add(target)
                    way.append((target, iter(onward[target])))
    return kept


def _places(stops: Sequence[Stop], layers: Mapping[str, int], *, width: int) -> dict[str, _Box]:
    rows: dict[int, list[Stop]] = {}
    for stop in stops:
        rows.setdefault(layers[stop.id], []).append(stop)
    room = Decimal(width - 2 * _MARGIN)
    places = {}
    for layer, row in rows.items():
        wide = min((room - _GAP * (len(row) - 1)) / len(row), Decimal(_WIDEST))
        left = (Decimal(width) - wide * len(row) - _GAP * (len(row) - 1)) / 2
        for number, stop in enumerate(row):
            height = _BOX if stop.kind == "step" else _END
            places[stop.id] = _Box(
                left + number * (wide + _GAP), Decimal(layer * _STEP + 2 + (_BOX - height) // 2), wide, height
            )
    return places


def _arc(
    arc: Arc, places: Mapping[str, _Box], layers: Mapping[str, int], *, most: int, width: int
) -> SafeString:
    start, end = places[arc.source], places[arc.target]
    apart = layers[arc.target] - layers[arc.source]
    if apart == 1:
        x1, y1, x2, y2 = start.middle, start.y + start.height, end.middle, end.y
        bend = (y2 - y1) * _HALF
        path = f"M{_at(x1, y1)} C{_at(x1, y1 + bend)} {_at(x2, y2 - bend)} {_at(x2, y2)}"
        word, head = ((x1 + x2) / 2, (y1 + y2) / 2 + 4), _head(x2, y2, down=True)
        return _drawn(arc, path, head, word=word, anchor="middle", most=most, css="flow")
    is_back = apart < 1
    side = Decimal(width - 8) if is_back else Decimal(8)
    x1 = start.x + start.width if is_back else start.x
    x2 = end.x + end.width if is_back else end.x
    y1, y2 = start.y + Decimal(start.height) / 2, end.y + Decimal(end.height) / 2
    if is_back and arc.source == arc.target:
        y1, y2 = y1 + 10, y2 - 10
    path = f"M{_at(x1, y1)} C{_at(side, y1)} {_at(side, y2)} {_at(x2, y2)}"
    head = _side_head(x2, y2, to_left=is_back)
    word = (side - 2 if is_back else side + 2, (y1 + y2) / 2 + 4)
    css = "flow is-back" if is_back else "flow"
    return _drawn(arc, path, head, word=word, anchor="end" if is_back else "start", most=most, css=css)


def _drawn(
    arc: Arc, path: str, head: str, *, word: tuple[Decimal, Decimal], anchor: str, most: int, css: str
) -> SafeString:
    thick = 1 + Decimal(_THICKEST - 1) * arc.times / most
    return format_html(
        '<g><path d="{}" class="{}" stroke-width="{}"/><path d="{}" class="flow-head"/>{}</g>',
        path,
        css,
        svg.fmt(thick),
        head,
        svg.text(word[0], word[1], str(arc.times), anchor=anchor, css="t-strong"),
    )


def _head(x: Decimal, y: Decimal, *, down: bool) -> str:
    up = -9 if down else 9
    return f"M{_at(x, y)} L{_at(x - 6, y + up)} L{_at(x + 6, y + up)} Z"


def _side_head(x: Decimal, y: Decimal, *, to_left: bool) -> str:
    out = 9 if to_left else -9
    return f"M{_at(x, y)} L{_at(x + out, y - 6)} L{_at(x + out, y + 6)} Z"


def _at(x: Decimal, y: Decimal) -> str:
    return f"{svg.fmt(x)},{svg.fmt(y)}"


def _stop(stop: Stop, box: _Box) -> SafeString:
    letters = int(box.width / _LETTER)
    css = f"stop is-{stop.kind}{' is-slowest' if stop.is_slowest else ''}"
    middle = box.y + Decimal(box.height) / 2
    label = stop.label if stop.kind == "step" else f"{stop.label} {stop.times}"
    note = svg.text(box.middle, middle + 15, svg.cut(stop.note, size=letters), anchor="middle", css="t-soft")
    return format_html(
        '<g class="{}"><rect x="{}" y="{}" width="{}" height="{}" rx="{}"><title>{}</title></rect>{}{}</g>',
        css,
        svg.fmt(box.x),
        svg.fmt(box.y),
        svg.fmt(box.width),
        box.height,
        8 if stop.kind == "step" else box.height // 2,
        f"{stop.label} {stop.note}".strip(),
        svg.text(
            box.middle,
            middle - 2 if stop.note else middle + 4,
            svg.cut(label, size=letters),
            anchor="middle",
            css="t-strong",
        ),
        note if stop.note else "",
    )
