"""Texts that people write into a policy: looked over once for the names they use, then asked many times."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel import expression, linting
from tradecredit.core.feel.parser.vocabulary import Vocabulary
from tradecredit.core.feel.run import Run, Scope, UnableToEvaluateError
from tradecredit.core.feel.values import host, kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.feel.compiling.compiler import Code
    from tradecredit.core.feel.values.kinds import Type


def names_in(text: str, *, known: Mapping[str, Type] | None = None) -> tuple[str, ...]:
    """Return the names that a text uses, sorted; without ``known`` any name may be used.

    Raises ValueError with what is wrong with the text: where it cannot be read, an unknown name, types that do not fit.
    """
    notes = linting.lint(text, names={})
    used = tuple(sorted({text[note.start : note.end] for note in notes if note.code == "unknown_name"}))
    types = dict.fromkeys(used, kinds.ANY) if known is None else known
    wrong = linting.lint(text, names=types)
    if wrong:
        raise ValueError(wrong[0].words.en)
    return used


def value(text: str, names: tuple[str, ...], values: Mapping[str, Any]) -> Any:
    """Return what a text comes to with these values; what is not among them is unknown, and so is too much work."""
    given = {name: host.from_host(values.get(name)) for name in names}
    try:
        return expression.guarded(lambda: _code(text, names)(Scope(given, None, Run())))
    except UnableToEvaluateError:
        return None


@lru_cache(maxsize=2048)
def _code(text: str, names: tuple[str, ...]) -> Code:
    known = frozenset(names)
    return expression.compile_node(expression.parse(text, vocabulary=Vocabulary(names=known)), names=known)
