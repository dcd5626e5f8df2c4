"""A decision model as it is written: elements with their names, types and requirements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tradecredit.core.feel import messages
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from tradecredit.core.decision_tables.boxes import Box, Function


class UnableToReadModelError(UnableToError):
    """The text is not a decision model that can be used."""

    code = "model_unreadable"

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(messages.words(code, **facts), **facts)
        self.finding = code


class UnableToDecideError(UnableToError):
    """The model has no such decision or service."""

    code = "decision_unknown"

    def __init__(self, *, name: str) -> None:
        super().__init__(messages.words("unknown_decision", name=name), name=name)


class Key(NamedTuple):
    """What tells an element from all others, also of imported models."""

    namespace: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDefinition:
    """A type of the model: a base with allowed values, or components, or a function."""

    name: str
    type_ref: str = ""
    is_collection: bool = False
    allowed: str = ""
    constraint: str = ""
    components: tuple[ItemDefinition, ...] = ()
    is_function: bool = False
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData:
    """A fact that is given from outside."""

    key: Key
    name: str
    type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is decided, from what (``requires``), by which logic."""

    key: Key
    name: str
    type_ref: str = ""
    requires: tuple[Key, ...] = ()
    logic: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeModel:
    """Logic under a name, to be called by decisions."""

    key: Key
    name: str
    type_ref: str = ""
    requires: tuple[Key, ...] = ()
    function: Function | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionService:
    """Some decisions as one function: ``inputs`` are its parameters, in order."""

    key: Key
    name: str
    type_ref: str = ""
    outputs: tuple[Key, ...] = ()
    encapsulated: tuple[Key, ...] = ()
    inputs: tuple[Key, ...] = ()


Element = InputData | Decision | KnowledgeModel | DecisionService


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Another model, under a name."""

    name: str
    namespace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """A whole model."""

    name: str
    namespace: str
    imports: tuple[Import, ...] = ()
    items: tuple[ItemDefinition, ...] = ()
    elements: tuple[Element, ...] = ()
