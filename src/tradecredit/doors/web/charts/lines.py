"""Lines and areas over time: days of sales outstanding, exposure against its limit, delay of each payment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.html import format_html

from tradecredit.doors.web import figures
from tradecredit.doors.web.charts import svg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from django.utils.safestring import SafeString

_HEIGHT = 216
_LABEL_ROOM = 88
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 16, 14, 28
# What a letter of an axis takes: a Chinese one is as wide as it is high.
_LETTER, _WIDE_LETTER = 7, 12


@dataclass(frozen=True, slots=True)
class Point:
    """A figure on a day; ``second`` is the figure it is compared with, such as a limit."""

    on: date
    value: Decimal
    second: Decimal | None = None
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How a chart over time is drawn and told."""

    finding: str
    basis: str
    language: str
    headers: tuple[str, ...]
    write: Callable[[Decimal], str]
    has_area: bool = False
    legend: tuple[tuple[str, str], ...] = ()


def line(points: Sequence[Point], look: Look) -> svg.Chart:
    """Draw a line from a zero base, with the compared figure dashed and, if asked, the area filled."""
    return _chart(points, look, _line_marks)


def dots(points: Sequence[Point], look: Look) -> svg.Chart:
    """Draw one dot for each payment: how many days before (below) or after (above) it was due."""
    return _chart(points, look, _dot_marks)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The axes of one drawing."""

    width: int
    left: int
    low: Decimal
    top: Decimal
    first: date
    days: int

    @property
    def marks(self) -> list[Decimal]:
        return sorted({self.low, *svg.ticks(self.top)})

    def x(self, on: date) -> Decimal:
        room = Decimal(self.width - self.left - _RIGHT)
        return self.left + room * (on - self.first).days / max(self.days, 1)

    def y(self, value: Decimal) -> Decimal:
        room = Decimal(_HEIGHT - _TOP - _BOTTOM)
        return _TOP + room * (self.top - value) / ((self.top - self.low) or 1)


def _chart(points: Sequence[Point], look: Look, marks: Callable[..., list[SafeString]]) -> svg.Chart:
    return svg.Chart(
        wide=_draw(points, look, marks, svg.WIDE, "wide"),
        narrow=_draw(points, look, marks, svg.NARROW, "narrow"),
        finding=look.finding,
        basis=look.basis,
        table=svg.Table(headers=look.headers, rows=tuple(_row(point, look) for point in points)),
        legend=look.legend,
    )


def _row(point: Point, look: Look) -> tuple[str, ...]:
    cells = [figures.day(point.on, language=look.language), look.write(point.value)]
    if point.second is not None:
        cells.append(look.write(point.second))
    if point.label:
        cells.insert(0, point.label)
    return tuple(cells)


def _frame(points: Sequence[Point], look: Look, width: int) -> _Frame:
    values = [point.value for point in points] + [
        point.second for point in points if point.second is not None
    ]
    top = svg.nice_top(max(values, default=Decimal(0)))
    low = min([Decimal(0), *values])
    low = -svg.nice_top(-low, steps=1) if low < 0 else Decimal(0)
    first, latest = min(point.on for point in points), max(point.on for point in points)
    frame = _Frame(width=width, left=_LEFT, low=low, top=top, first=first, days=(latest - first).days)
    return replace(frame, left=max(_LEFT, *(_length(look.write(mark)) + 12 for mark in frame.marks)))


def _length(label: str) -> int:
    return sum(_LETTER if letter.isascii() else _WIDE_LETTER for letter in label)


def _draw(
    points: Sequence[Point], look: Look, marks: Callable[..., list[SafeString]], width: int, css: str
) -> SafeString:
    if not points:
        return svg.picture(width, 10, svg.join([]), name=look.finding, css=css)
    frame = _frame(points, look, width)
    parts = _axes(frame, look, points)
    parts += marks(points, frame, look)
    return svg.picture(width, _HEIGHT, svg.join(parts), name=look.finding, css=css)


def _axes(frame: _Frame, look: Look, points: Sequence[Point]) -> list[SafeString]:
    parts = []
    for value in frame.marks:
        y = frame.y(value)
        css = "axis" if value == 0 else "grid-line"
        parts.append(svg.line(frame.left, y, frame.width - _RIGHT, y, css=css))
        parts.append(svg.text(frame.left - 8, y + 4, look.write(value), anchor="end", css="t-soft"))
    days = sorted({point.on for point in points})
    for on in _labelled_days(days, frame, look):
        anchor = "end" if on == days[-1] and len(days) > 1 else "middle" if on != days[0] else "start"
        label = figures.short_day(on, language=look.language)
        parts.append(svg.text(frame.x(on), _HEIGHT - 8, label, anchor=anchor, css="t-soft"))
    return parts


def _labelled_days(days: Sequence[date], frame: _Frame, look: Look) -> list[date]:
    """Return the days to name below the axis: no month twice, and none so close that names would touch."""
    wanted = 6 if frame.width == svg.WIDE else 3
    chosen = [days[round(at * (len(days) - 1) / max(wanted - 1, 1))] for at in range(min(wanted, len(days)))]
    months = {figures.short_day(on, language=look.language): on for on in reversed(chosen)}
    kept: list[date] = []
    for on in sorted(months.values(), reverse=True):
        if not kept or frame.x(kept[-1]) - frame.x(on) > _LABEL_ROOM:
            kept.append(on)
    return kept


def _path(points: Sequence[tuple[Decimal, Decimal]]) -> str:
    return "M" + "L".join(f"{svg.fmt(x)} {svg.fmt(y)}" for x, y in points)


def _steps(points: Sequence[tuple[Decimal, Decimal]]) -> str:
    """Return a path that stays level until the next point: a limit does not grow between two days."""
    first, *later = points
    return f"M{svg.fmt(first[0])} {svg.fmt(first[1])}" + "".join(
        f"H{svg.fmt(x)}V{svg.fmt(y)}" for x, y in later
    )


def _line_marks(points: Sequence[Point], frame: _Frame, look: Look) -> list[SafeString]:
    main = [(frame.x(point.on), frame.y(point.value)) for point in points]
    parts = []
    if look.has_area:
        base = frame.y(Decimal(0))
        closed = (
            f"{_path(main)}L{svg.fmt(main[-1][0])} {svg.fmt(base)}L{svg.fmt(main[0][0])} {svg.fmt(base)}Z"
        )
        parts.append(format_html('<path class="area" d="{}"/>', closed))
    second = [(frame.x(point.on), frame.y(point.second)) for point in points if point.second is not None]
    if second:
        css = "limit-line" if look.has_area else "line is-second"
        drawn = _steps(second) if look.has_area else _path(second)
        parts.append(format_html('<path class="{}" d="{}"/>', css, drawn))
    parts.append(format_html('<path class="line" d="{}"/>', _path(main)))
    latest_x, latest_y = main[-1]
    parts.append(
        format_html('<circle class="c-brand" cx="{}" cy="{}" r="4"/>', svg.fmt(latest_x), svg.fmt(latest_y))
    )
    above = latest_y - 10 if latest_y > _TOP + 14 else latest_y + 18
    parts.append(svg.text(latest_x, above, look.write(points[-1].value), anchor="end", css="t-strong"))
    return parts


def _dot_marks(points: Sequence[Point], frame: _Frame, look: Look) -> list[SafeString]:
    parts = []
    for point in points:
        colour = "bad" if point.value > 0 else "good"
        mark = format_html(
            '<circle class="c-{}" cx="{}" cy="{}" r="4.5" fill-opacity="0.75"><title>{}</title></circle>',
            colour,
            svg.fmt(frame.x(point.on)),
            svg.fmt(frame.y(point.value)),
            " ".join((point.label, figures.day(point.on, language=look.language), look.write(point.value))),
        )
        parts.append(svg.linked(mark, point.url))
    return parts
