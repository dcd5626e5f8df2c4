"""A picture of who is bound to whom: the customer in the middle, others on rings around it, arrows with their kind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from django.utils.html import format_html_join

from tradecredit.doors.web.charts import svg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.utils.safestring import SafeString

    from tradecredit.core.dossier.relations.graph import Tie

_HEIGHT: Final = 420
_RADIUS: Final = (0, 120, 175, 200)
_NAME_LENGTH: Final = 12
# Rings are flattened a little, so that the names below the outermost dots find room.
_FLAT: Final = 0.95
_DOT: Final = 7
_DOT_OF_CENTRE: Final = 11
# How far out on its line a tie's word stands.
_OUTER: Final = 0.62

Place = tuple[int, int]


def draw(
    ties: Sequence[Tie],
    *,
    centre: str,
    name_of: Callable[[str], str],
    word_of: Callable[[str], str],
    troubled: frozenset[str],
    is_wide: bool,
) -> SafeString:
    """Return the picture; ``troubled`` parties stand out in colour, and the table twin says the same in words."""
    width = svg.WIDE if is_wide else svg.NARROW
    places = _places(ties, centre, width=width)
    edges = _edges(ties, places, places[centre], word_of)
    nodes = format_html_join(
        "",
        '<g><circle cx="{}" cy="{}" r="{}" class="{}"/>'
        '<text x="{}" y="{}" text-anchor="middle" class="t-strong">{}</text></g>',
        (
            (
                x,
                y,
                _DOT_OF_CENTRE if party == centre else _DOT,
                "c-bad" if party in troubled else "c-brand" if party == centre else "c-info",
                x,
                y + 20,
                _short(name_of(party)),
            )
            for party, (x, y) in places.items()
        ),
    )
    css = "wide" if is_wide else "narrow"
    return svg.picture(width, _HEIGHT, svg.join([edges, nodes]), name=name_of(centre), css=css)


def _edges(
    ties: Sequence[Tie], places: Mapping[str, Place], middle: Place, word_of: Callable[[str], str]
) -> SafeString:
    return format_html_join(
        "",
        '<g><line x1="{}" y1="{}" x2="{}" y2="{}" class="axis"/>'
        '<text x="{}" y="{}" text-anchor="middle" class="t-soft">{}</text></g>',
        (
            (
                *places[tie.source],
                *places[tie.target],
                *_place_of_word(places[tie.source], places[tie.target], middle),
                word_of(tie.kind),
            )
            for tie in ties
            if tie.source in places and tie.target in places
        ),
    )


def _place_of_word(start: Place, end: Place, middle: Place) -> Place:
    """Return where a tie's word stands: above the line, on its outer half, clear of the name in the middle."""
    inner, outer = sorted((start, end), key=lambda place: math.dist(place, middle))
    return round(inner[0] + (outer[0] - inner[0]) * _OUTER), round(
        inner[1] + (outer[1] - inner[1]) * _OUTER
    ) - 4


def _short(name: str) -> str:
    return name if len(name) <= _NAME_LENGTH else f"{name[: _NAME_LENGTH - 1]}…"


def _steps(ties: Sequence[Tie], centre: str) -> Mapping[str, int]:
    """Return how many ties away from the centre each party is."""
    steps = {centre: 0}
    rim = [centre]
    while rim:
        touching = [tie for tie in ties if tie.source in rim or tie.target in rim]
        reached = {party for tie in touching for party in (tie.source, tie.target)} - set(steps)
        far = steps[rim[0]] + 1
        rim = sorted(reached)
        steps |= dict.fromkeys(rim, far)
    return steps


def _places(ties: Sequence[Tie], centre: str, *, width: int) -> Mapping[str, Place]:
    """Put each party on the ring of its distance from the centre, evenly around."""
    rings: dict[int, list[str]] = {}
    for party, step in _steps(ties, centre).items():
        rings.setdefault(min(step, len(_RADIUS) - 1), []).append(party)
    middle = (width // 2, _HEIGHT // 2 - 10)
    places: dict[str, Place] = {}
    for ring, members in rings.items():
        wide = min(_RADIUS[ring] * width // svg.NARROW, width // 2 - 50) if ring else 0
        for number, party in enumerate(members):
            angle = 2 * math.pi * (number + ring / 3) / len(members) - math.pi / 2
            x, y = round(wide * math.cos(angle)), round(_RADIUS[ring] * math.sin(angle) * _FLAT)
            places[party] = (middle[0] + x, middle[1] + y)
    return places
