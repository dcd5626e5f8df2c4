"""The drawing of a decision model: facts on the left, decisions behind what they need, lines from one to the other."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.utils.html import format_html

from tradecredit.doors.web.charts import svg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.utils.safestring import SafeString

    from tradecredit.core.decision_tables.layers import Node
    from tradecredit.core.kernel.reasons import Words

_STEP: Final = 46
_BOX: Final = 32
_GAP: Final = Decimal("0.3")
# Facts are round, knowledge is dashed, decisions are square: as the standard draws them.
_ROUND: Final = {"input": 16, "service": 10}

Place = tuple[Decimal, Decimal]


def draw(
    nodes: Sequence[Node],
    *,
    name_of: Callable[[str], str],
    url_of: Mapping[str, str],
    title: Words,
    language: str,
) -> svg.Chart:
    """Draw a model; a decision that is a table leads to its page, and the twin says what each needs."""
    names = {node.id: name_of(node.name) for node in nodes}
    rows = tuple(
        (names[node.id], ", ".join(names[each] for each in node.needs if each in names) or "–")
        for node in nodes
    )
    is_zh = language.startswith("zh")
    finding = title.in_language(language)
    return svg.Chart(
        wide=_draw(nodes, names, url_of, width=svg.WIDE, css="wide", name=finding),
        narrow=_draw(nodes, names, url_of, width=svg.NARROW, css="narrow", name=finding),
        finding=finding,
        basis="圆角是输入的事实，方框是决策；点方框看表" if is_zh else "Round: facts given. Square: decisions; each opens its table",
        table=svg.Table(headers=("元素", "需要") if is_zh else ("Element", "Needs"), rows=rows),
    )  # fmt: skip


def _draw(
    nodes: Sequence[Node], names: Mapping[str, str], url_of: Mapping[str, str], *, width: int, css: str, name: str
) -> SafeString:  # fmt: skip
    columns = max((node.layer for node in nodes), default=0) + 1
    box = Decimal(width) / (columns + (columns - 1) * _GAP)
    places: dict[str, Place] = {}
    heights = [0] * columns
    for node in nodes:
        places[node.id] = (box * (1 + _GAP) * node.layer, Decimal(heights[node.layer] * _STEP + 2))
        heights[node.layer] += 1
    _centre(nodes, places, heights)
    lines = [
        _line(places[each], places[node.id], box) for node in nodes for each in node.needs if each in places
    ]
    drawn = [_node(node, names[node.id], places[node.id], box, url_of) for node in nodes]
    return svg.picture(
        width, max(heights, default=1) * _STEP + 4, svg.join([*lines, *drawn]), name=name, css=css
    )


def _centre(nodes: Sequence[Node], places: dict[str, Place], heights: Sequence[int]) -> None:
    """Put shorter columns in the middle of the longest."""
    for node in nodes:
        x, y = places[node.id]
        places[node.id] = (x, y + Decimal((max(heights) - heights[node.layer]) * _STEP) / 2)


def _line(start: Place, end: Place, box: Decimal) -> SafeString:
    return svg.line(start[0] + box, start[1] + _BOX // 2, end[0], end[1] + _BOX // 2, css="axis")


def _node(node: Node, name: str, place: Place, box: Decimal, url_of: Mapping[str, str]) -> SafeString:
    letters = int(box / 7)
    rows = f" · {node.row_count}" if node.is_table else ""
    drawn = format_html(
        '<g class="drg-{}"><rect x="{}" y="{}" width="{}" height="{}" rx="{}"><title>{}</title></rect>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text></g>',
        node.kind,
        svg.fmt(place[0]),
        svg.fmt(place[1]),
        svg.fmt(box),
        _BOX,
        _ROUND.get(node.kind, 2),
        name,
        svg.fmt(place[0] + box / 2),
        svg.fmt(place[1] + Decimal(20)),
        svg.cut(f"{name}{rows}", size=letters),
    )
    return svg.linked(drawn, url_of.get(node.name, ""))
