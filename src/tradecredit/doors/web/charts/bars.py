"""Horizontal bars: few named amounts, longest first, each opening the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.doors.web import figures
from tradecredit.doors.web.charts import svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its value as a figure and as it is written, and where it leads."""

    label: str
    value: Decimal
    shown: str
    url: str = ""
    colour: str = "brand"
    note: str = ""


def bars(
    items: Sequence[Bar], *, finding: str, basis: str, headers: tuple[str, str], name: str = ""
) -> svg.Chart:
    """Draw bars from zero; the table twin repeats names and values."""
    return svg.Chart(
        wide=_draw(items, svg.WIDE, name or finding, "wide"),
        narrow=_draw(items, svg.NARROW, name or finding, "narrow"),
        finding=finding,
        basis=basis,
        table=svg.Table(headers=headers, rows=tuple((item.label, item.shown) for item in items)),
    )


def _draw(items: Sequence[Bar], width: int, name: str, css: str) -> SafeString:
    is_wide = width == svg.WIDE
    step, left = (30, 168) if is_wide else (46, 0)
    top = max((item.value for item in items), default=Decimal(0)) or Decimal(1)
    room = Decimal(width - left - (108 if is_wide else 112))
    parts = []
    for at, item in enumerate(items):
        y = at * step
        length = max(svg.scaled(item.value, top=top, length=room), Decimal(2))
        bar_y = y + (6 if is_wide else 22)
        drawn = [
            svg.text(left - 10, y + 20, svg.cut(item.label, size=22), anchor="end")
            if is_wide
            else svg.text(0, y + 15, svg.cut(item.label, size=40)),
            svg.rect(left, bar_y, length, 17, css=f"c-{item.colour}", title=f"{item.label} {item.shown}"),
            svg.text(left + length + 8, bar_y + 13, item.shown, css="t-strong"),
        ]
        parts.append(svg.linked(svg.join(drawn), item.url))
    return svg.picture(width, max(len(items) * step, 20) + 4, svg.join(parts), name=name, css=css)


def amount_bar(
    label: str, value: Decimal, currency: str, *, language: str, url: str = "", colour: str = "brand"
) -> Bar:
    """Build a bar whose value is money, written short with its sign."""
    shown = figures.with_sign(figures.short(value, currency, language=language), currency)
    return Bar(label=label, value=value, shown=shown, url=url, colour=colour)
