"""What every chart shares: its value, its scales and a few SVG elements."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Final

from django.utils.html import format_html, format_html_join

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

WIDE: Final = 560
NARROW: Final = 330
_NICE: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Table:
    """The twin of a picture: the same figures in rows."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture at two widths with its finding, its unit and day, and its table."""

    wide: SafeString
    narrow: SafeString
    finding: str
    basis: str
    table: Table
    legend: tuple[tuple[str, str], ...] = ()


def nice_top(largest: Decimal, *, steps: int = 4) -> Decimal:
    """Return a round top of an axis from zero: ``nice_top(312) == 400`` in four steps of 100."""
    if largest <= 0:
        return Decimal(steps)
    raw = largest / steps
    magnitude = Decimal(10) ** raw.adjusted()
    factor = next(step for step in _NICE if raw <= step * magnitude)
    count = (largest / (factor * magnitude)).to_integral_value(rounding=ROUND_CEILING)
    return factor * magnitude * count


def ticks(top: Decimal, *, steps: int = 4) -> tuple[Decimal, ...]:
    """Return round marks of an axis from zero to its top: ``ticks(15)`` is 0, 5, 10, 15."""
    raw = top / steps
    magnitude = Decimal(10) ** raw.adjusted()
    apart = next(step for step in _NICE if raw <= step * magnitude) * magnitude
    return tuple(apart * step for step in range(int(top / apart) + 1))


def scaled(value: Decimal, *, top: Decimal, length: int | Decimal) -> Decimal:
    """Return where a value stands on an axis of a given length."""
    return (value / top * length) if top else Decimal(0)


def fmt(value: Decimal | int) -> str:
    """Return a coordinate to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def text(
    x: Decimal | int, y: Decimal | int, content: str, *, anchor: str = "start", css: str = ""
) -> SafeString:
    """Return a text element."""
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" class="{}">{}</text>', fmt(x), fmt(y), anchor, css, content
    )


def rect(
    x: Decimal | int,
    y: Decimal | int,
    width: Decimal | int,
    height: Decimal | int,
    *,
    css: str,
    title: str = "",
) -> SafeString:
    """Return a bar with rounded ends and a title on hover."""
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="2.5" class="{}"><title>{}</title></rect>',
        fmt(x),
        fmt(y),
        fmt(max(Decimal(width), Decimal(0))),
        fmt(max(Decimal(height), Decimal(0))),
        css,
        title,
    )


def line(
    x1: Decimal | int, y1: Decimal | int, x2: Decimal | int, y2: Decimal | int, *, css: str
) -> SafeString:
    """Return a straight line."""
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>', fmt(x1), fmt(y1), fmt(x2), fmt(y2), css
    )


def join(parts: list[SafeString]) -> SafeString:
    """Join elements."""
    return format_html_join("", "{}", ((part,) for part in parts))


def linked(content: SafeString, url: str) -> SafeString:
    """Wrap an element in a link to the rows behind it, when there is one."""
    return format_html('<a href="{}">{}</a>', url, content) if url else content


def picture(width: int, height: int | Decimal, content: SafeString, *, name: str, css: str) -> SafeString:
    """Return the whole drawing; its name is read out in place of the drawing."""
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" role="{}" aria-label="{}">{}</svg>',
        css,
        width,
        fmt(Decimal(height)),
        # An image hides its parts from those who listen; a drawing with links is a group instead.
        "group" if "<a " in content else "img",
        name,
        content,
    )


def cut(label: str, *, size: int) -> str:
    """Shorten a label for a narrow place; Chinese letters count double."""
    used = 0
    for at, letter in enumerate(label):
        used += 2 if ord(letter) > 0x2E80 else 1  # noqa: PLR2004 - where the CJK blocks begin
        if used > size:
            return f"{label[:at]}…"
    return label
