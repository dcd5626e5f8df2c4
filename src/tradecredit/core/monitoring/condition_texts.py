"""Conditions of alert rules in the policy language: every rule is one text, whoever wrote it, and one engine answers it.

Note [Unknown is not no]
A signal that is not known, or of another type, makes a comparison unknown. So each comparison asks first what it was
given: the language alone would call "nothing = true" false.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.feel import writing, written

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from tradecredit.core.monitoring.signals import Signals

BEFORE: Final = "_before"
_SIGNS: Final = {"at_least": ">=", "more_than": ">", "at_most": "<=", "less_than": "<"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A comparison of one signal with values of the policy."""

    fact: str
    operator: str
    number: Decimal | None = None
    texts: tuple[str, ...] = ()


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
        if signal is not None:
            values |= {name: signal.value, name + BEFORE: signal.previous}
    asked = tuple(each for name in names for each in (name, name + BEFORE))
    found = written.value(text, asked, values)
    return found if isinstance(found, bool) else None


def names_in(text: str) -> tuple[str, ...]:
    """Return the signals that a text written by hand looks at; raises ValueError with what is wrong with it."""
    names = tuple(sorted({name.removesuffix(BEFORE) for name in written.names_in(text)}))
    if not names:
        raise ValueError("a condition looks at one signal at least")
    return names


def _text(condition: Condition) -> str:
    name = condition.fact
    match condition.operator:
        case "is_true":
            return f"if {name} instance of number then {name} != 0 else if {name} instance of boolean then {name} else null"
        case "equals" | "one_of":
            texts = ", ".join(writing.quoted(text) for text in condition.texts)
            return f"if {name} instance of string then {name} in ({texts}) else null"
        case "increased":
            before = _number(name + BEFORE)
            return f"{_number(name)} > (if ({before}) = null then 0 else {before})"
        case _:
            return f"{_number(name)} {_SIGNS[condition.operator]} {condition.number:f}"


def _number(name: str) -> str:
    """Return a signal as a number: yes counts as one."""
    return f"(if {name} instance of number then {name} else if {name} = true then 1 else if {name} = false then 0 else null)"
