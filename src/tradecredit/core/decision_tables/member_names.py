"""The names of everything that can be inside a context of a model, so that paths with spaces are understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.decision_tables import boxes
from tradecredit.core.decision_tables.model import Decision, Definitions, KnowledgeModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def of(models: Iterable[Definitions]) -> frozenset[str]:
    """Return the names of elements, entries, columns and outputs of some models."""
    found: set[str] = set()
    for model in models:
        for element in model.elements:
            found.add(element.name)
            if isinstance(element, Decision):
                found.update(_inside(element.logic))
            elif isinstance(element, KnowledgeModel):
                found.update(_inside(element.function))
    return frozenset(found - {""})


def _inside(box: boxes.Box | None) -> Iterator[str]:
    pending: list[object] = [box]
    while pending:
        one = pending.pop()
        match one:
            case tuple():
                pending.extend(one)
                continue
            case boxes.Entry():
                yield one.name
            case boxes.Relation():
                yield from one.columns
            case boxes.OutputClause():
                yield one.name
            case None | str() | bool() | boxes.Rule() | boxes.InputClause():
                continue
        pending.extend(getattr(one, name) for name in getattr(one, "__dataclass_fields__", ()))
