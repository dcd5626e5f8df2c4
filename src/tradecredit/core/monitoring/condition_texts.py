"""Conditions of alert rules in the policy language: every rule is one text, whoever wrote it, and one engine answers it.

Note [Unknown is not no]
A signal that is not known, or of another type, makes a comparison unknown. So each comparison asks first what it was
given: the language alone would call "nothing = true" false.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.feel import expression, linting
from tradecredit.core.feel.parser.vocabulary import Vocabulary
from tradecredit.core.feel.run import Run, Scope, UnableToEvaluateError
from tradecredit.core.feel.values import host, kinds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradecredit.core.feel.compiling.compiler import Code
    from tradecredit.core.monitoring.signals import Signals
    from tradecredit.core.monitoring.triggers import Condition

BEFORE: Final = "_before"
_SIGNS: Final = {"at_least": ">=", "more_than": ">", "at_most": "<=", "less_than": "<"}


def joined(when: Iterable[Condition], unless: Iterable[Condition]) -> str:
    """Return a rule's conditions as one text: all of ``when``, and none of ``unless``."""
    wanted = " and ".join(f"({_text(part)})" for part in when)
    against = " or ".join(f"({_text(part)})" for part in unless)
    return f"if ({against}) = true then false else ({wanted})" if against else wanted


def answer(text: str, names: tuple[str, ...], signals: Signals) -> bool | None:
    """Return whether a text holds for the signals; None when what is known does not tell."""
    values: dict[str, Any] = {}
    for name in names:
        signal = signals.get(name)
        values[name] = None if signal is None else host.from_host(signal.value)
        values[name + BEFORE] = None if signal is None else host.from_host(signal.previous)
    try:
        found = expression.guarded(lambda: _code(text, names)(Scope(values, None, Run())))
    except UnableToEvaluateError:
        return None
    return found if isinstance(found, bool) else None


def names_in(text: str) -> tuple[str, ...]:
    """Return the signals that a text written by hand looks at; raises ValueError with what is wrong with it."""
    found = {
        text[note.start : note.end] for note in linting.lint(text, names={}) if note.code == "unknown_name"
    }
    names = tuple(sorted({name.removesuffix(BEFORE) for name in found}))
    known = {each: kinds.ANY for name in names for each in (name, name + BEFORE)}
    notes = linting.lint(text, names=known)
    if notes:
        raise ValueError(notes[0].words.en)
    if not names:
        raise ValueError("a condition looks at one signal at least")
    return names


@lru_cache(maxsize=1024)
def _code(text: str, names: tuple[str, ...]) -> Code:
    known = frozenset(each for name in names for each in (name, name + BEFORE))
    return expression.compile_node(expression.parse(text, vocabulary=Vocabulary(names=known)), names=known)


def _text(condition: Condition) -> str:
    name = condition.fact
    match condition.operator:
        case "is_true":
            return f"if {name} instance of number then {name} != 0 else if {name} instance of boolean then {name} else null"
        case "equals" | "one_of":
            texts = ", ".join(json.dumps(text, ensure_ascii=False) for text in condition.texts)
            return f"if {name} instance of string then {name} in ({texts}) else null"
        case "increased":
            before = _number(name + BEFORE)
            return f"{_number(name)} > (if ({before}) = null then 0 else {before})"
        case _:
            return f"{_number(name)} {_SIGNS[condition.operator]} {condition.number:f}"


def _number(name: str) -> str:
    """Return a signal as a number: yes counts as one."""
    return f"(if {name} instance of number then {name} else if {name} = true then 1 else if {name} = false then 0 else null)"
