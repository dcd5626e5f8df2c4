"""A model that decides: requirements followed, each decision made once a run, every null with its reason.

Note [Scopes of a model]: an element sees exactly what it requires: facts and decisions as values, knowledge models
and services as functions; what comes from an imported model is inside a context with the import's name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradecredit.core.decision_tables import compiling, shapes
from tradecredit.core.decision_tables.compiling import Compiler
from tradecredit.core.decision_tables.graph import Graph
from tradecredit.core.decision_tables.model import (
    Decision,
    DecisionService,
    Definitions,
    Element,
    InputData,
    Key,
    KnowledgeModel,
    UnableToDecideError,
)
from tradecredit.core.decision_tables.tracing import DecisionTrace, Trace
from tradecredit.core.feel import expression
from tradecredit.core.feel.run import DEFAULT_LIMITS, NullBecauseError, Run, Scope
from tradecredit.core.feel.values import host, kinds
from tradecredit.core.feel.values.functions import Function, Parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradecredit.core.feel.compiling.compiler import Code
    from tradecredit.core.feel.run import Diagnostic, Limits, UnableToParseError
    from tradecredit.core.feel.values.kinds import Type


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a decision came to, why it or a part of it is null, and (when asked for) the trace."""

    value: Any
    diagnostics: tuple[Diagnostic, ...]
    trace: tuple[Trace, ...]


@dataclass(slots=True)
class _Session:
    """One run over one model: what is given, and what has been decided so far."""

    run: Run
    given: Mapping[Key, Any]
    decided: dict[Key, Any] = field(default_factory=dict)
    knowledge: dict[Key, Function] = field(default_factory=dict)


