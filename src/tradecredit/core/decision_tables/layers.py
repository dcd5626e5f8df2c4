"""A model's elements in layers, as its drawing shows them: what needs nothing first, each behind all that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.decision_tables import boxes
from tradecredit.core.decision_tables.graph import Graph
from tradecredit.core.decision_tables.model import Decision, InputData, KnowledgeModel

if TYPE_CHECKING:
    from tradecredit.core.decision_tables.model import Definitions, Element, Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An element with its kind (``input``, ``decision``, ``knowledge``, ``service``), its layer, and whom it needs."""

    id: str
    name: str
    kind: str
    layer: int
    needs: tuple[str, ...]
    is_table: bool = False
    row_count: int = 0


def layers(definitions: Definitions) -> tuple[Node, ...]:
    """Return the elements of a model by layer, within a layer as they stand in the file.

    Raises UnableToReadModelError where something needs itself.
    """
    graph = Graph(definitions, ())
    depths: dict[Key, int] = {}
    for element in definitions.elements:
        _depth(element, graph, depths)
    nodes = [_node(element, graph, depths[element.key]) for element in definitions.elements]
    return tuple(sorted(nodes, key=lambda node: node.layer))


def _depth(element: Element, graph: Graph, depths: dict[Key, int]) -> int:
    """Return how many elements stand one behind the other before this one; the graph is free of circles."""
    pending = [element]
    while pending:
        one = pending[-1]
        needed = [found for _, found in graph.needed_by(one)]
        unknown = [found for found in needed if found.key not in depths]
        if unknown:
            pending += unknown
            continue
        pending.pop()
        depths[one.key] = 1 + max((depths[found.key] for found in needed), default=-1)
    return depths[element.key]


def _node(element: Element, graph: Graph, layer: int) -> Node:
    logic = element.logic if isinstance(element, Decision) else None
    is_table = isinstance(logic, boxes.Table)
    return Node(
        id=element.key.id,
        name=element.name,
        kind=_kind(element),
        layer=layer,
        needs=tuple(found.key.id for _, found in graph.needed_by(element)),
        is_table=is_table,
        row_count=len(logic.rules) if isinstance(logic, boxes.Table) else 0,
    )


def _kind(element: Element) -> str:
    match element:
        case InputData():
            return "input"
        case Decision():
            return "decision"
        case KnowledgeModel():
            return "knowledge"
        case _:
            return "service"
