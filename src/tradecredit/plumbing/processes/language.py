"""What a drawn process may run: conditions by the evaluator that the caller gives, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Evaluate = Callable[[str, Mapping[str, Any]], bool]


class ForbiddenInProcessError(RuntimeError):
    """A process asked to run a script or to call a service by itself: what looked it over should have refused it."""


class Conditions(PythonScriptEngine):  # type: ignore[misc] # the library is untyped
    """A script engine without scripts: conditions are put to the evaluator, everything else is refused."""

    def __init__(self, evaluate: Evaluate) -> None:
        super().__init__(environment=_Nothing())
        self._evaluate = evaluate

    def validate(self, expression: str) -> None:
        """Leave expressions to those who look the diagram over: they are no Python."""

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> bool:
        """Return whether a condition holds on the task's facts."""
        del external_context
        return self._evaluate(expression, task.data)

    def execute(self, task: Any, script: str, external_context: Any = None) -> None:
        """Refuse every script."""
        del external_context
        raise ForbiddenInProcessError(f"{task.task_spec.name}: scripts do not run here: {script[:60]!r}")

    def call_service(self, task: Any, **kwargs: Any) -> None:
        """Refuse every call: services are run by the caller, which knows the registered ones."""
        del kwargs
        raise ForbiddenInProcessError(f"{task.task_spec.name}: a process calls no service by itself")


class _Nothing:
    """An environment that does nothing: the library asks for one."""

    def evaluate(self, expression: str, context: Any, external_context: Any = None) -> None:
        del context, external_context
        raise ForbiddenInProcessError(f"no expression outside a condition: {expression[:60]!r}")

    def execute(self, script: str, context: Any, external_context: Any = None) -> None:
        del context, external_context
        raise ForbiddenInProcessError(f"scripts do not run here: {script[:60]!r}")

    def call_service(self, context: Any, **kwargs: Any) -> None:
        del context, kwargs
        raise ForbiddenInProcessError("a process calls no service by itself")
