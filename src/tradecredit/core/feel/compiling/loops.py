"""``for``, ``some`` and ``every``."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel import tree
from tradecredit.core.feel.run import NullBecauseError, Run, Scope
from tradecredit.core.feel.values import days, decimals, kinds
from tradecredit.core.feel.values.days import Date
from tradecredit.core.feel.values.ranges import Range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tradecredit.core.feel.compiling.compiler import Code, Compiler


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    domain: Code
    end: Code | None


def _steps(compiler: Compiler, iterations: tuple[tree.Iteration, ...], known: set[str]) -> tuple[_Step, ...]:
    found = []
    for one in iterations:
        end = compiler.code(one.end) if one.end is not None else None
        found.append(_Step(one.name, compiler.code(one.domain), end))
        known.add(one.name)
    return tuple(found)


def steps_through(value: Any, end: Any, run: Run, *, is_pair: bool) -> Iterator[Any]:
    """Go through a list, a range, or from one whole number or day to another, up or down.

    Raises NullBecauseError when one cannot go through it.
    """
    if isinstance(value, Range) and not is_pair and not value.sign:
        yield from _through_range(value, run)
    elif is_pair:
        yield from _from_to(value, end, run)
    elif isinstance(value, tuple):
        yield from value
    elif value is None or isinstance(value, Range):
        raise NullBecauseError("not_iterable", kind=kinds.kind(value))
    else:
        yield value


def _through_range(value: Range, run: Run) -> Iterator[Any]:
    for one in _from_to(value.start, value.end, run):
        is_left_out = (one == value.start and not value.includes_start) or (
            one == value.end and not value.includes_end
        )
        if not is_left_out:
            yield one


def _from_to(start: Any, end: Any, run: Run) -> Iterator[Any]:
    first, last, back = _as_numbers(start, end)
    direction = 1 if first <= last else -1
    for number in range(first, last + direction, direction):
        run.spend(1)
        yield back(number)


def _as_numbers(start: Any, end: Any) -> tuple[int, int, Callable[[int], Any]]:
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        first, last = decimals.as_int(start), decimals.as_int(end)
        if first is not None and last is not None:
            return first, last, Decimal
    if isinstance(start, Date) and isinstance(end, Date):
        return days.epoch_day(start), days.epoch_day(end), days.from_epoch_day
    raise NullBecauseError("bad_range")


def _scopes(steps: tuple[_Step, ...], scope: Scope) -> Iterator[Scope]:
    """Yield a scope for each combination, the last iteration turning fastest."""
    if not steps:
        yield scope
        return
    first, rest = steps[0], steps[1:]
    end = first.end(scope) if first.end is not None else None
    for value in steps_through(first.domain(scope), end, scope.run, is_pair=first.end is not None):
        scope.run.spend(1)
        inner = Scope({**scope.values, first.name: value}, scope.outer, scope.run)
        yield from _scopes(rest, inner)


def _mentions_partial(node: Any) -> bool:
    return any(isinstance(one, tree.Name) and one.name == "partial" for one in tree.walk(node))


def each(compiler: Compiler, node: tree.For) -> Code:
    """Compile ``for … return``; ``partial`` is what has been returned so far."""
    with compiler.inside(()) as layer:
        steps = _steps(compiler, node.iterations, layer.names)
        layer.names.add("partial")
        body = compiler.code(node.body)
    needs_partial = _mentions_partial(node.body)

    def returned(scope: Scope) -> tuple[Any, ...] | None:
        found: list[Any] = []
        try:
            for inner in _scopes(steps, Scope({}, scope, scope.run)):
                if needs_partial:
                    scope.run.spend(len(found) // 16)
                    inner.values["partial"] = tuple(found)
                found.append(body(inner))
        except NullBecauseError as reason:
            scope.run.report(reason.code, node.place, **reason.facts)
            return None
        return tuple(found)

    return returned


def quantified(compiler: Compiler, node: tree.Quantified) -> Code:
    """Compile ``some`` and ``every``: one true (or false) decides, else an unknown makes the whole unknown."""
    with compiler.inside(()) as layer:
        steps = _steps(compiler, node.iterations, layer.names)
        body = compiler.code(node.body)
    deciding = not node.is_every

    def decided(scope: Scope) -> bool | None:
        verdict: bool | None = not deciding
        try:
            for inner in _scopes(steps, Scope({}, scope, scope.run)):
                found: object = body(inner)
                if found is deciding:
                    return deciding
                if not isinstance(found, bool):
                    verdict = None
                    if found is not None:
                        scope.run.report("wrong_condition", node.body.place, kind=kinds.kind(found))
        except NullBecauseError as reason:
            scope.run.report(reason.code, node.place, **reason.facts)
            return None
        return verdict

    return decided
