"""How a built-in function is declared: its parameters by name and type, so that calls are checked in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel.run import NullBecauseError, Run
from tradecredit.core.feel.values import coercion, kinds, texts
from tradecredit.core.feel.values.functions import Function, Parameter

if TYPE_CHECKING:
    from tradecredit.core.feel.values.kinds import Type

Implementation = Callable[..., Any]


_OPEN = "*"


@dataclass(frozen=True, slots=True)
class Argument:
    """One parameter of a built-in; ``type`` None takes anything, a list type takes one item for a list of it."""

    name: str
    type: Type | None = None
    is_optional: bool = False
    takes_null: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One way to call a built-in; ``is_open`` collects all arguments into one list."""

    arguments: tuple[Argument, ...]
    implementation: Implementation
    is_open: bool = False

    @property
    def required(self) -> int:
        """The number of arguments that must be given."""
        return sum(not argument.is_optional for argument in self.arguments)

    def takes_count(self, count: int) -> bool:
        """Return whether so many arguments may be given by position."""
        return self.is_open or self.required <= count <= len(self.arguments)

    def takes_names(self, names: set[str]) -> bool:
        """Return whether arguments of these names may be given; one list is named, several open arguments are not."""
        if self.is_open and len(self.arguments) > 1:
            return False
        required = {one.name for one in self.arguments if not one.is_optional}
        return required <= names <= {one.name for one in self.arguments}

    def by_position(self, values: tuple[Any, ...]) -> dict[str, Any]:
        """Return arguments given by position under their names."""
        if self.is_open:
            return {_OPEN: values}
        return dict(zip((one.name for one in self.arguments), values, strict=False))


def takes(name: str, wanted: Type | None = None, *, optional: bool = False, null: bool = False) -> Argument:
    """Declare one parameter."""
    return Argument(name, wanted, optional, null or wanted is None)


def way(implementation: Implementation, *arguments: Argument, is_open: bool = False) -> Signature:
    """Declare one way to call a function: the implementation gets the run and the checked arguments."""
    return Signature(arguments=arguments, implementation=implementation, is_open=is_open)


def family(
    functions: Mapping[str, tuple[Signature, ...]], results: Mapping[str, Type]
) -> dict[str, Function]:
    """Make the functions of a family."""
    return {name: _function(name, ways, results.get(name)) for name, ways in functions.items()}


def _function(name: str, ways: tuple[Signature, ...], result: Type | None) -> Function:
    def call(run: Run, values: tuple[Any, ...]) -> Any:
        fitting = [(one, one.by_position(values)) for one in ways if one.takes_count(len(values))]
        return _first_fit(name, fitting, run, given=str(len(values)))

    def call_named(run: Run, values: dict[str, Any]) -> Any:
        fitting = [(one, values) for one in ways if one.takes_names(set(values))]
        return _first_fit(name, fitting, run, given=", ".join(values)[:80])

    def is_taken(count: int, names: set[str]) -> bool:
        return any(one.takes_names(names) if names else one.takes_count(count) for one in ways)

    parameters = tuple(Parameter(one.name, one.type) for one in ways[0].arguments)
    return Function(
        name=name, parameters=parameters, result=result, call=call, call_named=call_named, takes=is_taken
    )


def _first_fit(name: str, ways: list[tuple[Signature, dict[str, Any]]], run: Run, *, given: str) -> Any:
    """Call the first way whose types fit; raises the first way's refusal when none does."""
    run.spend(2)
    refusal = NullBecauseError("wrong_arguments", name=name, given=given)
    for place, (signature, values) in enumerate(ways):
        try:
            return _tried(name, signature, values, run)
        except _DoesNotFitError as error:
            refusal = error.refusal if place == 0 else refusal
    raise refusal


class _DoesNotFitError(Exception):
    """The arguments are not of the types of this way; another may fit."""

    def __init__(self, refusal: NullBecauseError) -> None:
        super().__init__()
        self.refusal = refusal


def _tried(name: str, signature: Signature, given: dict[str, Any], run: Run) -> Any:
    if _OPEN in given:
        return signature.implementation(run, given[_OPEN])
    checked = {
        place: _checked(name, argument, given[argument.name])
        for place, argument in enumerate(signature.arguments)
        if argument.name in given
    }
    values = [checked.get(place) for place in range(max(checked, default=-1) + 1)]
    run.spend(sum(_weight(value, 10) for value in values))
    found = signature.implementation(run, *values)
    run.spend(_weight(found, 6))
    return found


def _weight(value: Any, shift: int) -> int:
    """Return what a value counts as work: next to nothing unless it is a long text or list."""
    return len(value) >> shift if isinstance(value, str | tuple) else 0


def _checked(function: str, argument: Argument, value: Any) -> Any:
    if argument.type is None or (value is None and argument.takes_null):
        return value
    try:
        found = coercion.converted(value, argument.type)
    except NullBecauseError:
        found = None
    if found is None:
        raise _DoesNotFitError(
            NullBecauseError(
                "wrong_argument_type",
                name=function,
                parameter=argument.name,
                expected=kinds.name_of(argument.type),
                kind=kinds.kind(value),
            )
        )
    return found


def refused(function: str, value: Any) -> NullBecauseError:
    """Return the error for an argument of the right type with a value that the function does not accept."""
    return NullBecauseError("wrong_argument_value", name=function, value=texts.short(value))
