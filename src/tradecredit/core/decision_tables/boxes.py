"""Boxed expressions, as a decision model holds them: frozen values, nothing evaluated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """One expression of the language."""

    text: str
    type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of a boxed context; ``name`` is empty for the one that is the result."""

    name: str
    type_ref: str
    box: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Named entries, each knowing those before it."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A call with its parameters by name."""

    function: Box | None
    bindings: tuple[tuple[str, Box | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """A list of boxes."""

    items: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A table of boxes: a list of contexts with the same entries."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Box, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function; ``is_external`` when it is not written in the language (and so never called)."""

    parameters: tuple[tuple[str, str], ...]
    body: Box | None
    is_external: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional:
    """If, then, else."""

    condition: Box | None
    yes: Box | None
    no: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Iterator:
    """``kind`` is for, some or every."""

    kind: str
    variable: str
    domain: Box | None
    body: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """The items of a list for which a condition holds."""

    source: Box | None
    condition: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InputClause:
    """A column of conditions; ``values`` are the allowed ones, as a cell's text."""

    label: str
    expression: str
    type_ref: str = ""
    values: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputClause:
    """A column of outputs; ``values`` are the allowed ones in order of priority, as a cell's text."""

    name: str
    type_ref: str = ""
    values: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row: the texts of its cells."""

    tests: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A decision table; ``hit_policy`` and ``aggregation`` are DMN's words."""

    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    hit_policy: str = "UNIQUE"
    aggregation: str = ""


Box = Literal | Context | Invocation | List | Relation | Function | Conditional | Iterator | Filter | Table
