"""The function ``range``, which reads a range from text: its ends are literals, never names or calculations."""

from __future__ import annotations

from typing import Any

from tradecredit.core.feel import tree
from tradecredit.core.feel.builtins import declaring
from tradecredit.core.feel.builtins.declaring import takes, way
from tradecredit.core.feel.parser import cells
from tradecredit.core.feel.parser.vocabulary import Names, Vocabulary
from tradecredit.core.feel.run import NullBecauseError, Run, UnableToParseError
from tradecredit.core.feel.values import comparison, reading
from tradecredit.core.feel.values.kinds import RANGE, STRING
from tradecredit.core.feel.values.ranges import Range

_READERS = {
    "date": reading.date,
    "time": reading.time,
    "date and time": reading.moment,
    "duration": reading.duration,
}
_NAMES = Names.of(_READERS)


def _range(_run: Run, text: str) -> Range:
    try:
        node = cells.expression(text, vocabulary=Vocabulary(), builtins=_NAMES)
    except UnableToParseError as error:
        raise NullBecauseError("bad_range") from error
    if not isinstance(node, tree.RangeOf):
        raise NullBecauseError("bad_range")
    start, end = _end(node.start), _end(node.end)
    if type(start) is not type(end) or comparison.less(end, start):
        raise NullBecauseError("bad_range")
    return Range(start, end, includes_start=node.includes_start, includes_end=node.includes_end)


def _end(node: tree.Node) -> Any:
    """Return the value of a literal, a negative number, or a call such as ``date("2026-03-02")``."""
    match node:
        case tree.Literal(value=value) if value is not None:
            return value
        case tree.Negation(operand=tree.Literal(value=value)):
            return -value
        case tree.Call(function=tree.Name(name=name), arguments=(tree.Literal(value=str(text)),), names=()):
            found = _READERS[name](text) if name in _READERS else None
            if found is not None:
                return found
    raise NullBecauseError("bad_range")


FUNCTIONS = declaring.family({"range": (way(_range, takes("from", STRING)),)}, {"range": RANGE})
