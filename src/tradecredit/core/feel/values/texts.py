"""How values are written as text."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from tradecredit.core.feel.run import Limits, Run, UnableToEvaluateError
from tradecredit.core.feel.values import decimals
from tradecredit.core.feel.values.ranges import Range

_DEEPEST = 100
_FEW = 200  # pieces of a value that a message looks at


def text(value: Any, *, run: Run | None = None) -> str:
    """Write a value as ``string(…)`` does: texts bare on their own, quoted inside lists and contexts."""
    found = value if isinstance(value, str) else _inside(value, run or Run(), 0)
    if run is not None:
        run.check_size(len(found))
    return found


def short(value: Any, *, longest: int = 60) -> str:
    """Write a value for a message, cut to a readable length."""
    beginning = value[:longest] if isinstance(value, str) else value
    try:
        found = _inside(beginning, Run(limits=Limits(steps=_FEW)), 0)
    except UnableToEvaluateError:
        return "…"
    return found if len(found) <= longest else found[: longest - 1] + "…"


def _inside(value: Any, run: Run, depth: int) -> str:
    run.spend(1)
    if depth > _DEEPEST:
        raise UnableToEvaluateError("too_large", limit=str(_DEEPEST))
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case Decimal():
            return decimals.plain(value)
        case tuple():
            return "[" + ", ".join(_inside(item, run, depth + 1) for item in value) + "]"
        case dict():
            entries = (f"{_key(key)}: {_inside(item, run, depth + 1)}" for key, item in value.items())
            return "{" + ", ".join(entries) + "}"
        case Range():
            return _range(value, run, depth)
        case _:
            return str(value)


def _key(key: str) -> str:
    return key if key.replace(" ", "").replace("_", "").isalnum() else json.dumps(key, ensure_ascii=False)


def _range(value: Range, run: Run, depth: int) -> str:
    if value.sign:
        end = value.start if value.start is not None else value.end
        return f"({value.sign} {_inside(end, run, depth + 1)})"
    opening = "[" if value.includes_start else "("
    closing = "]" if value.includes_end else ")"
    return f"{opening}{_inside(value.start, run, depth + 1)} .. {_inside(value.end, run, depth + 1)}{closing}"
