"""One run of an expression: what it may spend, what it has noticed, and what time it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel import messages
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.kernel.reasons import Words


class UnableToParseError(UnableToError):
    """The text is not an expression; ``start`` and ``end`` are offsets into it, ``line`` and ``column`` count from 1."""

    code = "feel_unreadable"

    def __init__(self, code: str, *, text: str = "", start: int = 0, end: int = 0, **facts: str) -> None:
        line = text.count("\n", 0, start) + 1
        column = start - (text.rfind("\n", 0, start) + 1) + 1
        super().__init__(messages.words(code, **facts), **facts)
        self.finding, self.text, self.start, self.end = code, text, start, end
        self.line, self.column = line, column


class UnableToEvaluateError(UnableToError):
    """The run was stopped because it wanted more steps, depth or room than it is allowed."""

    code = "feel_stopped"

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(messages.words(code, **facts), **facts)
        self.finding = code


class NullBecauseError(Exception):
    """Inside the engine: the value is null, for a reason that goes into the diagnostics."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of a source text: offsets, half open."""

    text: str
    start: int
    end: int

    @property
    def piece(self) -> str:
        """Return the text of the piece itself."""
        return self.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Why a value is null: a code with its facts, the piece of text, and the element of the model it stands in."""

    code: str
    facts: Mapping[str, str]
    place: Place | None
    element: str

    @property
    def words(self) -> Words:
        """The sentence; made when it is asked for, as most are never read."""
        return messages.words(self.code, **self.facts)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may spend; the defaults end a hostile expression well within a second."""

    steps: int = 100_000
    calls: int = 200
    size: int = 200_000
    diagnostics: int = 100


DEFAULT_LIMITS = Limits()


@dataclass(slots=True)
class Run:
    """The state of one run; made anew for each, never shared."""

    limits: Limits = DEFAULT_LIMITS
    now: Any = None
    steps: int = 0
    calls: int = 0
    element: str = ""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    trace: list[Any] | None = None

    def spend(self, steps: int) -> None:
        """Count steps; raises UnableToEvaluateError beyond the limit."""
        self.steps += steps
        if self.steps > self.limits.steps:
            raise UnableToEvaluateError("too_many_steps", limit=str(self.limits.steps))

    def check_size(self, size: int) -> None:
        """Count the making of a text or list, and refuse one of more than the allowed size before it is made."""
        self.spend(size >> 6)
        if size > self.limits.size:
            raise UnableToEvaluateError("too_large", limit=str(self.limits.size))

    def enter_call(self) -> None:
        """Count a nested call; raises UnableToEvaluateError beyond the limit."""
        self.calls += 1
        if self.calls > self.limits.calls:
            raise UnableToEvaluateError("too_many_calls")

    def leave_call(self) -> None:
        """End a nested call."""
        self.calls -= 1

    def report(self, code: str, place: Place | None = None, **facts: str) -> None:
        """Note why a value is null."""
        if len(self.diagnostics) < self.limits.diagnostics:
            self.diagnostics.append(Diagnostic(code, facts, place, self.element))


@dataclass(slots=True)
class Scope:
    """Names and their values, inside an outer scope."""

    values: dict[str, Any]
    outer: Scope | None
    run: Run
