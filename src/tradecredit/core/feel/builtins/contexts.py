"""Functions on contexts, ``not`` and ``is``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.core.feel.builtins import declaring
from tradecredit.core.feel.builtins.declaring import takes, way
from tradecredit.core.feel.values.kinds import BOOLEAN, CONTEXT, LIST, STRING, ContextOf, ListOf

if TYPE_CHECKING:
    from tradecredit.core.feel.run import Run

Context = dict[str, Any]

_MOST_KEYS = 100  # deeper contexts could not be read back


def _get_value(run: Run, context: Context, key: str) -> Any:
    if key not in context:
        run.report("no_such_entry", name=key[:60])
    return context.get(key)


def _get_inner_value(_run: Run, context: Context, keys: tuple[str, ...]) -> Any:
    if not keys:
        raise declaring.refused("get value", keys)
    found: Any = context
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _get_entries(run: Run, context: Context) -> tuple[Context, ...]:
    run.spend(len(context))
    return tuple({"key": key, "value": value} for key, value in context.items())


def _context(run: Run, entries: tuple[Any, ...]) -> Context:
    found: Context = {}
    run.spend(len(entries))
    for entry in entries:
        is_entry = (
            isinstance(entry, dict) and {"key", "value"} <= set(entry) and isinstance(entry["key"], str)
        )
        if not is_entry or entry["key"] in found:
            raise declaring.refused("context", entry)
        found[entry["key"]] = entry["value"]
    return found


def _put(run: Run, context: Context, key: str, value: Any) -> Context:
    run.spend(1 + len(context) // 8)
    return {**context, key: value}


def _put_inside(run: Run, context: Context, keys: tuple[str, ...], value: Any) -> Context:
    if not keys or len(keys) > _MOST_KEYS:
        raise declaring.refused("context put", keys)
    first, rest = keys[0], keys[1:]
    if not isinstance(first, str):
        raise declaring.refused("context put", keys)
    if not rest:
        return _put(run, context, first, value)
    inner = context.get(first)
    if not isinstance(inner, dict):
        raise declaring.refused("context put", inner)
    return _put(run, context, first, _put_inside(run, inner, rest, value))


def _merge(run: Run, contexts: tuple[Context, ...]) -> Context:
    found: Context = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise declaring.refused("context merge", context)
        run.spend(1 + len(context))
        found |= context
    return found


def _not(_run: Run, value: Any) -> bool | None:
    if value is None:
        return None
    if not isinstance(value, bool):
        raise declaring.refused("not", value)
    return not value


def _is(_run: Run, left: Any = None, right: Any = None) -> bool:
    return type(left) is type(right) and bool(left == right)


_CONTEXT, _KEYS = takes("context", CONTEXT), takes("keys", ListOf(STRING))

FUNCTIONS = declaring.family(
    {
        "get value": (
            way(_get_value, takes("m", CONTEXT), takes("key", STRING)),
            way(_get_inner_value, takes("m", CONTEXT), takes("keys", ListOf(STRING))),
            way(_get_value, _CONTEXT, takes("key", STRING)),
            way(_get_inner_value, _CONTEXT, _KEYS),
        ),
        "get entries": (way(_get_entries, takes("m", CONTEXT)), way(_get_entries, _CONTEXT)),
        "context": (way(_context, takes("entries", LIST)),),
        "context put": (
            way(_put, _CONTEXT, takes("key", STRING), takes("value")),
            way(_put_inside, _CONTEXT, _KEYS, takes("value")),
        ),
        "context merge": (way(_merge, takes("contexts", LIST)),),
        "not": (way(_not, takes("negand")),),
        "is": (way(_is, takes("value1", optional=True), takes("value2", optional=True)),),
    },
    {
        "get entries": ListOf(ContextOf((("key", STRING),))), "context": CONTEXT, "context put": CONTEXT,
        "context merge": CONTEXT, "not": BOOLEAN, "is": BOOLEAN,
    },
)  # fmt: skip
