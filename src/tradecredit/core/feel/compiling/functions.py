"""Functions written in the language, and calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.core.feel.run import NullBecauseError, Place, Run, Scope
from tradecredit.core.feel.values import coercion, kinds
from tradecredit.core.feel.values.functions import Function, Parameter

if TYPE_CHECKING:
    from tradecredit.core.feel import tree
    from tradecredit.core.feel.compiling.compiler import Code, Compiler


def definition(compiler: Compiler, node: tree.FunctionDefinition) -> Code:
    """Compile ``function(a, b) body``; the function remembers the scope that it was made in."""
    parameters = tuple(Parameter(name, wanted) for name, wanted in node.parameters)
    if node.body is None:
        return lambda _scope: _external(parameters)
    with compiler.inside(dict(node.parameters)):
        body = compiler.code(node.body)
    text = node.place.piece[:40]

    def made(scope: Scope) -> Function:
        return of_code(name=text, parameters=parameters, body=body, scope=scope, result=None)

    return made


def of_code(
    *, name: str, parameters: tuple[Parameter, ...], body: Code, scope: Scope, result: kinds.Type | None
) -> Function:
    """Return a function whose body is compiled code, to be run in a scope of its own inside ``scope``."""

    def call(run: Run, arguments: tuple[Any, ...]) -> Any:
        if len(arguments) != len(parameters):
            raise NullBecauseError("wrong_arguments", name=name, given=str(len(arguments)))
        values = {
            parameter.name: coercion.argument(value, parameter, function=name)
            for parameter, value in zip(parameters, arguments, strict=True)
        }
        run.spend(3)
        run.enter_call()
        try:
            return body(Scope(values, scope, run))
        finally:
            run.leave_call()

    return Function(
        name=name,
        parameters=parameters,
        result=result,
        call=call,
        call_named=_by_name(name, parameters, call),
    )


def _by_name(name: str, parameters: tuple[Parameter, ...], call: Any) -> Any:
    def call_named(run: Run, arguments: dict[str, Any]) -> Any:
        if set(arguments) != {parameter.name for parameter in parameters}:
            raise NullBecauseError("wrong_arguments", name=name, given=", ".join(arguments)[:80])
        return call(run, tuple(arguments[parameter.name] for parameter in parameters))

    return call_named


def _external(parameters: tuple[Parameter, ...]) -> Function:
    def refuse(_run: Run, _arguments: Any) -> Any:
        raise NullBecauseError("external_function")

    return Function(name="external", parameters=parameters, result=None, call=refuse, call_named=refuse)


def call(compiler: Compiler, node: tree.Call) -> Code:
    """Compile a call, of a built-in or of whatever the expression before the parenthesis gives."""
    arguments = tuple(compiler.code(argument) for argument in node.arguments)
    names, place = node.names, node.place
    known = compiler.builtin(node.function)
    if known is not None:
        return lambda scope: _called(known, arguments, names, scope, place)
    function = compiler.code(node.function)

    def called(scope: Scope) -> Any:
        found = function(scope)
        if not isinstance(found, Function):
            scope.run.report("not_a_function", place, kind=kinds.kind(found))
            return None
        return _called(found, arguments, names, scope, place)

    return called


def _called(
    function: Function, arguments: tuple[Code, ...], names: tuple[str, ...], scope: Scope, place: Place
) -> Any:
    values = tuple([argument(scope) for argument in arguments])
    try:
        if names:
            return function.call_named(scope.run, dict(zip(names, values, strict=True)))
        return function.call(scope.run, values)
    except NullBecauseError as reason:
        scope.run.report(reason.code, place, **reason.facts)
        return None