class Model:
    """A compiled model; immutable to its users, safe to share between threads.

    ``findings`` are the texts that could not be read, ``missing`` the references that lead nowhere.
    """

    def __init__(self, definitions: Definitions, *, imported: Iterable[Definitions] = ()) -> None:
        """Compile a model with those it imports; raises UnableToReadModelError when anything needs itself."""
        self.definitions = definitions
        self.findings: list[UnableToParseError] = []
        self._graph = Graph(definitions, imported)
        self._elements = self._graph.elements
        self.missing = self._graph.missing()
        self._own = {one.name: one for one in definitions.elements}
        self._shape_of = {
            key: self._graph.shapes(key.namespace).of(one.type_ref) for key, one in self._elements.items()
        }
        self._needed = {key: self._graph.needed_by(one) for key, one in self._elements.items()}
        self._fact_names = [
            (one.key, (f"{one.key.namespace}#{one.name}", one.name))
            for one in self._elements.values()
            if isinstance(one, InputData)
        ]
        self._compiled: dict[Key, Any] = {key: self._code(one) for key, one in self._elements.items()}

    def names_in(self, element: Decision | KnowledgeModel) -> dict[str, Type]:
        """Return what an element sees, by name, with its type as far as that is declared."""
        found: dict[str, Type] = {one.name: kinds.ANY for one in self.definitions.imports}
        for prefix, target in self._needed[element.key]:
            declared = kinds.FUNCTION if isinstance(target, KnowledgeModel | DecisionService) else None
            shape = self._shape_of[target.key]
            found[prefix or target.name] = kinds.ANY if prefix else declared or shape.type
        return found

    def type_of(self, element: Element, type_ref: str) -> Type:
        """Return the type that a text of an element names; Any when it names none."""
        return self._graph.shapes(element.key.namespace).of(type_ref).type

    def _compiler(self, element: Decision | KnowledgeModel) -> Compiler:
        names = {prefix or target.name for prefix, target in self._needed[element.key]}
        shapes_here = self._graph.shapes(element.key.namespace)
        types = self._graph.types(element.key.namespace)
        return Compiler(frozenset(names), self._graph.members, shapes_here, types, self.findings)

    def _code(self, element: Element) -> Code | None:
        match element:
            case Decision():
                compiler = self._compiler(element)
                return compiler.fitted(compiler.box(element.logic), element.type_ref)
            case KnowledgeModel() if element.function is not None:
                compiler = self._compiler(element)
                return compiling.function(
                    compiler, element.function, name=element.name, result_type=element.type_ref
                )
            case _:
                return None

    def decide(
        self,
        name: str,
        facts: Mapping[str, Any],
        *,
        now: Any = None,
        limits: Limits | None = None,
        is_traced: bool = False,
    ) -> Verdict:
        """Make a decision (or call a service) from facts by name; ``namespace#name`` tells imported ones apart.

        Raises UnableToDecideError when there is no such decision, UnableToEvaluateError beyond the limits.
        """
        element = self.named(name)
        if isinstance(element, DecisionService):
            return self.serve(name, facts, now=now, limits=limits)
        run = Run(now=now, limits=limits or DEFAULT_LIMITS, trace=[] if is_traced else None)
        session = _Session(run, self._given(facts))
        value = expression.guarded(lambda: self._value(element, session))
        return Verdict(value, tuple(run.diagnostics), tuple(run.trace or ()))

    def _given(self, facts: Mapping[str, Any]) -> dict[Key, Any]:
        """Return the facts by element: ``namespace#name`` says which, a plain name is taken for all of that name."""
        given = {}
        for key, names in self._fact_names:
            for name in names:
                if name in facts:
                    given[key] = host.from_host(facts[name])
                    break
        return given

    def serve(
        self, name: str, facts: Mapping[str, Any], *, now: Any = None, limits: Limits | None = None
    ) -> Verdict:
        """Call a decision service with its inputs by name, whether they are facts or decisions.

        Raises UnableToDecideError when there is no such service, UnableToEvaluateError beyond the limits.
        """
        element = self.named(name)
        if not isinstance(element, DecisionService):
            raise UnableToDecideError(name=name)
        run = Run(now=now, limits=limits or DEFAULT_LIMITS)
        given = {
            key: host.from_host(facts[name])
            for key in self._present(element.inputs)
            for name in (f"{key.namespace}#{self._elements[key].name}", self._elements[key].name)
            if name in facts
        }
        value = expression.guarded(lambda: self._serve(element, given, run))
        return Verdict(value, tuple(run.diagnostics), ())

    def named(self, name: str) -> Element:
        """Return an element of the model itself; raises UnableToDecideError when it has none of the name."""
        if name not in self._own:
            raise UnableToDecideError(name=name)
        return self._own[name]

    def _value(self, element: Element, session: _Session) -> Any:
        match element:
            case InputData():
                return self._fact(element, session)
            case Decision():
                return self._decision(element, session)
            case _:
                return self._function(element, session)

    def _fact(self, element: InputData, session: _Session) -> Any:
        if element.key not in session.given:
            session.run.report("missing_value", name=element.name)
            return None
        value, shape = session.given[element.key], self._shape_of[element.key]
        if shape is shapes.ANYTHING or value.__class__ is shape.quick:
            return value
        return compiling.fitted(value, shape, session.run)

    def _decision(self, element: Decision, session: _Session) -> Any:
        if element.key in session.decided:
            return session.decided[element.key]
        session.run.enter_call()
        scope = self._scope(element, session)
        before, session.run.element = session.run.element, element.name
        if element.logic is None:
            session.run.report("no_logic", name=element.name)
        value = self._compiled[element.key](scope)
        if session.run.trace is not None:
            session.run.trace.append(DecisionTrace(element=element.name, value=value))
        session.run.element = before
        session.run.leave_call()
        session.decided[element.key] = value
        return value

    def _scope(self, element: Decision | KnowledgeModel, session: _Session) -> Scope:
        values: dict[str, Any] = {}
        for prefix, target in self._needed[element.key]:
            if not prefix:
                values[target.name] = self._value(target, session)
            else:
                values.setdefault(prefix, {})[target.name] = self._value(target, session)
        for key in element.requires if self.missing else ():
            if key not in self._elements:
                session.run.report("unknown_reference", reference=f"{key.namespace}#{key.id}")
        return Scope(values, None, session.run)

    def _function(self, element: Element, session: _Session) -> Any:
        found = session.knowledge.get(element.key)
        if found is None:
            if isinstance(element, DecisionService):
                found = self._service_function(element)
            elif isinstance(element, KnowledgeModel) and self._compiled[element.key] is not None:
                found = self._compiled[element.key](self._scope(element, session))
            else:
                session.run.report("no_logic", name=element.name)
                return None
            session.knowledge[element.key] = found
        return found

    def _service_function(self, element: DecisionService) -> Function:
        inputs = [(self._elements[key], self._shape_of[key]) for key in self._present(element.inputs)]
        parameters = tuple(
            Parameter(one.name, None if shape is shapes.ANYTHING else shape.type) for one, shape in inputs
        )

        def call(run: Run, arguments: tuple[Any, ...]) -> Any:
            if len(arguments) != len(inputs):
                raise NullBecauseError("wrong_arguments", name=element.name, given=str(len(arguments)))
            given = {
                one.key: shapes.fitted(value, shape, run)
                for (one, shape), value in zip(inputs, arguments, strict=True)
            }
            run.enter_call()
            try:
                return self._serve(element, given, run)
            finally:
                run.leave_call()

        def call_named(run: Run, arguments: dict[str, Any]) -> Any:
            if set(arguments) != {parameter.name for parameter in parameters}:
                raise NullBecauseError("wrong_arguments", name=element.name, given=", ".join(arguments)[:80])
            return call(run, tuple(arguments[parameter.name] for parameter in parameters))

        result = self._shape_of[element.key].type
        return Function(
            name=element.name, parameters=parameters, result=result, call=call, call_named=call_named
        )

    def _present(self, keys: tuple[Key, ...]) -> tuple[Key, ...]:
        return tuple(key for key in keys if key in self._elements)

    def _serve(self, element: DecisionService, given: Mapping[Key, Any], run: Run) -> Any:
        """Make the service's decisions from its inputs alone."""
        session = _Session(run, given)
        for key in self._present(element.inputs):
            target = self._elements[key]
            if isinstance(target, Decision):
                if key not in given:
                    run.report("missing_value", name=target.name)
                session.decided[key] = compiling.fitted(given.get(key), self._shape_of[key], run)
        outputs = [self._elements[key] for key in self._present(element.outputs)]
        values = {one.name: self._value(one, session) for one in outputs}
        result = next(iter(values.values())) if len(values) == 1 else values
        return compiling.fitted(result, self._shape_of[element.key], run)
