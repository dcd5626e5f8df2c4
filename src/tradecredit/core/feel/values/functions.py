"""A function as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradecredit.core.feel.run import Run


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; ``type`` is a type of ``values.kinds`` or None when nothing is declared."""

    name: str
    type: Any = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Function:
    """What can be called: by position with a tuple, by name with a dict.

    ``takes`` tells, where it is known, whether so many arguments (or arguments of these names) may be given.
    """

    name: str
    parameters: tuple[Parameter, ...]
    result: Any
    call: Callable[[Run, tuple[Any, ...]], Any]
    call_named: Callable[[Run, dict[str, Any]], Any]
    takes: Callable[[int, set[str]], bool] | None = None

    def __str__(self) -> str:
        if "(" in self.name:
            return self.name  # one without a name is called by the beginning of its text
        return f"function {self.name}({', '.join(one.name for one in self.parameters)})"
