"""What a value of a declared type must look like: its kind, its components, its allowed values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel import expression
from tradecredit.core.feel.run import NullBecauseError, Run, Scope, UnableToParseError
from tradecredit.core.feel.values import coercion, kinds, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradecredit.core.decision_tables.model import ItemDefinition
    from tradecredit.core.feel.compiling.tests import Test
    from tradecredit.core.feel.values.kinds import Type

_DEEPEST = 40
Class = type


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A type with what DMN adds to it: ``allowed`` holds for each item of a collection, ``constraint`` for the whole."""

    type: Type
    is_collection: bool = False
    components: tuple[tuple[str, Shape], ...] = ()
    base: Shape | None = None
    allowed: Test | None = None
    constraint: Test | None = None
    quick: Class | None = None  # a value of this class needs no further look


_QUICK: Mapping[Type, type] = {kinds.NUMBER: Decimal, kinds.STRING: str, kinds.BOOLEAN: bool}
ANYTHING = Shape(type=kinds.ANY)


def fitted(value: Any, shape: Shape, run: Run) -> Any:
    """Return the value in its shape, one item made a list or a list of one made an item.

    Raises NullBecauseError when it is of another type, or not allowed.
    """
    if value is None or value.__class__ is shape.quick:
        return value
    if shape.is_collection:
        items = value if isinstance(value, tuple) else (value,)
        run.spend(len(items))
        item_shape = replace(shape, is_collection=False, constraint=None)
        found: Any = tuple([fitted(item, item_shape, run) for item in items])
    else:
        found = _fitted_one(value, shape, run)
        _check(found, shape.allowed, run)
    _check(found, shape.constraint, run)
    return found


def _fitted_one(value: Any, shape: Shape, run: Run) -> Any:
    if shape.base is not None:
        return fitted(value, shape.base, run)
    if not shape.components:
        return coercion.converted(value, shape.type)
    only = value[0] if isinstance(value, tuple) and len(value) == 1 else value
    if not isinstance(only, dict):
        raise NullBecauseError("wrong_type", expected="context", kind=kinds.kind(value))
    known = {name: fitted(only[name], inner, run) for name, inner in shape.components if name in only}
    return {**only, **known}


def _check(value: Any, test: Test | None, run: Run) -> None:
    if test is None:
        return
    if test(value, Scope({"?": value}, None, run)) is not True:
        raise NullBecauseError("not_allowed_value", value=texts.short(value))


def allowed_values(text: str) -> Test | None:
    """Compile the text of allowed values; None when there are none. Raises UnableToParseError."""
    if not text:
        return None
    cell = expression.parse_cell(text)
    return None if cell.is_any else expression.compile_cell(cell, names=frozenset())


class Shapes:
    """The types of a model and of those it imports, by name."""

    def __init__(self, items: Iterable[ItemDefinition], imported: Mapping[str, Shapes]) -> None:
        self._items = {item.name: item for item in items}
        self._imported = imported
        self._known: dict[str, Shape] = {}
        self._pending: list[str] = []

    def of(self, type_ref: str) -> Shape:
        """Return the shape of a type's name; anything goes for a name that nobody knows."""
        if not type_ref:
            return ANYTHING
        if type_ref in self._known:
            return self._known[type_ref]
        if type_ref in self._items:
            return self._made(type_ref)
        if type_ref in kinds.BY_NAME:
            standard = kinds.BY_NAME[type_ref]
            self._known[type_ref] = Shape(type=standard, quick=_QUICK.get(standard))
            return self._known[type_ref]
        for prefix, shapes in self._imported.items():
            if type_ref.startswith(f"{prefix}."):
                return shapes.of(type_ref.removeprefix(f"{prefix}."))
        return ANYTHING

    def _made(self, name: str) -> Shape:
        if name in self._pending or len(self._pending) > _DEEPEST:
            return ANYTHING  # a type that contains itself is checked to its first level
        self._pending.append(name)
        found = self._shape(self._items[name], depth=0)
        self._pending.pop()
        self._known[name] = found
        return found

    def _shape(self, item: ItemDefinition, *, depth: int) -> Shape:
        if depth > _DEEPEST:
            return ANYTHING
        components = tuple((one.name, self._shape(one, depth=depth + 1)) for one in item.components)
        base = None if components or item.is_function or not item.type_ref else self.of(item.type_ref)
        if item.is_function:
            declared = tuple(self.of(type_ref).type for _, type_ref in item.parameters)
            one_type: Type = kinds.FunctionOf(declared, self.of(item.type_ref).type)
        elif components:
            one_type = kinds.ContextOf(tuple((name, inner.type) for name, inner in components))
        else:
            one_type = base.type if base is not None else kinds.ANY
        is_special = bool(item.is_collection or components or item.allowed or item.constraint)
        is_special = is_special or (base is not None and base.quick is None)
        return Shape(
            type=kinds.ListOf(one_type) if item.is_collection else one_type,
            quick=None if is_special else _QUICK.get(one_type),
            is_collection=item.is_collection,
            components=components,
            base=base,
            allowed=_tolerant(item.allowed),
            constraint=_tolerant(item.constraint),
        )

    def types(self) -> dict[str, Type]:
        """Return the type of every name, for ``instance of``."""
        own = {name: self.of(name).type for name in self._items}
        for prefix, shapes in self._imported.items():
            own |= {f"{prefix}.{name}": found for name, found in shapes.types().items()}
        return own

    def member_names(self) -> frozenset[str]:
        """Return the names of all components, for paths."""
        found: set[str] = set()
        pending = list(self._items.values())
        while pending:
            item = pending.pop()
            found.update(one.name for one in item.components)
            pending.extend(item.components)
        return frozenset(found).union(*(shapes.member_names() for shapes in self._imported.values()))


def _tolerant(text: str) -> Test | None:
    """Compile allowed values; a text that cannot be read allows nothing."""
    try:
        return allowed_values(text)
    except UnableToParseError:
        return lambda _value, _scope: False
