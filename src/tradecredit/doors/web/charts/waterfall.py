"""The waterfall of a held order: each stage of exposure stacked towards the limit, and over it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.html import format_html

from tradecredit.doors.web import figures
from tradecredit.doors.web.charts import svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString

_STEP = 32


@dataclass(frozen=True, slots=True)
class Step:
    """One stage; ``colour`` is info for what stands already and late for what is asked now."""

    label: str
    amount: Decimal
    colour: str = "info"


@dataclass(frozen=True, slots=True)
class Place:
    """What a waterfall leads to: the limit (None when there is none) and the words around it."""

    limit: Decimal | None
    currency: str
    limit_label: str
    total_label: str
    finding: str
    basis: str
    language: str
    headers: tuple[str, str]


def waterfall(steps: Sequence[Step], place: Place) -> svg.Chart:
    """Draw the stages one after another; what stands beyond the limit is red."""
    total = sum((step.amount for step in steps), Decimal(0))
    rows = [(step.label, figures.exact(step.amount, place.currency)) for step in steps]
    rows.append((place.total_label, figures.exact(total, place.currency)))
    if place.limit is not None:
        rows.append((place.limit_label, figures.exact(place.limit, place.currency)))
    return svg.Chart(
        wide=_draw(steps, place, total, svg.WIDE, "wide"),
        narrow=_draw(steps, place, total, svg.NARROW, "narrow"),
        finding=place.finding,
        basis=place.basis,
        table=svg.Table(headers=place.headers, rows=tuple(rows)),
    )


def _peak(steps: Sequence[Step], limit: Decimal | None) -> Decimal:
    running, peak = Decimal(0), limit or Decimal(0)
    for step in steps:
        running += step.amount
        peak = max(peak, running)
    return peak or Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """Where bars begin, how long they may be, and what the longest stands for."""

    left: int
    room: Decimal
    top: Decimal

    def x(self, value: Decimal) -> Decimal:
        return self.left + self.length(value)

    def length(self, value: Decimal) -> Decimal:
        return svg.scaled(value, top=self.top, length=self.room)


def _draw(steps: Sequence[Step], place: Place, total: Decimal, width: int, css: str) -> SafeString:
    left, right = (150, 96) if width == svg.WIDE else (94, 70)
    top = _peak(steps, place.limit) * Decimal("1.02")
    frame = _Frame(left=left, room=Decimal(width - left - right), top=top)
    height = 26 + (len(steps) + 1) * _STEP
    parts: list[SafeString] = []
    running = Decimal(0)
    # The line comes first, so that the figures stand on top of it.
    if place.limit is not None:
        x = frame.x(place.limit)
        parts.append(format_html('<path class="limit-line" d="M{} 18V{}"/>', svg.fmt(x), height - 4))
        written = f"{place.limit_label} {_short(place.limit, place)}"
        anchor = "end" if x > width * Decimal("0.6") else "start"
        parts.append(svg.text(x, 12, written, anchor=anchor, css="t-strong"))
    for at, step in enumerate(steps):
        parts += _bar(at, step, start=running, place=place, frame=frame)
        running += step.amount
    whole = Step(label=place.total_label, amount=total, colour="soft")
    parts += _bar(len(steps), whole, start=Decimal(0), place=place, frame=frame)
    return svg.picture(width, height, svg.join(parts), name=place.finding, css=css)


def _bar(at: int, step: Step, *, start: Decimal, place: Place, frame: _Frame) -> list[SafeString]:
    y = 24 + at * _STEP
    low, high = sorted(max(value, Decimal(0)) for value in (start, start + step.amount))
    size = 20 if frame.left > 100 else 13  # noqa: PLR2004 - pixels
    parts = [svg.text(frame.left - 10, y + 16, svg.cut(step.label, size=size), anchor="end")]
    edge = high if place.limit is None else min(max(place.limit, low), high)
    title = f"{step.label} {figures.exact(step.amount, place.currency)}"
    for begin, end, css in ((low, edge, f"c-{step.colour}"), (edge, high, "c-bad")):
        if end > begin:
            parts.append(svg.rect(frame.x(begin), y, frame.length(end - begin), 22, css=css, title=title))
    css = "t-bad" if place.limit is not None and high > place.limit else "t-strong"
    parts.append(svg.text(frame.x(high) + 7, y + 16, _short(step.amount, place), css=css))
    return parts


def _short(amount: Decimal, place: Place) -> str:
    return figures.short(amount, place.currency, language=place.language)
