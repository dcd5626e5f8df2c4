"""The compiler's frame: which names are where, and one handler for each kind of node."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel.run import Place, Run, Scope, UnableToEvaluateError
from tradecredit.core.feel.tree import Name, Node

if TYPE_CHECKING:
    from tradecredit.core.feel.values.functions import Function

Code = Callable[[Scope], Any]
Handler = Callable[["Compiler", Any], Code]


@dataclass(frozen=True, slots=True)
class Layer:
    """The names of one scope; a dynamic one (a filter's item) has names that only the run knows."""

    names: set[str] = field(default_factory=set)
    is_dynamic: bool = False


class Compiler:
    """Turns nodes into code; the layers mirror the scopes that the code will be called with."""

    def __init__(
        self,
        *,
        handlers: Mapping[type[Node], Handler],
        builtins: Mapping[str, Function],
        names: Iterable[str],
    ) -> None:
        self._handlers = handlers
        self.builtins = builtins
        self._layers = [Layer(set(names))]

    def code(self, node: Node) -> Code:
        """Compile a node; raises UnableToEvaluateError when it is nested too deeply."""
        try:
            return self._handlers[type(node)](self, node)
        except RecursionError as error:
            raise UnableToEvaluateError("too_many_calls") from error

    @contextmanager
    def inside(self, names: Iterable[str], *, is_dynamic: bool = False) -> Iterator[Layer]:
        """Compile a part that will run in a scope of its own."""
        layer = Layer(set(names), is_dynamic)
        self._layers.append(layer)
        try:
            yield layer
        finally:
            self._layers.pop()

    def hops(self, name: str) -> int | None:
        """Return how many scopes out a name is; None when only the run can tell, or nobody knows the name."""
        for distance, layer in enumerate(reversed(self._layers)):
            if layer.is_dynamic:
                return None
            if name in layer.names:
                return distance
        return None

    def builtin(self, node: Node) -> Function | None:
        """Return the built-in function that a node names, unless something else could have the name."""
        if not isinstance(node, Name):
            return None
        if any(layer.is_dynamic or node.name in layer.names for layer in self._layers):
            return None
        return self.builtins.get(node.name)

    def suggestion(self, name: str) -> str:
        """Return a known name that looks like an unknown one, as a hint in brackets, or nothing."""
        known = set(self.builtins).union(*(layer.names for layer in self._layers))
        close = difflib.get_close_matches(name[:60], known, n=1)
        return f"（{close[0]}?）" if close else ""


def name(compiler: Compiler, node: Name) -> Code:
    """Compile the look-up of a name."""
    wanted, place = node.name, node.place
    hops = compiler.hops(wanted)
    match hops:
        case 0:
            return _near(wanted, place)
        case 1:
            return lambda scope: _found(scope.outer.values, scope.run, wanted, place)  # type: ignore[union-attr] # one layer out is there by construction
        case None:
            return _searched(compiler, wanted, place)
        case _:
            return _from_afar(wanted, hops, place)


def _near(wanted: str, place: Place) -> Code:
    def look(scope: Scope) -> Any:
        try:
            return scope.values[wanted]
        except KeyError:
            scope.run.report("missing_value", place, name=wanted)
            return None

    return look


def _found(values: dict[str, Any], run: Run, wanted: str, place: Place) -> Any:
    try:
        return values[wanted]
    except KeyError:
        run.report("missing_value", place, name=wanted)
        return None


def _from_afar(wanted: str, hops: int, place: Place) -> Code:
    def look(scope: Scope) -> Any:
        found: Scope = scope
        for _ in range(hops):
            found = found.outer  # type: ignore[assignment] # the layers out are there by construction
        return _found(found.values, scope.run, wanted, place)

    return look


def _searched(compiler: Compiler, wanted: str, place: Place) -> Code:
    builtin = compiler.builtins.get(wanted)
    hint = compiler.suggestion(wanted) if builtin is None else ""

    def search(scope: Scope) -> Any:
        found: Scope | None = scope
        while found is not None:
            if wanted in found.values:
                return found.values[wanted]
            found = found.outer
        if builtin is None:
            scope.run.report("unknown_name", place, name=wanted, hint=hint)
        return builtin

    return search
