"""Models joined with those they import: elements by key, types by model, references checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.decision_tables import member_names
from tradecredit.core.decision_tables.model import (
    Decision,
    DecisionService,
    Definitions,
    Element,
    Key,
    KnowledgeModel,
    UnableToReadModelError,
)
from tradecredit.core.decision_tables.shapes import Shapes
from tradecredit.core.feel.values import kinds, properties

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Graph:
    """The elements of some models and what each needs."""

    def __init__(self, definitions: Definitions, imported: Iterable[Definitions]) -> None:
        """Join them; raises UnableToReadModelError when anything needs itself."""
        self._models = {one.namespace: one for one in (*imported, definitions)}
        self.elements: dict[Key, Element] = {
            element.key: element for one in self._models.values() for element in one.elements
        }
        self._shapes: dict[str, Shapes] = {}
        for namespace in self._models:
            self._join_shapes(namespace, ())
        self.members = member_names.of(self._models.values()).union(
            properties.NAMES, *(one.member_names() for one in self._shapes.values())
        )
        self._types = {namespace: one.types() for namespace, one in self._shapes.items()}
        done: set[Key] = set()
        for key in self.elements:
            self._check_circle(key, done)

    def shapes(self, namespace: str) -> Shapes:
        """Return the types that a model's elements may name."""
        return self._shapes[namespace]

    def types(self, namespace: str) -> Mapping[str, kinds.Type]:
        """Return the types that a model's texts may name."""
        return self._types[namespace]

    def _join_shapes(self, namespace: str, pending: tuple[str, ...]) -> Shapes:
        if namespace in self._shapes:
            return self._shapes[namespace]
        if namespace in pending:
            raise UnableToReadModelError("circular_reference", name=namespace)
        one = self._models[namespace]
        imported = {
            found.name: self._join_shapes(found.namespace, (*pending, namespace))
            for found in one.imports
            if found.namespace in self._models
        }
        self._shapes[namespace] = Shapes(one.items, imported)
        return self._shapes[namespace]

    def missing(self) -> tuple[Key, ...]:
        """Return what is referred to and is not there."""
        return tuple(key for one in self.elements.values() for key in _needs(one) if key not in self.elements)

    def needed_by(self, element: Element) -> tuple[tuple[str, Element], ...]:
        """Return what a decision or knowledge model requires, each with the name of its import (or none)."""
        here = element.key.namespace
        return tuple(
            (self.import_name(here, key.namespace), self.elements[key])
            for key in _requires(element)
            if key in self.elements
        )

    def _check_circle(self, start: Key, done: set[Key]) -> None:
        path: set[Key] = set()
        pending: list[tuple[Key, bool]] = [(start, True)]
        while pending:
            key, is_entered = pending.pop()
            if not is_entered:
                path.discard(key)
                done.add(key)
                continue
            if key in path:
                raise UnableToReadModelError("circular_reference", name=self.elements[key].name)
            if key in done or key not in self.elements:
                continue
            path.add(key)
            pending.append((key, False))
            pending.extend((one, True) for one in _requires(self.elements[key]))

    def import_name(self, from_namespace: str, to_namespace: str) -> str:
        """Return the name under which one model imports another; empty within one model."""
        if from_namespace == to_namespace:
            return ""
        names = (one.name for one in self._models[from_namespace].imports if one.namespace == to_namespace)
        return next(names, "")


def _requires(element: Element) -> tuple[Key, ...]:
    return element.requires if isinstance(element, Decision | KnowledgeModel) else ()


def _needs(element: Element) -> tuple[Key, ...]:
    if isinstance(element, DecisionService):
        return element.outputs + element.encapsulated + element.inputs
    return _requires(element)
